"""
Judging and correcting e-mail addresses.

Source: sendios-faq.txt, 9; vendors/facts.md, 4.4: reasons, and what is corrected (domain typos, look-alike Cyrillic
letters, stray characters). Which domains have a mail server is made up but for the guide's own example, `Example.com`,
which has none.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

TYPOS: Final[Mapping[str, str]] = {
    "gmial.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmail.con": "gmail.com",
    "yaho.com": "yahoo.com",
    "hotmial.com": "hotmail.com",
}
VENDORS: Final[Mapping[str, str]] = {
    "gmail.com": "Google",
    "yahoo.com": "Yahoo",
    "hotmail.com": "Microsoft",
    "outlook.com": "Microsoft",
    "icloud.com": "Apple",
}
NO_MAIL_SERVER: Final = frozenset({"example.com", "example.org"})
BLACKLISTED: Final = frozenset({"mailinator.com"})
SYSTEM_NAMES: Final = frozenset({"abuse", "postmaster", "mailer-daemon"})

_LOOK_ALIKES: Final = str.maketrans("асеорхуАСЕОРХ", "aceopxyACEOPX")  # noqa: RUF001 - Cyrillic on purpose
_STRAY: Final = re.compile(r"[\s,;<>\"()]+")
_SHAPE: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+", re.ASCII)


def correct(address: str) -> str:
    """The address as it would be used; the case of its letters stays."""
    cleaned = _STRAY.sub("", address.translate(_LOOK_ALIKES)).strip(".")
    name, at, domain = cleaned.rpartition("@")
    return f"{name}{at}{TYPOS.get(domain.lower(), domain)}"


def is_address(text: str) -> bool:
    """Whether the text has the shape of an address."""
    return _SHAPE.fullmatch(text) is not None


def check(address: str, *, sanitize: bool) -> dict[str, Any]:
    """What `email/check` says of an address; `reason` is there for an invalid one only."""
    email = correct(address) if sanitize else address
    name, _, domain = email.rpartition("@")
    reason = _find_reason(email, name.lower(), domain.lower())
    verdict = {
        "orig": address,
        "valid": reason is None,
        "email": email,
        "vendor": VENDORS.get(domain.lower(), "Unknown"),
        "domain": domain,
        "trusted": domain.lower() in VENDORS,
    }
    return verdict if reason is None else {"reason": reason, **verdict}


def _find_reason(email: str, name: str, domain: str) -> str | None:
    if not is_address(email):
        return "invalid"
    if domain in BLACKLISTED:
        return "blacklisted"
    if domain in NO_MAIL_SERVER:
        return "mx_record"
    return "system" if name in SYSTEM_NAMES else None
