"""
Event and message items, and partition items, checked before anything is sent.

Source: vendors/facts.md, 2.2; that messages come in `{"message": …}` is inferred there, and so is what a partition
holds beside what identifies it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from adapters.errors import InputError

from .people_items import Path, build_target, read_value
from .present import write_time
from .settings import TaguchiV5Settings
from .values import is_id
from .wire import Row

MAX_TYPE_CHARS: Final = 100


def build_event(settings: TaguchiV5Settings, values: Mapping[str, Any], path: Path) -> Row:
    """
    Build an event item.

    Raises:
        InputError: nobody is named, or the type is empty.
    """
    type_ = values["type"]
    if not 0 < len(type_.strip()) <= MAX_TYPE_CHARS:
        raise InputError("An event needs a type, as `p` for a purchase.", path=(*path, "type"))
    event: Row = {"target": build_target(settings, values["person"], (*path, "person")), "type": type_}
    if values.get("data") is not None:
        event["data"] = values["data"]
    return {"event": event | _write_test(values)}


def build_message(
    settings: TaguchiV5Settings, values: Mapping[str, Any], recipient: Mapping[str, Any], path: Path, now_at: datetime
) -> Row:
    """
    Build a message item for one recipient, whose own content comes before that of all.

    Raises:
        InputError: nobody is named, the time has passed, or the activity is missing or not for the caller to choose.
    """
    message: Row = {"target": build_target(settings, recipient, path), **_write_test(values)}
    own = "content" in recipient
    content = recipient["content"] if own else values.get("content")
    if content is not None:
        message["requestContent"] = _read_object(content, (*path, "content") if own else ("input", "content"))
    if values.get("send_at") is not None:
        message["sendTimestamp"] = _write_future(values["send_at"], now_at)
    activity_id = read_activity(settings, values.get("activity_id"))
    if activity_id is not None:
        message["activityId"] = activity_id
    return {"message": message}


def _read_object(value: Any, path: Path) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError("This is no object.", hint='Give it as {"name": value}.', path=path)
    return value


def read_activity(settings: TaguchiV5Settings, asked: str | None) -> int | None:
    """
    Return the activity that a message must name, None where the endpoint has a fixed one.

    Source: taguchi-v5-integration.txt, Trigger activity ID (blank to allow any).
    """
    path = ("input", "activityId")
    if settings.trigger_activity_id is not None:
        if asked is None:
            return None
        raise InputError(
            f"This Taguchi V5 endpoint sends by activity {settings.trigger_activity_id} only.",
            hint="Leave `activityId` out.",
            path=path,
        )
    if asked is None or not is_id(asked):
        raise InputError("A message needs the activity it is sent by, as Taguchi's number.", path=path)
    return int(asked)


def _write_future(text: str, now_at: datetime) -> str:
    moment = datetime.fromisoformat(text)
    if moment <= now_at:
        raise InputError(
            "This time has passed.",
            reason="SCHEDULE_PAST",
            hint="Leave `sendAt` out to send now.",
            path=("input", "sendAt"),
        )
    return write_time(moment)


def _write_test(values: Mapping[str, Any]) -> Row:
    return {"isTest": True} if values.get("test") else {}


def build_partition(settings: TaguchiV5Settings, values: Mapping[str, Any]) -> Row:
    """
    Build a partition item.

    Raises:
        InputError: what identifies it is missing, or is none.
    """
    given = {"id": values.get("partition_id"), "ref": values.get("ref")}
    identity = settings.identify_partitions_by or "ref"
    value = given[identity]
    if not value or (identity == "id" and not is_id(value)):
        name = "partitionId" if identity == "id" else "ref"
        raise InputError(
            f"This Taguchi V5 endpoint identifies partitions by `{name}`, which is missing or none.",
            path=("input", name),
        )
    row: Row = {identity: int(value) if identity == "id" else value}
    if identity == "id" and given["ref"] is not None:
        row["ref"] = given["ref"]
    if "name" in values:
        row["name"] = values["name"]
    custom = {field["key"]: read_value(field) for field in values.get("custom_fields") or ()}
    return {"partition": row | ({"custom": custom} if custom else {})}


def find_equal(items: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Yield the places of each item that equals an earlier one: (its own, the first's)."""
    places: defaultdict[bytes, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        places[orjson.dumps(item, option=orjson.OPT_SORT_KEYS)].append(place)
    for first, *others in places.values():
        yield from ((other, first) for other in others)
