"""
Status objects: what the endpoint says of an item, wherever one stands.

Source: vendors/facts.md, 2.2: code, name and description; an item succeeded when its code is from 200 to 299.
"""

from dataclasses import dataclass
from typing import Any, Final

from .wire import Row

_FIRST_SUCCESS, _LAST_SUCCESS = 200, 299
_CODE_DIGITS: Final = 3
_WORDS: Final = ("name", "description")
_KEYS_OF_RECORDS: Final = ("id", "ref")


@dataclass(frozen=True, slots=True)
class ItemStatus:
    """
    What became of one item; `code` is None where nobody can know.

    In webhook mode every reply is 200, so no success in it is believed. `description` is the vendor's own text, which
    has to be sanitised before it is shown.
    """

    code: int | None = None
    name: str | None = None
    description: str | None = None

    @property
    def succeeded(self) -> bool | None:
        """Whether the item was taken; None where nobody can know."""
        return None if self.code is None else _FIRST_SUCCESS <= self.code <= _LAST_SUCCESS


UNJUDGED: Final = ItemStatus()


def to_status(value: Any) -> ItemStatus | None:
    """
    Read a status object, its code as a number or as text; None for anything else.

    A record may have a code and a name as well: what has an id or a reference is a record.
    """
    if not isinstance(value, dict) or not any(word in value for word in _WORDS):
        return None
    code = _read_code(value.get("code"))
    if code is None or any(value.get(key) is not None for key in _KEYS_OF_RECORDS):
        return None
    return ItemStatus(code, _read_word(value, "name"), _read_word(value, "description"))


def _read_code(value: Any) -> int | None:
    text = str(value) if type(value) is int or isinstance(value, str) else ""
    return int(text) if len(text) == _CODE_DIGITS and text.isascii() and text.isdigit() else None


def _read_word(value: Row, name: str) -> str | None:
    word = value.get(name)
    return word if isinstance(word, str) else None
