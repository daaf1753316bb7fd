"""
Global ids: opaque text that holds a source, a type and the key path at the vendor.

One record has exactly one id: a text that is not what `encode_id` would write is refused, so ids can be compared.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from adapters.errors import IdError
from adapters.records import Entity

MAX_ID_CHARS: Final = 512

ACTIVITY_REVISION: Final = "activity_revision"
TEMPLATE_REVISION: Final = "template_revision"

KEY_LENGTHS: Final[Mapping[str, int]] = {
    **{entity.value: 1 for entity in Entity},
    Entity.FEED_EVENT.value: 5,
    ACTIVITY_REVISION: 2,
    TEMPLATE_REVISION: 2,
}
"""How many parts the key path of each type has: the vendor's id, for a revision after that of its record.

An event's are the kind and id of the record its feed belongs to, the feed's side, the event's kind and its id.
"""

_HINT_KEY: Final = "Use the vendor's own id, as `vendorId` shows it."
_HINT: Final = "Use an id that this graph returned, unchanged."


@dataclass(frozen=True, slots=True)
class NodeKey:
    """What a global id stands for."""

    source: str
    type: str
    key_path: tuple[str, ...]


def encode_id(source: str, type_: str, key_path: tuple[str, ...]) -> str:
    """Return the one global id of a record; raises `IdError` for a key no id can hold."""
    parts = [source, str(type_), *key_path]
    if KEY_LENGTHS.get(parts[1]) != len(key_path) or not _are_plain(parts):
        raise IdError("This record's key cannot be written as an id.", hint=_HINT_KEY)
    text = _to_text(parts)
    if len(text) > MAX_ID_CHARS:
        raise IdError("This record's key is too long for an id.", hint=_HINT_KEY)
    return text


def decode_id(text: str) -> NodeKey:
    """Return what an id stands for; raises `IdError` for any text that `encode_id` does not write."""
    if not text or len(text) > MAX_ID_CHARS:
        raise IdError(f"An id has 1 to {MAX_ID_CHARS} characters.", hint=_HINT, path=("id",))
    parts = _to_parts(text)
    if parts is None or len(parts) < 3 or KEY_LENGTHS.get(parts[1]) != len(parts) - 2:  # noqa: PLR2004 - source, type, key
        raise IdError("This is not an id of this graph.", hint=_HINT, path=("id",))
    if not _are_plain(parts) or _to_text(parts) != text:
        raise IdError("This is not an id of this graph.", hint=_HINT, path=("id",))
    return NodeKey(parts[0], parts[1], tuple(parts[2:]))


def _are_plain(parts: list[str]) -> bool:
    return all(parts) and all(map(str.isprintable, parts))


def _to_text(parts: list[str]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


def _to_parts(text: str) -> list[str] | None:
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        parts = json.loads(raw.decode())
    except (UnicodeError, binascii.Error, ValueError, RecursionError):
        return None
    return parts if isinstance(parts, list) and all(isinstance(part, str) for part in parts) else None
