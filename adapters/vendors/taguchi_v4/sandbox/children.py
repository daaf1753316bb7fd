"""
Parts of a record that are lists: memberships, custom fields, revisions.

They are kept as tuples (thousands of them) and printed as the document's JSON objects. None of them can be queried or
sorted by; `list_id` alone reaches into memberships (see `predicates`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .columns import INTEGER, TEXT, TIMESTAMP, Column, Shape, columns_of, read_value

Item = tuple[Any, ...]
JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Child:
    """
    A list inside a record. `read` keeps one JSON object as a tuple, `show` prints it again.
    """

    name: str
    read: Callable[[Mapping[str, Any]], Item]
    show: Callable[[Item], JsonObject]


def child_of(name: str, *groups: Iterable[Column]) -> Child:
    """A list of flat objects with these typed fields; fields left out are null."""
    shape = Shape(column for group in groups for column in group)

    def read(item: Mapping[str, Any]) -> Item:
        if unknown := set(item).difference(shape.names):
            raise ValueError(f"{name} has no {', '.join(sorted(unknown))}")
        return tuple(read_value(column, item.get(column.name)) for column in shape.columns)

    return Child(name, read, shape.show)


MEMBERSHIPS = child_of(
    "lists",
    columns_of(INTEGER, "list_id import_id campaign_id"),
    columns_of(TIMESTAMP, "timestamp unsubscribed"),
    columns_of(TEXT, "option"),
)
CUSTOM_FIELDS = child_of("custom_fields", columns_of(TEXT, "field data"))
TEMPLATE_REVISIONS = child_of(
    "revisions", columns_of(INTEGER, "id"), columns_of(TEXT, "content format"), columns_of(TIMESTAMP, "timestamp")
)
_COMBINATIONS = child_of("combinations", columns_of(INTEGER, "id"), columns_of(TEXT, "fragment_ids"))
_REVISION_FIELDS = child_of(
    "revisions",
    columns_of(INTEGER, "id template_revision_id"),
    columns_of(TEXT, "content approval_status"),
    columns_of(TIMESTAMP, "timestamp"),
)


def _read_activity_revision(item: Mapping[str, Any]) -> Item:
    flat = {name: value for name, value in item.items() if name != _COMBINATIONS.name}
    combinations = tuple(_COMBINATIONS.read(part) for part in item.get(_COMBINATIONS.name) or ())
    return (*_REVISION_FIELDS.read(flat), combinations)


def _show_activity_revision(kept: Item) -> JsonObject:
    combinations = [_COMBINATIONS.show(part) for part in kept[-1]]
    return {**_REVISION_FIELDS.show(kept[:-1]), _COMBINATIONS.name: combinations}


ACTIVITY_REVISIONS = Child("revisions", _read_activity_revision, _show_activity_revision)
