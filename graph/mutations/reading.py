"""From a mutation's input to the command a source is given: plain JSON, only what was said."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

import strawberry

from adapters.contract import WriteCommand
from adapters.errors import ConsentError, IdError, InputError
from adapters.records import Entity
from graph.types.scalars import print_day, print_time
from resolvers.ids import decode_id
from resolvers.writes.arguments import WriteArgs
from resolvers.writes.people_parts import NAMES_AS_FIELDS, PeopleArgs

HOW: Final = frozenset(
    {"id", "source", "dry_run", "idempotency_key", "consent", "recipients_unchecked", "allow_unsubscribed"}
)
"""The fields of an input that say where and how to write; all others say what."""

NAMING: Final = {"by_email": "byEmail", "by_key": "byKey"}
"""The fields of an input that name a person instead of `id`, and the source."""

RECIPIENT_KEYS: Final = frozenset({"id", "email", "phone", "ref"})
"""What names a recipient; what else is told of one is what this one gets."""


def read_args(kind: str, given: Any, entity: Entity | None) -> WriteArgs:
    """
    Read a mutation's input; `entity` is the kind of record its `id` must be of.

    Raises:
        IdError: the id is none, or another kind's.
    """
    source, target = _find_target(given, entity)
    values = {name: value for name, value in to_plain(given).items() if name not in HOW}
    for name in NAMING:
        named = values.pop(name, None)
        if named is not None:
            values[name] = {part: value for part, value in named.items() if part != "source"}
    if "recipients" in values:
        values["recipients"] = _read_recipients(values["recipients"], source)
    if "person" in values:
        values["person"] = _read_person(values["person"], source, ("input", "person"))
    items = _read_items(values.pop("items", None) or (), source) or _read_ids(values.pop("ids", ()), source, entity)
    return WriteArgs(
        command=WriteCommand(
            kind=kind,
            source=source,
            target=target,
            values=values,
            items=tuple(items),
            consent=_read_basis(given),
            unchecked=bool(_said(given, "recipients_unchecked")),
        ),
        entity=entity,
        dry_run=bool(_said(given, "dry_run")),
        key=_said(given, "idempotency_key"),
        unchecked=bool(_said(given, "recipients_unchecked")),
        unsubscribed_too=bool(_said(given, "allow_unsubscribed")),
    )


def read_people_args(kind: str, given: Any) -> PeopleArgs:
    """Read the input of a write about one person everywhere."""
    plain, sources = to_plain(given), _said(given, "sources")
    return PeopleArgs(
        kind=kind,
        named={name: plain[name] for name in NAMES_AS_FIELDS if plain.get(name) is not None},
        sources=None if sources is None else tuple(sources),
        fields=plain.get("fields") or {},
        consent=_read_basis(given),
        dry_run=bool(_said(given, "dry_run")),
        key=_said(given, "idempotency_key"),
    )


def _find_target(given: Any, entity: Entity | None) -> tuple[str, str | None]:
    id_, source = _said(given, "id"), _said(given, "source")
    named = [name for name in NAMING if _said(given, name) is not None]
    ways = " or ".join(f"`{word}`" for word in ("id", *(NAMING[name] for name in NAMING if hasattr(given, name))))
    if len(named) + (id_ is not None) > 1:
        raise InputError("The person is named twice.", hint=f"Say {ways}.", path=("input", NAMING[named[-1]]))
    if id_ is not None:
        return _decode(id_, entity, ("input", "id"))
    if named:
        return _said(given, named[0]).source, None
    if source is None:
        name, hint = ("id", f"Say {ways}.") if hasattr(given, "id") else ("source", "Name the `source`.")
        raise InputError("It is not said what this is about.", hint=hint, path=("input", name))
    return source, None


def _decode(id_: str, entity: Entity | None, path: tuple[str | int, ...]) -> tuple[str, str]:
    """Return the source and the vendor's id that an id of ours stands for; it must be of this kind."""
    try:
        key = decode_id(id_)
    except IdError as error:
        error.path = path
        raise
    if entity is not None and key.type != entity:
        hint = f"Use an id of this kind: {entity}."
        raise IdError(f"This is the id of another kind: {key.type}.", hint=hint, path=path)
    return key.source, "/".join(key.key_path)


def _read_ids(ids: Sequence[str], source: str, entity: Entity | None) -> list[dict[str, Any]]:
    """Return the items of a write about several records: the vendor's ids; each must be of the source."""
    items = []
    for place, each in enumerate(ids):
        path = ("input", "ids", place)
        found, id_ = _decode(each, entity, path)
        if found != source:
            raise IdError("This record is in another source.", hint=f"Use an id of {source}.", path=path)
        items.append({"id": id_})
    return items


def _read_items(items: Sequence[dict[str, Any]], source: str) -> list[dict[str, Any]]:
    """Return the items of a bulk write, the people in them by the vendor's ids."""
    return [
        {**item, "person": _read_person(item["person"], source, ("input", "items", place, "person"))}
        if "person" in item
        else item
        for place, item in enumerate(items)
    ]


def _read_person(person: dict[str, Any], source: str, path: tuple[str | int, ...]) -> dict[str, Any]:
    """Return a person by the vendor's id where one is given; it must be of the source."""
    named = {name: value for name, value in person.items() if value is not None}
    if "id" in named:
        found, named["id"] = _decode(named["id"], Entity.SUBSCRIBER, (*path, "id"))
        if found != source:
            raise IdError("This person is in another source.", hint=f"Use an id of {source}.", path=(*path, "id"))
    return named


def _read_recipients(recipients: list[dict[str, Any]], source: str) -> list[dict[str, Any]]:
    """Return recipients by the vendor's ids; each must be named in exactly one way, and be of the source."""
    if not recipients:
        raise InputError("Nobody is named.", hint="Name a recipient.", path=("input", "recipients"))
    read = []
    for place, each in enumerate(recipients):
        path = ("input", "recipients", place)
        told = {name: value for name, value in each.items() if value is not None}
        if len(told.keys() & RECIPIENT_KEYS) != 1:
            raise InputError(
                "A recipient is named by one thing.", hint="Say `id`, `email`, `phone` or `ref`.", path=path
            )
        read.append(_read_person(told, source, path))
    return read


def _read_basis(given: Any) -> str | None:
    """Return the basis of a consent, None where none is given; raises `ConsentError` for one that says nothing."""
    consent = _said(given, "consent")
    if consent is None:
        return None
    if not any(letter.isalnum() for letter in consent.basis):
        raise ConsentError(
            "The basis of the consent says nothing.",
            hint="Say what the person agreed to, when and how.",
            path=("input", "consent", "basis"),
        )
    return str(consent.basis)


def _said(given: Any, name: str) -> Any:
    value = getattr(given, name, None)
    return None if value is strawberry.UNSET else value


def to_plain(value: Any) -> Any:
    """Return an input as plain JSON, without what was not given; a given null stays, since it empties a field."""
    if dataclasses.is_dataclass(value):
        fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: to_plain(each) for name, each in fields if each is not strawberry.UNSET}
    if isinstance(value, Mapping):
        return {str(name): to_plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(each) for each in value]
    return _to_plain_scalar(value)


def _to_plain_scalar(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime():
            return print_time(value)
        case date():
            return print_day(value)
        case _:
            return value
