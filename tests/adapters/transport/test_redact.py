"""What may be shown of a call and repeated of a vendor's words."""

import pytest

from adapters.transport.redact import build_loggable_url, hide_secrets, hide_values, sanitize_message


def test_secret_parameters_show_as_redacted_wherever_they_stand():
    """Whether the vendor's code added one by mistake or the client will add it last."""
    assert build_loggable_url("/x/", (("a", "1 2"),), ("auth",)) == "/x/?a=1%202&auth=REDACTED"
    assert build_loggable_url("/x/", (("auth", "oops"), ("a", "1")), ("auth",)) == "/x/?auth=REDACTED&a=1"
    assert build_loggable_url("/x/", (), ()) == "/x/"


def test_values_can_be_hidden_too():
    """Readers without the pii scope see the shape of a call, not whom it asks for."""
    url = "/subscriber/?query=email-eq-jo%40x.example&limit=5&auth=REDACTED"

    assert hide_values(url) == "/subscriber/?query=REDACTED&limit=REDACTED&auth=REDACTED"
    assert hide_values("/subscriber/7") == "/subscriber/7"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Invalid field: emial", "Invalid field: emial"),
        ("<html><head><title>x</title></head><body>No<br/>such  list</body></html>", "No such list"),
        ("<script>alert(1)</script>bad", "bad"),
        ("&lt;b&gt;bold&lt;/b&gt; &amp; x", "bold & x"),
        ("see https://edm2.taguchimail.com/admin?auth=x for help", "see for help"),
        ("see www.example.com/x", "see"),
        ("auth=abc|def refused", "auth=REDACTED refused"),
        ("bad token: c73d08de890479518ed60cf670d17faa", "bad token: REDACTED"),
        ("no user c73d08de890479518ed60cf670d17faa", "no user REDACTED"),
        ("the key field is basically missing", "the key field is basically missing"),
        ("Authorization: Bearer abc.def", "Authorization: REDACTED"),
        ("sent bearer abc.def", "sent bearer REDACTED"),
        ("a\x00b\x1b[31mc\r\nd\u202ee\ufefff", "a b [31mc d e f"),
        ("", None),
        ("<p> </p>", None),
    ],
)
def test_a_vendor_s_message_becomes_one_clean_line(text, shown):
    """Nothing of markup, addresses, secrets or control characters reaches a caller."""
    assert sanitize_message(text) == shown


def test_a_vendor_s_message_is_short():
    """A page of text is not a message."""
    shown = sanitize_message("word " * 100_000)

    assert shown is not None
    assert (len(shown), shown[-1]) == (200, "…")


@pytest.mark.parametrize(
    "text",
    [
        "<" * 100_000,
        "<script>" * 20_000,
        "auth " * 20_000,
        "a:" * 50_000,
        "a." * 50_000,
        "1" * 10_000,
        "a" * 10_000,
        "&lt;" * 50_000,
    ],
)
def test_a_hostile_message_is_cleaned_quickly(text):
    """The patterns must not run away on a message made to slow them."""
    import time

    started = time.process_time()
    sanitize_message(text)
    assert time.process_time() - started < 0.2


def test_our_own_secrets_are_taken_out_in_every_usual_form():
    """Vendors print the request they refuse, quoted in the way of their page."""
    secret = 'us&r|p+w"é'
    page = (
        b'us&r|p+w"\xc3\xa9 us%26r%7Cp%2Bw%22%C3%A9 us&amp;r|p+w&quot;\xc3\xa9 us&r|p+w\\"\\u00e9 us&r|p+w\\"\xc3\xa9'
    )

    assert hide_secrets(page, (secret,)) == b"REDACTED REDACTED REDACTED REDACTED REDACTED"
    assert hide_secrets(b"us%2526r%257Cp%252Bw%2522%25C3%25A9", (secret,)) == b"REDACTED", "quoted twice"
    assert hide_secrets(b"us%26r%7cp%2bw%22%c3%a9", (secret,)) == b"REDACTED", "quoted in small letters"
    assert hide_secrets(b'user me: p+w"', ('me|p+w"', 'p+w"')) == b"user me: REDACTED", "a part alone"
    assert hide_secrets(b"abc", ("",)) == b"abc"
