"""
Adding events given as JSON, as a feed would print them.
"""

from collections.abc import Mapping
from typing import Any

from adapters.vendors.taguchi_v4.sandbox.children import CUSTOM_FIELDS, Item
from adapters.vendors.taguchi_v4.sandbox.columns import TIMESTAMP, Column, Value, read_value
from adapters.vendors.taguchi_v4.sandbox.tables import Row, scatter, with_fraction

from .logged import NO_LINK, NONE, PROCESSED, TEST, Entry, EventLog
from .scheduled import EventSchedule, ObjectKey, ScheduledEvent
from .shape import FEED, FOREIGN_FIELDS, LOGGED, SCHEDULED

EventKey = tuple[str, int]
FIRST_TOKEN = 9_100_000_000_000_001
TOKEN_STEP = 7
_IDS = ("subscriber_id", "activity_id", "revision_id", "configuration_id", "campaign_id")
_LINK = ("trackurl_id", "trackurl_index", "trackurl_destination")

Fields = dict[str, Any]


def record_event(
    log: EventLog, schedule: EventSchedule, event: Mapping[str, Any], done_to: ObjectKey | None
) -> EventKey:
    """
    Append an event; what is left out is null, false, `logged`, or the next id of its kind.

    Raises:
        ValueError: unknown field, a value its field cannot hold, no `timestamp` on a logged event, or an id in use.
    """
    if event.get("type", LOGGED) == SCHEDULED:
        return SCHEDULED, schedule_event(schedule, event, len(log), done_to)
    return LOGGED, _log_event(log, event, done_to)


def schedule_event(schedule: EventSchedule, event: Mapping[str, Any], after: int, done_to: ObjectKey | None) -> int:
    """
    Append a scheduled event, created when there were `after` logged ones; its id is returned.
    """
    fields, custom_fields = _read(event)
    if fields["id"] is None:
        fields["id"] = schedule.last_id + 1
    values: list[Value] = [fields[name] for name in FEED.positions]
    if schedule.subsecond_times:
        values = [
            _with_fraction(column, value, fields["id"]) for column, value in zip(FEED.columns, values, strict=True)
        ]
    schedule.add(ScheduledEvent(Row(values, [custom_fields], scatter(fields["id"], SCHEDULED)), after, done_to))
    return int(fields["id"])


def _with_fraction(column: Column, value: Value, key: int) -> Value:
    if column.type is not TIMESTAMP or not isinstance(value, int):
        return value
    return with_fraction(value, key, column.name)


def _read(event: Mapping[str, Any]) -> tuple[Fields, tuple[Item, ...]]:
    fields: Fields = dict.fromkeys(FEED.positions)
    fields |= {"type": LOGGED, "test": False, **event}
    items = fields.pop(CUSTOM_FIELDS.name, ())
    if fields["type"] not in FOREIGN_FIELDS:
        raise ValueError(f"an event is logged or scheduled, not {fields['type']}")
    foreign = [name for name in FOREIGN_FIELDS[fields["type"]] if fields[name] is not None]
    if unknown := [*foreign, *(fields.keys() - FEED.positions.keys())]:
        raise ValueError(f"a {fields['type']} event has no {', '.join(unknown)}")
    kept = {column.name: read_value(column, fields[column.name]) for column in FEED.columns}
    return kept, tuple(CUSTOM_FIELDS.read(item) for item in items)


def _log_event(log: EventLog, event: Mapping[str, Any], done_to: ObjectKey | None) -> int:
    fields, custom_fields = _read(event)
    token: int = next_token(log) if fields["id"] is None else fields["id"]
    if token in log.token:
        raise ValueError(f"logged event {token} exists")
    if fields["event_ref"] is None or not isinstance(fields["timestamp"], int):
        raise ValueError("a logged event has an event_ref and a timestamp")
    link = tuple(fields[name] for name in _LINK)
    entry = Entry(
        token=token,
        type=_number_in(log.types, fields["event_ref"]),
        flags=(PROCESSED if fields["processed"] else 0) | (TEST if fields["test"] else 0),
        timestamp_us=fields["timestamp"],
        parent=_or_none(fields["parent_id"]),
        link=NONE if link == NO_LINK else _number_in(log.links, link),
        object_kind=NONE if done_to is None else log.object_kinds.index(done_to[0]),
        object_id=NONE if done_to is None else done_to[1],
        **{name: _or_none(fields[name]) for name in _IDS},
    )
    position = log.append(entry)
    if fields["data"] is not None:
        log.data[position] = fields["data"]
    if custom_fields:
        log.fields[position] = custom_fields
    return token


def next_token(log: EventLog) -> int:
    """
    The token of the next logged event.
    """
    return max(FIRST_TOKEN, log.token[-1] + TOKEN_STEP) if len(log) else FIRST_TOKEN


def _number_in(items: list[Any], item: Any) -> int:
    if item not in items:
        items.append(item)
    return items.index(item)


def _or_none(number: int | None) -> int:
    if number is not None and number < 0:
        raise ValueError(f"invalid id {number}: ids are not negative")
    return NONE if number is None else number
