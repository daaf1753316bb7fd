"""Texts with inline credentials: what tells a user or a password goes, the rest stays."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.credentials import hide_credentials, hide_credentials_in_xml, hide_in_plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("file:///tmp/example.tsv", "file:///tmp/example.tsv"),
        ("/tmp/example.tsv", "/tmp/example.tsv"),  # noqa: S108 - a text, no file
        ("https://files.example.com/a.tsv", "https://files.example.com/a.tsv"),
        ("https://files.example.com/a@b.tsv", "https://files.example.com/a@b.tsv"),
        ("https://files.example.com:8443/a.tsv", "https://files.example.com:8443/a.tsv"),
        ("ftp://user:12/34@host/a.tsv", "ftp://REDACTED@host/a.tsv"),
        ("ftp://user:p@/ss@host/a.tsv", "ftp://REDACTED@host/a.tsv"),
        ("ftp://user:password@host/a.tsv", "ftp://REDACTED@host/a.tsv"),
        ("FTP://user:password@host/a.tsv", "FTP://REDACTED@host/a.tsv"),
        ("ftp://user@host/a.tsv", "ftp://REDACTED@host/a.tsv"),
        ("ftp://user:p@ss@host:21/a.tsv", "ftp://REDACTED@host:21/a.tsv"),
        ("ftp://user:pa/ss@host/a.tsv", "ftp://REDACTED@host/a.tsv"),
        ("ftp://user:pa?ss@host/a.tsv", "ftp://REDACTED@host/a.tsv"),
        ("ftp://user:pa#ss@host/a.tsv", "ftp://REDACTED@host/a.tsv"),
        ("ftp://user:pa ss@host/a.tsv", "ftp://REDACTED@host/a.tsv"),
        ("ftp://user:pa//ss@host/a.tsv", "ftp://REDACTED@host/a.tsv"),
        ('ftp://user:pa"ss@host/a.tsv', "ftp://REDACTED@host/a.tsv"),
        ("ftp://user:ht://ss@host/a.tsv", "ftp://REDACTED@host/a.tsv"),
        ("from ftp://a.example.com and ftp://user:pw@b", "from ftp://a.example.com and ftp://REDACTED@b"),
        ("//user:password@host/a.tsv", "//REDACTED@host/a.tsv"),
        ("ftp://user:password@[::1]/a.tsv", "ftp://REDACTED@[::1]/a.tsv"),
        ("https://host/a?token=secret&list=1#top", "https://host/a?token=REDACTED&list=REDACTED#top"),
        ("https://host/a?flag", "https://host/a?flag"),
        ("copied from ftp://user:password@host/a.tsv", "copied from ftp://REDACTED@host/a.tsv"),
        ("someone@example.org", "someone@example.org"),
        ("", ""),
    ],
)
def test_credentials_are_hidden(text: str, expected: str) -> None:
    """A password to a file server would be shown to everyone who may read imports."""
    assert expected == hide_credentials(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<source href="ftp://user:pw@host/a"/>', '<source href="ftp://REDACTED@host/a"/>'),
        ("<source href='ftp://user:pw@host/a'/>", "<source href='ftp://REDACTED@host/a'/>"),
        ('<source href="ftp://user&#58;pw&#x40;host/a"/>', '<source href="ftp://REDACTED@host/a"/>'),
        ('<source href="ftp://user:p&quot;w@host/a"/>', '<source href="ftp://REDACTED@host/a"/>'),
        ('<source href="http://h/?a=1&amp;b=2"/>', '<source href="http://h/?a=REDACTED&amp;b=REDACTED"/>'),
        ("<!-- don't --><a href='ftp://user:p w@host'/>", "<!-- don't --><a href='ftp://REDACTED@host'/>"),
        ("<a>ftp://user:pw@host</a>", "<a>ftp://REDACTED@host</a>"),
        ('<a b="&lt;c&gt;">&amp;</a>', '<a b="&lt;c&gt;">&amp;</a>'),
    ],
)
def test_credentials_are_hidden_in_xml(text: str, expected: str) -> None:
    """The raw manifest would tell what the typed one hides."""
    assert expected == hide_credentials_in_xml(text)


@settings(max_examples=1000, deadline=None)
@given(
    st.text("ab:/\\@?#&=%<>'\" ~", max_size=8).map(lambda text: f"S3CRET{text}S3CRET"),
    st.sampled_from(["ftp", "https", "sftp"]),
    st.sampled_from(['"', "'"]),
)
def test_no_password_survives(password: str, scheme: str, quote: str) -> None:
    """Whatever a password is made of, a part of it would be shown."""
    href = f"{scheme}://loader:{password}@files.example.com/a.tsv"
    manifest = f"<manifest><source href={quote}{html.escape(href)}{quote}/></manifest>"

    assert "S3CRET" not in hide_credentials(href)
    assert "S3CRET" not in hide_credentials_in_xml(manifest)


def test_long_texts_take_no_time() -> None:
    """A manifest made for it would hold up everybody's requests."""
    text = "a.a-" * 50_000 + "//" * 50_000 + "ftp://" * 20_000

    assert not re.search("password", hide_credentials(text))
    assert hide_credentials_in_xml(text)


def test_credentials_are_hidden_wherever_they_stand() -> None:
    """A password would be kept because it stands in a list in an object."""
    href = "ftp://user:pw@host/a"
    given = {"a": [{"href": href}, 1, None], "xml": f' <m><s href="{href}"/></m>', "b": (href,)}
    hidden = "ftp://REDACTED@host/a"

    assert hide_in_plain(given) == {
        "a": [{"href": hidden}, 1, None],
        "xml": f' <m><s href="{hidden}"/></m>',
        "b": [hidden],
    }
