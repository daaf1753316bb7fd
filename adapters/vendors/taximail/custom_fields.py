"""
One custom field has one key everywhere: that of its column in a page of contacts.

The vendor calls field 208 `custom_field_208` in a page, `208` in one contact and `CustomField208` in an update; names
are called `firstname` and `lastname` in all three. Source: taximail-contacts.txt, Showing, Contact's detail, Updating.
What people called it is its label. A page does not tell a field's type; one contact does, and so does its list.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import orjson

from adapters.records import CustomFieldRecord, CustomFieldType

from .values import to_id, to_text

PREFIX: Final = "custom_field_"
UPDATE_PREFIX: Final = "CustomField"

NUMBERED = re.compile(rf"{PREFIX}\d{{1,19}}", re.ASCII)
"""What the column of a custom field is called, whatever a page says of its columns."""

_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d{1,18}\.?\d{0,18}|\.\d{1,18})([eE][+-]?\d{1,2})?", re.ASCII)

_TYPES: Final[Mapping[str, CustomFieldType]] = {
    "text": CustomFieldType.TEXT,
    "text128": CustomFieldType.TEXT,
    "text256": CustomFieldType.TEXT,
    "text1024": CustomFieldType.TEXT,
    "paragraph text": CustomFieldType.TEXT,
    "integer": CustomFieldType.NUMBER,
    "float": CustomFieldType.NUMBER,
    "enum": CustomFieldType.CHOICE,
    "boolean": CustomFieldType.FLAG,
    "date": CustomFieldType.DATE,
    "time": CustomFieldType.TIME,
    "datetime": CustomFieldType.DATE_TIME,
}
"""Source: vendors/facts.md, 3.3; another word leaves the type unstated."""

_FLAGS: Final = {"t": True, "true": True, "1": True, "f": False, "false": False, "0": False}


def to_key(field_id: Any) -> str | None:
    """Return the key of a field one contact names by its number, or by its word for a name."""
    number = to_id(field_id)
    if number is not None:
        return f"{PREFIX}{number}"
    return field_id if isinstance(field_id, str) and field_id else None


def to_type(word: Any) -> CustomFieldType:
    """Return the type a vendor's word means."""
    return _TYPES.get(word.strip().lower(), CustomFieldType.UNSTATED) if isinstance(word, str) else _UNSTATED


def build_field(key: str, value: Any, label: Any = None, type_: CustomFieldType | None = None) -> CustomFieldRecord:
    """Build a custom field; what is neither text nor number comes as its JSON."""
    text = None if value is None else _print(value)
    shown = label if isinstance(label, str) and label else None
    kind = type_ or _UNSTATED
    return CustomFieldRecord(key=key, value=text, type=kind, typed=_to_typed(text, kind), label=shown)


def _print(value: Any) -> str:
    text = to_text(value)
    return orjson.dumps(value).decode() if text is None else text


def _to_typed(text: str | None, kind: CustomFieldType) -> object | None:
    """Return a value as what its type says, None where its text is nothing of the kind."""
    text = (text or "").strip()
    if kind is CustomFieldType.FLAG:
        return _FLAGS.get(text.lower())
    if kind is not CustomFieldType.NUMBER:
        return None
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else None


_UNSTATED: Final = CustomFieldType.UNSTATED
