"""
When two sources mean the same person: how e-mail addresses and telephone numbers are compared.

E-mail addresses are compared without surrounding space and without regard to case, and by nothing else: a plus-tag or
a dot may be another person's. Telephone numbers are compared as E.164, completed by a source's region.
"""

import phonenumbers


def to_email_key(text: str) -> str:
    """Return what addresses are compared by: trimmed, in small letters; plus-tags and dots stay."""
    return text.strip().lower()


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
