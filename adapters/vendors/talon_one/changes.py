"""
Changes of who is in which audience: checked, and put together into calls of at most a thousand.

Source: vendors/facts.md, 5.2: internal numbers, or external ids in the endpoints of their own; adds and deletes
together at most 1000 a call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.errors import InputError

from .gateway import MAX_CHANGES
from .lookups import MAX_ID_LENGTH
from .values import is_id
from .wire import Row

Path = tuple[str | int, ...]

_NUMBERS: Final = (("join", "adds"), ("leave", "deletes"))
_REFS: Final = (("join_refs", "adds"), ("leave_refs", "deletes"))
_GRAPH_NAMES: Final = {"join": "join", "leave": "leave", "join_refs": "joinRefs", "leave_refs": "leaveRefs"}


@dataclass(frozen=True, slots=True)
class Changes:
    """What one customer joins and leaves: by numbers, or by external ids."""

    adds: tuple[int | str, ...]
    deletes: tuple[int | str, ...]
    external: bool

    def __len__(self) -> int:
        """How many changes these are."""
        return len(self.adds) + len(self.deletes)

    def to_wire(self) -> Row:
        """Write them as Talon.One takes them; what is empty is left out."""
        both = {"adds": list(self.adds), "deletes": list(self.deletes)}
        return {name: ids for name, ids in both.items() if ids}


def read_changes(values: Mapping[str, Any], path: Path) -> Changes:
    """
    Read the changes of one customer; none at all are an empty value.

    Raises:
        InputError: numbers and external ids are mixed, one of them is none, an audience is named twice, or they are
            more than one call takes.
    """
    external = any(values.get(name) for name, _ in _REFS)
    if external and any(values.get(name) for name, _ in _NUMBERS):
        raise InputError(
            "Talon.One takes audiences by `vendorId` or by `ref` in one change, not both.",
            hint="Say `join` and `leave`, or `joinRefs` and `leaveRefs`.",
            path=path,
        )
    found: dict[str, list[int | str]] = {"adds": [], "deletes": []}
    seen: set[int | str] = set()
    for name, wire in _REFS if external else _NUMBERS:
        for place, text in enumerate(values.get(name) or ()):
            where = (*path, _GRAPH_NAMES[name], place)
            audience = _read_ref(text, where) if external else _read_number(text, where)
            if audience in seen:
                raise InputError("This audience is named twice.", path=where)
            seen.add(audience)
            found[wire].append(audience)
    if len(seen) > MAX_CHANGES:
        raise InputError(f"One customer can join and leave {MAX_CHANGES} audiences at a time.", path=path)
    return Changes(tuple(found["adds"]), tuple(found["deletes"]), external)


def _read_number(text: str, path: Path) -> int:
    if not is_id(text):
        raise InputError("This is no number of an audience.", hint="Use its `vendorId`.", path=path)
    return int(text)


def _read_ref(text: str, path: Path) -> str:
    check_ref(text, path)
    return text


def check_ref(text: Any, path: Path) -> None:
    """Refuse what cannot be an external id, or a customer's; raises `InputError`."""
    if not isinstance(text, str) or not 0 < len(text) <= MAX_ID_LENGTH:
        raise InputError(f"A key has 1 to {MAX_ID_LENGTH} characters.", path=path)


@dataclass(frozen=True, slots=True)
class Chunk:
    """The changes of several customers that one call takes, with their items' places."""

    external: bool
    places: tuple[int, ...]
    data: tuple[Row, ...]


def build_chunks(items: Sequence[Mapping[str, Any]]) -> list[Chunk]:
    """
    Put the changes of many customers together, in their order, numbers and external ids apart.

    Raises:
        InputError: a customer is missing or named twice, nothing changes for one, or its changes are wrong.
    """
    seen: dict[str, int] = {}
    open_: dict[bool, list[tuple[int, Row, int]]] = {False: [], True: []}
    chunks: list[Chunk] = []
    for place, item in enumerate(items):
        path: Path = ("input", "items", place)
        check_ref(item.get("ref"), (*path, "ref"))
        if item["ref"] in seen:
            message = f"This customer is named twice, first in item {seen[item['ref']]}."
            raise InputError(message, reason="DUPLICATE_ITEM", path=(*path, "ref"))
        seen[item["ref"]] = place
        changes = read_changes(item, path)
        if not changes:
            raise InputError("Nothing changes for this customer.", path=path)
        waiting = open_[changes.external]
        if sum(size for _, _, size in waiting) + len(changes) > MAX_CHANGES:
            chunks.append(_close(waiting, external=changes.external))
        waiting.append((place, {"customerProfileId": item["ref"], **changes.to_wire()}, len(changes)))
    return [*chunks, *(_close(waiting, external=external) for external, waiting in open_.items() if waiting)]


def _close(waiting: list[tuple[int, Row, int]], *, external: bool) -> Chunk:
    chunk = Chunk(external, tuple(place for place, _, _ in waiting), tuple(row for _, row, _ in waiting))
    waiting.clear()
    return chunk
