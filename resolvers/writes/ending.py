"""
How a write ends: what became of it and of each of its items, as the ledger keeps it and as its caller is told.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from adapters.contract import Outcome, WriteResult
from adapters.errors import LedgerError
from adapters.ledger import Entry, ItemEntry, State
from resolvers.writes.arguments import digest_subscriber
from resolvers.writes.desk import WriteDesk
from resolvers.writes.items import ITEMS_CHECK, list_ends
from resolvers.writes.payload import to_plain_result
from resolvers.writes.waiting import GIVEN_UP, build_given_up

NOT_WAITED_FOR: Final = WriteResult(outcome=Outcome.NOT_SENT, error=build_given_up())
"""The end of a write that was entered so late that its caller had been told that it is not done."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a write and of its items, before the ledger knows of it."""

    entry: Entry
    result: WriteResult
    ends: tuple[ItemEntry, ...]

    async def enter(self, desk: WriteDesk) -> Entry:
        """Enter it; where that fails the caller is told all the same, and the ledger later."""
        try:
            return await self._enter(desk)
        except LedgerError as error:
            desk.enter_later(lambda: self._enter(desk))
            return self.tell(error.message)

    async def _enter(self, desk: WriteDesk) -> Entry:
        result, id_ = self.result, self.entry.id
        if self.ends:
            await desk.ledger.note_done(id_, "", {}, self.ends)
        plain, people = to_plain_result(result), self._list_people()
        return await desk.ledger.finish(id_, result.outcome.value, plain, check=result.check, people=people)

    def _list_people(self) -> frozenset[str]:
        """Return the digest of the person whose id is known only now, so that an erasure finds the write by it."""
        id_, mutation = self.result.id, self.entry.mutation
        if id_ is None or not mutation.endswith("Subscriber"):
            return frozenset()
        return frozenset({digest_subscriber(self.entry.source, id_)})

    def tell(self, why: str) -> Entry:
        """Return the row as it will be once the ledger can be written, which `why` says it cannot."""
        plain = to_plain_result(self.result)
        told = {**plain, "warnings": [*plain["warnings"], f"The ledger does not know of this yet: {why}"]}
        outcome, check = self.result.outcome.value, self.result.check
        return replace(self.entry, state=State.DONE, outcome=outcome, result=told, check=check)


def build_ending(entry: Entry, result: WriteResult, sent: Collection[int] = ()) -> Ending:
    """Build a write's end; `sent` are the places of items whose bytes may have left. While one is open, so is all."""
    ends = list_ends(entry.items, result, sent)
    if any(item.outcome == Outcome.UNKNOWN for item in ends):
        result = replace(result, outcome=Outcome.UNKNOWN, check=result.check or ITEMS_CHECK)
    return Ending(entry, result, ends)


def doubt(entry: Entry) -> Entry:
    """Return the row of a write under way as its caller is told of it whom the ledger keeps waiting."""
    plain = to_plain_result(WriteResult(outcome=Outcome.UNKNOWN, error=LedgerError(GIVEN_UP)))
    check = "Ask for the write again in a moment."
    return replace(entry, state=State.SENT, outcome=Outcome.UNKNOWN.value, result=plain, check=check)
