"""When two addresses are one person's: in which forms one may be written."""

import pytest

from adapters.identity import list_email_forms

DECOMPOSED = "jose\u0301"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("josé@x.example", f"{DECOMPOSED}@x.example"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@bu\u0308cher.example", "A@XN--BCHER-KVA.example"),
        ("a@\uff58.example", "a@x.example"),
        ("a@x.example.", "a@x.example"),
        (f"{DECOMPOSED}@xn--bcher-kva.example", "josé@bücher.example"),
    ],
)
def test_one_address_is_found_however_it_is_written(one: str, other: str) -> None:
    """Broken, who has opted out in one form would get mail in another."""
    assert set(list_email_forms(one)) & {other.lower()}
    assert list_email_forms(one)[0] == one


@pytest.mark.parametrize("plain", ["kim+shop@x.example", "k.i.m@x.example", "nobody", "a@b@c.de"])
def test_an_ordinary_address_is_only_itself(plain: str) -> None:
    """Broken, every look-up would take several calls, or find somebody else."""
    assert list_email_forms(f" {plain.upper()} ") == (plain,)


@pytest.mark.parametrize("strange", ["é", "@", "é@", "a@..", "a@xn--é", f"a@{'ü' * 80}.de", f"a@{'ü.' * 9000}de"])
def test_what_is_no_address_is_only_looked_for_as_it_is(strange: str) -> None:
    """Broken, a strange address would break the look-up, or take long."""
    assert list_email_forms(strange)[0] == strange
