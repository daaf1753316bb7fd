"""
What tells people and partitions apart: the fields that identify them, and how their values are compared.

Source: taguchi-v5-integration.txt, "Identify profiles by"; vendors/facts.md, 2.2, target objects. That e-mail addresses
are compared without regard to case, and numbers in whatever way they are written, is inferred.
"""

import re
from collections.abc import Mapping
from typing import Any

IDENTIFIERS = ("ref", "email", "phone")
HOME_CODE = "61"

_NO_DIGIT = re.compile(r"\D")


def to_key(field: str, value: Any) -> str | None:
    """Return what values of a field are compared by; None for what identifies nobody."""
    if field == "id":
        known = type(value) is int or (isinstance(value, str) and value.isascii() and value.isdecimal())
        return str(value) if known else None
    if not isinstance(value, str) or not value.strip():
        return None
    if field == "email":
        return value.strip().lower()
    return _to_number(value) if field == "phone" else value


def _to_number(text: str) -> str | None:
    digits = _NO_DIGIT.sub("", text)
    return f"{HOME_CODE}{digits[1:]}" if digits.startswith("0") else digits or None


def read_identifiers(holder: Mapping[str, Any]) -> dict[str, str]:
    """Return the identifying fields that an object holds, with what they are compared by."""
    found = ((field, to_key(field, holder.get(field))) for field in IDENTIFIERS)
    return {field: key for field, key in found if key is not None}
