"""
Questions of a check: list reads whose replies are looked at as they came, and the shape in which they are told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from adapters.calls import CallNote, CallScope
from adapters.records import Entity
from adapters.transport.client import Reply, VendorClient

from .endpoints import ListCall, build_list, read_list_reply
from .resources import RESOURCES
from .values import UnreadableError, read_required_id
from .wire import Row

PURPOSE: Final = "check"
_SPOKEN: Final = frozenset({"", "null"})


@dataclass(slots=True)
class Asker:
    """Asks one source, and remembers the shape of each question until a finding takes it."""

    client: VendorClient
    scope: CallScope
    _shapes: list[str] = field(default_factory=list)

    async def fetch_rows(self, entity: Entity, call: ListCall, *extra: tuple[str, str]) -> list[Row]:
        """
        Make one list read; `extra` are parameters the document does not know.

        Raises:
            VendorError: it failed, or was refused.
        """
        return read_list_reply(await self.fetch_reply(entity, call, *extra))

    async def fetch_reply(self, entity: Entity, call: ListCall, *extra: tuple[str, str]) -> Reply:
        """Make one list read and return its reply, whatever its status below 500."""
        self._shapes.append(_build_shape(entity, call, extra))
        request = build_list(entity, call, CallNote(purpose=PURPOSE))
        return await self.client.send(replace(request, params=(*request.params, *extra)), self.scope)

    def take_shapes(self) -> tuple[str, ...]:
        """Return the shapes of the questions since the last time, each once."""
        shapes = tuple(dict.fromkeys(self._shapes))
        self._shapes.clear()
        return shapes


def read_ids(rows: Iterable[Row]) -> list[int]:
    """Return the ids of rows in their order; a row without one is left out."""
    found = []
    for row in rows:
        try:
            found.append(int(read_required_id(row)))
        except UnreadableError:
            continue
    return found


def _build_shape(entity: Entity, call: ListCall, extra: Iterable[tuple[str, str]]) -> str:
    """Write a question without its operands, which may be somebody's data."""
    order = f"sort={call.sort} order={'desc' if call.descending else 'asc'} limit={call.limit}"
    named = [f"{name}={value}" for name, value in (*(pair for pair in call.params if pair[0] == "revisions"), *extra)]
    return " ".join((RESOURCES[entity], " & ".join(map(_hide_operand, call.predicates)) or "all", order, *named))


def _hide_operand(predicate: str) -> str:
    name, operator, operand = predicate.split("-", 2)
    return predicate if operand in _SPOKEN else f"{name}-{operator}-…"
