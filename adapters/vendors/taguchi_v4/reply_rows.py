"""
The rows of one list reply: told apart by id, or made into records at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from adapters import refusals
from adapters.errors import VendorContractError
from adapters.records import Entity, EventKey
from adapters.records.tables import Table
from adapters.transport.client import Reply

from .columns import COLUMNS, has_text_key
from .decoding import Unselected, find_part
from .endpoints import ListCall, is_list_reply, read_feed_reply, read_list_reply
from .event_rows import read_event_key
from .keys import RowKey
from .mapping import V4Record, build_converter, is_deleted
from .values import UnreadableError, read_required_id, read_required_text
from .wire import Row


@dataclass(frozen=True, slots=True)
class Stray:
    """A row that cannot be read and whose place in its line cannot be told; `after` is the row sent before it."""

    error: VendorContractError
    row: Row
    after: RowKey | None


@dataclass(frozen=True, slots=True)
class ReplyRows:
    """
    What a list reply brought: its rows by key and without one, how many there are, and what makes records of them.

    `table` holds the records of a reply that was decoded into them at once; its rows are not kept.
    """

    rows: dict[RowKey, Row]
    strays: list[Stray]
    count: int
    convert: Callable[[Sequence[Row]], Sequence[V4Record]]
    table: Table[V4Record] | None = None


def read_reply(entity: Entity, call: ListCall, reply: Reply) -> ReplyRows:
    """Read a list reply as far as its records are wanted; raises as `read_list_reply` does."""
    source, part = reply.call.source, find_part(entity, call.fields)
    if part is None:
        convert = build_converter(entity, source, revisions=call.revisions, feed=call.feed)
    else:
        rest = Unselected(reply, part.whole, partial(build_unreadable, reply, entity))
        convert = partial(part.map.read, source, rest=rest)
        decoded = part.decode(source, reply.body, rest) if is_list_reply(reply) and call.sort == "id" else None
        if decoded is not None:
            keys, table = decoded
            reply.call.rows = len(keys)
            return ReplyRows(dict.fromkeys(keys, _PASSED_OVER), [], len(keys), convert, table)
    rows = read_list_reply(reply) if call.feed is None else read_feed_reply(reply)
    by_key, strays = _tell_apart(entity, reply, rows)
    return ReplyRows(by_key, strays, len(rows), convert)


_PASSED_OVER: Final[Row] = {}
"""Stands for a row that was decoded into its record at once."""


def _tell_apart(entity: Entity, reply: Reply, rows: Sequence[Row]) -> tuple[dict[RowKey, Row], list[Stray]]:
    """Return the rows by key, in their order and each once, and those without a usable key."""
    numbers: list[Any] = [] if entity is Entity.FEED_EVENT or has_text_key(entity) else [row.get("id") for row in rows]
    if numbers and set(map(type, numbers)) == {int} and min(numbers) >= 0 and len(set(numbers)) == len(numbers):
        return dict(zip(numbers, rows, strict=True)), []
    by_key: dict[RowKey, Row] = {}
    strays: list[Stray] = []
    read_key = _build_key_reader(entity)
    for row in rows:
        try:
            by_key.setdefault(read_key(row), row)
        except UnreadableError as error:
            after = next((key for key in reversed(by_key) if not is_deleted(by_key[key])), None)
            strays.append(Stray(build_unreadable(reply, entity, error), row, after))
    return by_key, strays


def build_unreadable(
    reply: Reply, entity: Entity, error: UnreadableError, key: str | None = None
) -> VendorContractError:
    """Count a record that cannot be read, and build the error that tells of it, by its key where that is known."""
    record = "a record" if key is None else f"{entity.replace('_', ' ')} {key},"
    return refusals.build_unreadable(reply, entity, error, record)


def print_key(key: RowKey) -> str:
    """Write a key for an error's message."""
    return f"{key.token} ({key.kind})" if isinstance(key, EventKey) else str(key)


def _build_key_reader(entity: Entity) -> Callable[[Row], RowKey]:
    if entity is Entity.FEED_EVENT:
        return read_event_key
    if has_text_key(entity):
        return lambda row: read_required_text(row, COLUMNS[entity]["id"].wire)
    return _read_number


def _read_number(row: Row) -> int:
    value = row.get("id")
    return value if type(value) is int and value >= 0 else int(read_required_id(row))
