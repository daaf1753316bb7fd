"""
One chunk of a bulk write: prepared, sent, and every item of it given an end.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from adapters.calls import CallScope
from adapters.contract import ItemResult, Outcome, PreparedWrite, WriteResult, WritesRecords
from adapters.errors import FacadeError, InputError
from adapters.ledger import Entry, ItemEntry, ItemState
from resolvers.writes.arguments import read_command
from resolvers.writes.desk import LedgerJournal
from resolvers.writes.items import to_item_entries

PURPOSE: Final = "bulk write"
_ITEM_PATH: Final = 3
"""The parts of a path that names an item: the argument, its list, the place."""

log = logging.getLogger(__name__)


def is_soon_over(item: ItemResult) -> bool:
    """Say whether an item was certainly not sent, for a trouble that passes: a pause, a vendor that is not there."""
    return item.outcome is Outcome.NOT_SENT and item.error is not None and item.error.retryable


class ChunkJournal(LedgerJournal):
    """Keeps the steps of one chunk; items that may be sent soon have come to no end."""

    async def note_done(self, step: str, known_by: Mapping[str, str], items: Sequence[ItemResult] = ()) -> None:
        """Write down what a step brought, and what became of those of its items that have come to an end."""
        await super().note_done(step, known_by, [item for item in items if not is_soon_over(item)])


@dataclass
class Chunk:
    """
    Some items of a bulk write, none of which was sent before.

    `ends` is what became of them, by their places in the whole write; `check` and `warnings` what to know beside. While
    it is `patient`, items that were certainly not sent and may be soon are left waiting. `trouble` says why any could
    not be sent, and `moved` whether others came to an end.
    """

    entry: Entry
    items: list[ItemEntry]
    journal: "ChunkJournal"
    patient: bool = False
    trouble: FacadeError | None = None
    moved: bool = False
    ends: dict[int, ItemEntry] = field(default_factory=dict)
    check: str | None = None
    warnings: tuple[str, ...] = ()

    async def send(self, writer: WritesRecords, scope: CallScope) -> None:
        """Prepare and send the items; whatever breaks, each has an end afterwards, unless the write is lost."""
        prepared = await self._prepare(writer, scope)
        if prepared is None:
            return
        self.journal.places = [item.place for item in self.items]
        self._skip(prepared)
        if len(prepared.skipped) == len(self.items):
            return
        try:
            result = await writer.send_write(prepared, scope, self.journal)
        except FacadeError as error:
            result = WriteResult(outcome=Outcome.UNKNOWN, error=error)
        except Exception:
            log.exception("a chunk of the write %s broke", self.entry.id)
            result = WriteResult(outcome=Outcome.UNKNOWN, error=_broken())
        self._read(result)

    def give_up(self, error: FacadeError) -> None:
        """Say of all items that they were not sent."""
        self._end(self.items, Outcome.NOT_SENT, error)

    async def _prepare(self, writer: WritesRecords, scope: CallScope) -> PreparedWrite | None:
        """Prepare what can be sent, leaving out items that are refused; None where nothing is left."""
        while self.items:
            try:
                command = read_command(self.entry.command, tuple(item.input for item in self.items))
                return await writer.prepare_write(command, scope, purpose=PURPOSE)
            except FacadeError as error:
                self._leave_out(error)
            except Exception:
                log.exception("a chunk of the write %s could not be prepared", self.entry.id)
                self._leave_out(_broken())
        return None

    def _leave_out(self, error: FacadeError) -> None:
        """Leave out the item that an error names, or all where it names none."""
        at = _find_item(error, len(self.items))
        if at is None:
            self.give_up(error)
            self.items = []
            return
        refused = self.items.pop(at)
        if isinstance(error, InputError):
            error.path = (*error.path[: _ITEM_PATH - 1], refused.place, *error.path[_ITEM_PATH:])
        self._end([refused], Outcome.NOT_SENT, error)

    def _skip(self, prepared: PreparedWrite) -> None:
        for at, why in prepared.skipped.items():
            item = self.items[at]
            error = {"code": Outcome.SKIPPED.value, "message": why}
            self.ends[item.place] = replace(item, state=ItemState.DONE, outcome=Outcome.SKIPPED.value, error=error)

    def _read(self, result: WriteResult) -> None:
        """Give every item its end; of one that nothing is told of, it is known only whether it was sent."""
        self.check, self.warnings = result.check, result.warnings
        told = [replace(item, place=self.journal.find_place(item.place)) for item in result.items]
        self._note(told)
        left = [item for item in self.items if item.place not in self.ends]
        sent = Outcome.UNKNOWN if result.items else result.outcome
        self._end([item for item in left if item.place in self.journal.sent], sent, result.error)
        self._end([item for item in left if item.place not in self.journal.sent], Outcome.NOT_SENT, result.error)

    def _end(self, items: Iterable[ItemEntry], outcome: Outcome, error: FacadeError | None) -> None:
        self._note([ItemResult(place=item.place, outcome=outcome, error=error) for item in items])

    def _note(self, results: Iterable[ItemResult]) -> None:
        """Give items their ends, but for those that are left waiting."""
        for result in results:
            (entry,) = to_item_entries([result])
            over = is_soon_over(result)
            self.trouble, self.moved = (result.error if over else self.trouble), self.moved or not over
            if over and self.patient:
                entry = replace(entry, state=ItemState.WAITING, outcome=None, error=None)
            self.ends[entry.place] = entry


def _find_item(error: FacadeError, count: int) -> int | None:
    """Return which item an error is about, None where it is about all."""
    path = error.path if isinstance(error, InputError) else ()
    at = path[_ITEM_PATH - 1] if len(path) >= _ITEM_PATH else None
    return at if isinstance(at, int) and path[1] in {"items", "ids"} and at < count else None


def _broken() -> FacadeError:
    return FacadeError("Something broke on our side.")
