"""
Which operation of an endpoint's OpenAPI file reads a profile, or a partition, and how it is called.

The rule, for a profile; for a partition it is the same with that word:

1. Its path names the subject (`subscriber`, `profile`, also `subscribers`, `getProfile`, `subscriber-profile`), and
   after it come at most one parameter and one word of reading (`get`, `find`, `lookup`, `retrieve`, `search` …).
2. It is a GET; or a POST whose operationId, or where it has none its last word, is one of reading and none of writing.
   A POST that does not say so may write, and is never called.
3. It takes the configured identity: a parameter of the path or the query, or for a POST a property of its body
   (directly, in `target`, or in a property named as the subject), of that name; or the one parameter after the
   subject, when that is not named as another identity.
4. Nothing else is needed but the organization's id.
5. Where it describes its answer, that holds an id or an identity: directly, in a list, or in a property named as the
   subject.

GETs come before POSTs, and those that name the identity before those with another parameter. An operation that the
source names by its operationId need not satisfy 1 and 2. Several that are left, and none, are refused.

What anonymises a profile is found likewise: a DELETE of the subject, or a POST whose name says so. Where a file has
none, or several, profiles are not anonymised. Partitions are written by a POST to a path that ends with their word.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from adapters.records import Entity

from .openapi import Document, Json, refuse
from .schemas import Body, read_body, tells_record
from .words import SUBJECTS, Subject, erases_by_name, is_organization, names_identity, reads_by_name

PLACES: Final = ("path", "query", "header")
METHODS: Final = ("get", "post")
_WRITING: Final = ("delete", "post")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value goes: a parameter's name and place (`path`, `query`, `header`)."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Operation:
    """
    A read of one record, or its anonymising, as its file describes it.

    `path` is a template below the base URL. `slots` says where each identity goes that alone suffices, `body` likewise
    for a POST; `organization` where the organization's id goes. `tells_absence` says that the file names 404 as an
    answer.
    """

    entity: Entity
    method: str
    path: str
    slots: Mapping[str, Slot] = field(default_factory=dict)
    organization: tuple[Slot, ...] = ()
    body: Body | None = None
    tells_absence: bool = False

    def takes(self, identity: str) -> bool:
        """Say whether a record can be looked up by this."""
        return identity in (self.slots if self.body is None else self.body.names)


def find_operation(document: Document, entity: Entity, identity: str, base_path: str, named: str | None) -> Operation:
    """
    Find the operation that reads one record of a kind by an identity; `named` is the operationId the source names.

    Raises:
        ValueError: there is none, or more than one; says which were looked at and why they do not fit.
    """
    subject = SUBJECTS[entity]
    offered = [each for each in _list_described(document) if each.is_offered(subject, named)]
    built = [(each, _build(each, subject, identity, base_path)) for each in offered]
    fitting = [(each, found) for each, found in built if isinstance(found, Operation)]
    if not fitting:
        raise _refuse_none(subject, identity, named, [f"{each.name} {why}" for each, why in built])
    ranks = [each.rank(found, subject, identity) for each, found in fitting]
    chosen = [found for found, rank in zip(fitting, ranks, strict=True) if rank == min(ranks)]
    if len(chosen) > 1:
        names = ", ".join(each.name for each, _ in chosen)
        raise refuse(f"several operations read {subject.article} by {identity}: {names}; {_tell_fix(subject)}")
    return chosen[0][1]


def find_erasure(document: Document, identity: str, base_path: str, named: str | None) -> Operation | None:
    """
    Find the operation that anonymises a profile by an identity, or by Taguchi's own id; None where it is not told.

    Raises:
        ValueError: the one that the source names cannot be called.
    """
    subject = SUBJECTS[Entity.SUBSCRIBER]
    offered = [each for each in _list_described(document, _WRITING) if each.erases(subject, named)]
    built = [_build_call(each, subject, known, base_path) for known in ("id", identity) for each in offered]
    found = {(each.method, each.path): each for each in built if isinstance(each, Operation)}
    if named is not None and len(found) != 1:
        raise refuse(f"the file has no operation '{named}' that anonymises a profile by {identity} or id.")
    return next(iter(found.values())) if len(found) == 1 else None


def find_partition_path(document: Document, base_path: str) -> str | None:
    """Return the path below the base URL that takes partitions, None where the file names none."""
    subject = SUBJECTS[Entity.PARTITION]
    offered = [each for each in _list_described(document, ("post",)) if each.takes_items(subject)]
    return document.to_relative(offered[0].template, base_path) if len(offered) == 1 else None


def _refuse_none(subject: Subject, identity: str, named: str | None, reasons: list[str]) -> ValueError:
    what = f"no operation '{named}'" if named else "no operation"
    looked = f" ({'; '.join(reasons)})" if reasons else ""
    return refuse(
        f"the file has {what} that reads {subject.article} by {identity}{looked}; download it anew with retrieval "
        f"allowed, or {_tell_fix(subject)}"
    )


def _tell_fix(subject: Subject) -> str:
    return f'name one by its operationId: openapi = {{ file = "…", {subject.key} = "…" }}.'


@dataclass(frozen=True, slots=True)
class _Described:
    """One operation of the file, as it stands there."""

    document: Document
    method: str
    template: str
    node: Json
    parameters: tuple[Json, ...]

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.template}"

    @property
    def segments(self) -> list[str]:
        return [segment for segment in self.template.split("/") if segment]

    def is_offered(self, subject: Subject, named: str | None) -> bool:
        """Rules 1 and 2, or the name that the source gives."""
        operation_id = str(self.node.get("operationId", ""))
        if named is not None:
            return operation_id == named
        rest = self._find_rest(subject)
        words = [segment for segment in rest or () if not _is_parameter(segment)]
        if rest is None or len(rest) - len(words) > 1 or len(words) > 1 or not all(map(reads_by_name, words)):
            return False
        return self.method == "get" or reads_by_name(operation_id or self.segments[-1])

    def erases(self, subject: Subject, named: str | None) -> bool:
        """Say whether this anonymises: a DELETE of the subject, or a POST that says so; or the source names it."""
        operation_id = str(self.node.get("operationId", ""))
        if named is not None:
            return operation_id == named
        says_so = erases_by_name(operation_id) or any(map(erases_by_name, self.segments))
        rest = self._find_rest(subject)
        words = [segment for segment in rest or () if not _is_parameter(segment)]
        return rest is not None and (says_so or (self.method == "delete" and not words))

    def takes_items(self, subject: Subject) -> bool:
        """Say whether this takes the subject's items: its path ends with the subject, and it does not read."""
        return self._find_rest(subject) == [] and not reads_by_name(str(self.node.get("operationId", "")))

    def _find_rest(self, subject: Subject) -> list[str] | None:
        """Return what follows the subject's last mention in the path; None where there is none."""
        places = [place for place, segment in enumerate(self.segments) if subject.is_named_by(segment)]
        return self.segments[places[-1] + 1 :] if places else None

    def list_slots(self, subject: Subject, identity: str) -> dict[str, Slot]:
        """Return where each identity may go (rule 3)."""
        slots: dict[str, Slot] = {}
        for parameter in self.parameters:
            slot = _to_slot(parameter)
            known = names_identity(slot.name, subject)
            if known is not None and slot.place in {"path", "query"}:
                slots.setdefault(known, slot)
        last = self.segments[-1] if self.segments else ""
        if _is_parameter(last):
            slots.setdefault(names_identity(last[1:-1], subject) or identity, Slot(last[1:-1], "path"))
        return slots

    def list_needed(self) -> set[str]:
        """Return the names of what must be filled, less the organization's id."""
        slots = [_to_slot(each) for each in self.parameters if each.get("required")]
        bare = [segment[1:-1] for segment in self.segments if _is_parameter(segment)]
        names = [slot.name for slot in slots if slot.place not in PLACES or not is_organization(slot.name)]
        return {*names, *(name for name in bare if not is_organization(name))}

    def list_organization(self) -> tuple[Slot, ...]:
        """Return where the organization's id goes."""
        slots = tuple(map(_to_slot, self.parameters))
        declared = {slot.name for slot in slots}
        bare = [
            Slot(each[1:-1], "path") for each in self.segments if _is_parameter(each) and each[1:-1] not in declared
        ]
        return tuple(slot for slot in (*slots, *bare) if slot.place in PLACES and is_organization(slot.name))

    def rank(self, operation: Operation, subject: Subject, identity: str) -> tuple[bool, bool]:
        """Return what operations are chosen by; the least is best."""
        slot = operation.slots.get(identity)
        return self.method != "get", slot is not None and names_identity(slot.name, subject) != identity


