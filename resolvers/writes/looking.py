"""
One look at what a source shows of a write: with what it is asked, and what is kept of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.calls import CallScope
from adapters.contract import Outcome, Source, WriteResult, WritesRecords
from adapters.ledger import Entry, Ledger
from adapters.records import Entity
from resolvers.roles import find_writer
from resolvers.writes.payload import to_plain_result

LOOK_EVERY_S: Final = 3.0
"""Seconds within which a source is asked about a write at most once, whoever asks us."""

OPEN: Final = frozenset({Outcome.UNKNOWN, Outcome.ACCEPTED})
"""Outcomes of writes and items of which more may become known."""


@dataclass(frozen=True, slots=True)
class Look:
    """
    With what a source is asked about a write.

    `places` are those of the items that are asked for where the write has very many, others each time where none are
    named; `facts` are kept beside what is found. `touches` are the kinds of record that the write may have changed.
    """

    ledger: Ledger
    writer: WritesRecords
    scope: CallScope
    purpose: str
    places: Sequence[int] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    touches: frozenset[Entity] = frozenset()

    def forget(self, source: str) -> None:
        """Let nobody be told what was read before the write was seen to be done."""
        if self.scope.memory is not None:
            for kind in self.touches:
                self.scope.memory.forget_source(source, kind)

    def build_evidence(self, entry: Entry, result: WriteResult) -> dict[str, Any]:
        """Return what has become known; an id that is known already stays where the read tells none."""
        plain = to_plain_result(result)
        evidence = {name: value for name, value in plain.items() if name != "id" or value is not None}
        return {**evidence, **self.build_facts(entry, result.facts)}

    def build_facts(self, entry: Entry, found: Mapping[str, Any]) -> dict[str, Any]:
        """Return the facts of a write with ours beside them; what was found, where there are none of ours."""
        return {"facts": {**entry.result.get("facts", {}), **found, **self.facts} if self.facts else dict(found)}


async def begin_look(entry: Entry, source: Source, ledger: Ledger) -> WritesRecords | None:
    """Return what can tell more of a write, None where nothing can or somebody has looked a moment ago."""
    writer = find_reader_of(entry, source)
    return writer if writer and await ledger.start_look(entry.id, LOOK_EVERY_S) else None


def find_reader_of(entry: Entry, source: Source) -> WritesRecords | None:
    """Return what can tell of a write, where somebody does not know what became of it and there is a read that may."""
    ability = source.writes.get(entry.mutation)
    if entry.outcome not in OPEN or ability is None or ability.read_back is None or "values" not in entry.command:
        return None
    return find_writer(source)
