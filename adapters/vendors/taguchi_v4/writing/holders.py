"""
Who has a record's key before it is made: they are told afterwards from the one that was made.

A reference is unique, so what had it before was made by no write since, even where it holds the same values.
Source: taguchi-v4-api.txt, Common Fields, ref; vendors/facts.md, 1.3.
"""

from collections.abc import Mapping
from typing import Any, Final

from adapters.records import Entity
from adapters.vendors.taguchi_v4.values import read_required_id
from adapters.vendors.taguchi_v4.wire import Row

from .ask import Ask
from .held import fetch_namesakes

HOLDERS: Final = "held_before"
"""What the records are known by that had the key of one that is to be made."""


def find_key(entity: Entity, wire: Mapping[str, Any]) -> tuple[str, str] | None:
    """Find by which of its fields, by the vendor's name, a record can be looked for."""
    for name in ("ref", "email") if entity is Entity.SUBSCRIBER else ("ref",):
        if wire.get(name) is not None:
            return name, str(wire[name])
    return None


async def fetch_holders(ask: Ask, entity: Entity, wire: Mapping[str, Any]) -> dict[str, str]:
    """Read who has a record's key; return the word by which a write remembers them, and none where nobody has it."""
    key = find_key(entity, wire)
    rows = [] if key is None else await fetch_namesakes(ask, entity, *key)
    return {HOLDERS: " ".join(map(read_required_id, rows))} if rows else {}


def was_there(row: Row, known_by: Mapping[str, str]) -> bool:
    """Say whether a record had its key before the write was sent."""
    return read_required_id(row) in known_by.get(HOLDERS, "").split()