def _list_described(document: Document, methods: Sequence[str] = METHODS) -> Iterator[_Described]:
    for template, item in document.paths:
        for method in methods:
            if isinstance(item.get(method), dict):
                node = item[method]
                both = (*_read_parameters(document, item), *_read_parameters(document, node))
                merged = {_to_slot(each): each for each in both}
                yield _Described(document, method, template, node, tuple(merged.values()))


def _read_parameters(document: Document, node: Json) -> tuple[Json, ...]:
    listed = node.get("parameters")
    return tuple(document.follow(each) for each in listed) if isinstance(listed, list) else ()


def _to_slot(parameter: Json) -> Slot:
    return Slot(str(parameter.get("name")), str(parameter.get("in")))


def _is_parameter(segment: str) -> bool:
    return segment.startswith("{") and segment.endswith("}")


def _build(described: _Described, subject: Subject, identity: str, base_path: str) -> Operation | str:
    """Build the operation, or say why it cannot be called (rules 3 to 5)."""
    operation = _build_call(described, subject, identity, base_path)
    if isinstance(operation, Operation) and not tells_record(described.document, described.node, subject):
        return f"answers something else than {subject.article}"
    return operation


def _build_call(described: _Described, subject: Subject, identity: str, base_path: str) -> Operation | str:
    """Build the operation, or say why it cannot be called (rules 3 and 4)."""
    slots, needed = described.list_slots(subject, identity), described.list_needed()
    document, posts = described.document, described.method == "post"
    operation = Operation(
        entity=subject.entity,
        method=described.method.upper(),
        path=document.to_relative(described.template, base_path),
        slots={} if posts else {known: slot for known, slot in slots.items() if needed <= {slot.name}},
        organization=described.list_organization(),
        body=(None if needed else read_body(document, described.node, subject)) if posts else None,
        tells_absence="404" in document.follow(described.node.get("responses")),
    )
    if not operation.takes(identity):
        others = sorted(needed - {slots[identity].name}) if identity in slots else sorted(needed)
        return f"needs {', '.join(others)}" if others else f"does not take {identity}"
    return operation
