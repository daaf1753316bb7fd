"""Evidence of a check: whose it is, and the form it is kept in."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from adapters.contract import SourceSettings
from adapters.evidence import NOTHING_FOUND, Evidence, Finding, Verdict, fingerprint, parse_evidence, print_evidence

FINDING = Finding("hat_colour", "Hats are red", Verdict.PROVEN, ("hat?",), "One red hat.", "Nothing.", 7)
EVIDENCE = Evidence("acme", fingerprint("https://acme.example/1"), datetime(2026, 3, 1, tzinfo=UTC), (FINDING,))


class AcmeSettings(SourceSettings, frozen=True):
    """A vendor that does not say what its account is."""

    base_url: str
    key: SecretStr


def test_what_is_kept_is_what_was_found() -> None:
    """A finding would come back as another."""
    assert parse_evidence(print_evidence({"shop": EVIDENCE})) == {"shop": EVIDENCE}


def test_findings_are_of_one_vendor_and_one_account() -> None:
    """One account's habits would be believed of another."""
    assert EVIDENCE.find("acme", EVIDENCE.account) == {"hat_colour": FINDING}
    assert EVIDENCE.find("acme", fingerprint("https://acme.example/2")) is NOTHING_FOUND
    assert EVIDENCE.find("emca", EVIDENCE.account) is NOTHING_FOUND


def test_a_fingerprint_does_not_tell_the_address() -> None:
    """The evidence is shown around; the address of an account is the operator's."""
    assert "acme" not in EVIDENCE.account
    assert fingerprint("https://acme.example/1") == EVIDENCE.account


def test_an_account_is_told_by_its_settings_without_their_secrets() -> None:
    """A vendor that says nothing would share one mark among all accounts, or put its secret into one."""
    one, other = (AcmeSettings(vendor="acme", base_url=url, key=SecretStr("hunter2")) for url in ("a", "b"))

    assert one.account != other.account
    assert "hunter2" not in one.account


@pytest.mark.parametrize("text", [b"", b"\xff", b"null", b'{"version": 1}', b'{"version": 9, "sources": {}}'])
def test_anything_else_is_refused(text: bytes) -> None:
    """A damaged file would count as findings."""
    with pytest.raises(ValueError, match=r"not what a check writes|another version"):
        parse_evidence(text)
