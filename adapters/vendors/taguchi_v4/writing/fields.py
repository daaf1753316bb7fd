"""
Fields of an input as the vendor writes them, and whether two such values are the same.

Source: taguchi-v4-api.txt, Common Fields and JSON Request/Response of each resource. What is said to be not writable,
assigned, or counted by the vendor is not here.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from adapters.errors import InputError
from adapters.filters.fields import Kind
from adapters.records import Entity
from adapters.vendors.taguchi_v4.columns import COLUMNS, LARGEST_COMPARED, Column
from adapters.vendors.taguchi_v4.extensions import WORD
from adapters.vendors.taguchi_v4.times import print_time
from adapters.vendors.taguchi_v4.values import parse_date, parse_time
from adapters.vendors.taguchi_v4.wire import Row

from .ask import refuse_unknown, to_camel, to_path

WRITABLE: Final[Mapping[Entity, tuple[str, ...]]] = {
    entity: tuple(names.split())
    for entity, names in {
        Entity.SUBSCRIBER: "ref title firstname lastname notifications extra phone mobile dob address address2 address3"
        " suburb state country postcode gender email data cluster_id",
        Entity.LIST: "ref name status data",
        Entity.CAMPAIGN: "ref name date success_event_ref status data",
        Entity.ACTIVITY: "ref name type subtype status target_lists target_views date throttle data campaign_id"
        " template_id",
        Entity.TEMPLATE: "ref name type subtype status data",
        Entity.IMPORT: "ref name source manifest status params",
        Entity.VIEW: "ref name predicate status",
    }.items()
}
"""
The plain fields that can be written, and are sent back with a record that changes. A subscriber's `unsubscribed` and
`bounced` can be written too, and are not here: they are never sent back as they were read, since they may have been set
meanwhile. `approval_status` belongs to the approval.
"""

KEPT: Final[Mapping[Entity, tuple[str, ...]]] = {Entity.LIST: ("type",)}
"""
Fields that only public clients know, and send back with all others (vendors/facts.md, 1.3 and 1.5): a proof list whose
`type` were left out might be one of customers afterwards.
"""

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_DIGITS = re.compile(r"[0-9]{1,18}", re.ASCII)


def _list_names(entity: Entity) -> Iterable[tuple[str, str, Kind]]:
    """List the writable fields by their names in inputs, with the vendor's names and kinds."""
    columns: Mapping[str, Column] = COLUMNS[entity]
    for column in columns.values():
        if column.wire in WRITABLE[entity] and column.wire not in _TARGETS.values():
            yield column.name.removeprefix(f"{WORD}."), column.wire, column.kind
    if entity is Entity.ACTIVITY:
        yield from ((name, wire, Kind.ELEMENT) for name, wire in _TARGETS.items())
    if entity is Entity.IMPORT:
        yield "manifest_xml", "manifest", Kind.TEXT
    if entity is Entity.SUBSCRIBER:
        yield from (("unsubscribed_at", "unsubscribed", Kind.TIME), ("bounced_at", "bounced", Kind.TIME))


_TARGETS: Final = {"target_list_ids": "target_lists", "target_view_ids": "target_views"}

NAMES: Final[Mapping[Entity, Mapping[str, tuple[str, Kind]]]] = {
    entity: {name: (wire, kind) for name, wire, kind in _list_names(entity)} for entity in WRITABLE
}
"""What an input calls each writable field, with the vendor's name and the kind of its value."""

PARTS: Final[Mapping[Entity, tuple[str, ...]]] = {
    Entity.SUBSCRIBER: ("memberships", "custom_fields"),
    Entity.ACTIVITY: ("revisions",),
    Entity.TEMPLATE: ("revisions",),
    Entity.IMPORT: ("manifest",),
}
"""What of an input is written by modules of its own."""

_OURS: Final[Mapping[Entity, Mapping[str, str]]] = {
    entity: {wire: name for name, (wire, _) in names.items()} for entity, names in NAMES.items()
}


def to_wire(entity: Entity, fields: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """
    Turn the plain fields of an input into the vendor's; parts that are lists of their own are left out.

    Raises:
        CapabilityError: a field that Taguchi does not have.
        InputError: a value that its field cannot hold, by its place in the input below `path`.
    """
    refuse_unknown(fields, {*NAMES[entity], *PARTS.get(entity, ())}, *path)
    return {
        NAMES[entity][name][0]: _to_value(NAMES[entity][name][1], name, value, path)
        for name, value in fields.items()
        if name in NAMES[entity]
    }


def _to_value(kind: Kind, name: str, value: Any, path: tuple[str, ...]) -> Any:
    if value is None:
        return None
    if name == "email" and not _EMAIL.fullmatch(value):
        raise InputError("This is not an e-mail address.", path=to_path(*path, name))
    match kind:
        case Kind.ID:
            return to_number(value, *path, name)
        case Kind.TIME:
            return print_time(datetime.fromisoformat(value))
        case Kind.ELEMENT:
            return json.dumps([to_number(each, *path, name, place) for place, each in enumerate(value)])
        case _:
            return value


def read_past(text: str, *path: str | int) -> str:
    """Turn a time that has been into the vendor's; raises `InputError` for one that is to come."""
    moment = datetime.fromisoformat(text)
    if moment > datetime.now(UTC):
        raise InputError("This time is to come.", hint="Leave it out for now.", path=to_path(*path))
    return print_time(moment)


def to_number(id_: Any, *path: str | int) -> int:
    """Turn an id into the vendor's number; raises `InputError` where it is none."""
    if not _DIGITS.fullmatch(str(id_)) or int(id_) > LARGEST_COMPARED:
        raise InputError("Taguchi's ids are numbers.", hint="Use the vendor's own id.", path=to_path(*path))
    return int(id_)


def to_shown(entity: Entity, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Show plain fields under the names the graph has for them."""
    return {to_camel(_OURS[entity][wire]): value for wire, value in changes.items() if wire in _OURS[entity]}


def keep_writable(entity: Entity, row: Row) -> dict[str, Any]:
    """Return a record's writable fields as they were read: what is sent back with those that change."""
    return {name: row[name] for name in (*WRITABLE[entity], *KEPT.get(entity, ())) if name in row}


def list_moved(written: Mapping[str, Any], row: Row) -> list[str]:
    """List the plain fields, by the vendor's names, in which a record differs from what was written or relied on."""
    return [name for name, value in written.items() if not is_same(value, row.get(name))]


def is_same(one: Any, other: Any) -> bool:
    """
    Say whether two values of a field are the same: ids and numbers also as texts, times and days however printed.

    `false` is how some clients send that there is no time (vendors/facts.md, 1.5).
    """
    if one is None or other is None or other is False:
        return one is other or (one is None and other is False)
    return str(one) == str(other) or any((read(one) is not None and read(one) == read(other)) for read in _READERS)


_READERS: Final[tuple[Callable[[Any], Any], ...]] = (parse_time, parse_date)
