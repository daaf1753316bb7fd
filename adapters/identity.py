"""
When two sources mean the same person: how e-mail addresses and telephone numbers are compared.

E-mail addresses are compared without surrounding space and without regard to case, and by nothing else: a plus-tag or
a dot may be another person's. Telephone numbers are compared as E.164, completed by a source's region.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

import phonenumbers

_MOST_CHARS: Final = 320
"""What is longer is no address. Source: RFC 5321, 4.5.3.1: 64 for the name, 255 for the domain, and the @."""


def to_email_key(text: str) -> str:
    """Return what addresses are compared by: trimmed, in small letters; plus-tags and dots stay."""
    return text.strip().lower()


def list_email_forms(text: str) -> tuple[str, ...]:
    """
    Return the ways to write one address, its own first: accents in one sign or two, and its domain in letters or ASCII.

    Sources keep an address as it was given and are asked for it as it stands there. Source: RFC 6532, 3.1; RFC 5890.
    """
    key = to_email_key(text)
    local, _, domain = key.rpartition("@")
    plain = key.isascii() and "xn--" not in domain and not domain.endswith(".")
    if plain or len(key) > _MOST_CHARS:
        return (key,)
    names = [local, *(unicodedata.normalize(form, local) for form in ("NFC", "NFD"))]
    forms = (f"{name}@{each}" for each in _list_domain_forms(domain) for name in names)
    return tuple(dict.fromkeys((key, *forms)))


def _list_domain_forms(domain: str) -> Iterator[str]:
    """Yield the ways to write one domain; one that is none is only itself."""
    plain = domain.rstrip(".")
    yield plain
    try:
        ascii_ = plain.encode("idna")
        letters = ascii_.decode("idna")
    except UnicodeError:
        return
    yield from (ascii_.decode(), letters, unicodedata.normalize("NFD", letters))


def to_e164(text: str, region: str | None) -> str | None:
    """
    Return a telephone number as E.164 (`+61491570156`), or None where it is none.

    A number without a country code belongs to `region`, and is no number anywhere without one.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
