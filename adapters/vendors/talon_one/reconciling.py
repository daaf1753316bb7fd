"""
What became of writes whose answers were lost: looked up by the Management API, which is the only one that reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.calls import CallScope
from adapters.contract import ItemResult, Outcome, WriteCommand, WriteResult
from adapters.records import AudienceRecord, SubscriberRecord

from .changes import Changes, read_changes
from .drafts import AUDIENCE_CHECK, CHECK
from .looking import Looking
from .profile_fields import build_attributes, read_attributes
from .settings import TalonOneSettings

NO_KEY: Final = "This source has no Management key, so nothing can be read back."
_AUDIENCES: Final = frozenset({"createAudience", "updateAudience", "deleteAudience"})


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Finds out what became of writes of one source; raises a `VendorError` when it cannot be asked."""

    settings: TalonOneSettings
    looking: Looking

    async def find(self, command: WriteCommand, scope: CallScope, purpose: str) -> WriteResult:
        """
        APPLIED where what was written is there; UNKNOWN where it is not, or nobody can look.

        What was to be made and is not there may have been made, and deleted since.
        """
        if not self.looking.can_read:
            return WriteResult(outcome=Outcome.UNKNOWN, check=NO_KEY)
        if command.kind == "changeAudiences":
            return await self._find_many(command, scope, purpose)
        if command.kind in _AUDIENCES:
            return await self._find_audience(command, scope, purpose)
        return await self._find_customer(command, scope, purpose)

    async def _find_customer(self, command: WriteCommand, scope: CallScope, purpose: str) -> WriteResult:
        values = command.values
        customer = command.target or (values.get("by_key") or values.get("fields") or {}).get("ref")
        record = await self.looking.fetch_customer(str(customer), scope, purpose)
        wanted = values.get("attributes") or {}
        if "fields" in values:
            wanted = build_attributes(self.settings.attributes, values["fields"], ())
        changes = read_changes(values, ())
        numbers = await self._find_numbers([changes], scope, purpose)
        done = record is not None and self._holds(record, wanted) and _is_in(record, changes, numbers)
        return _tell(record, done=done, check=CHECK)

    def _holds(self, record: SubscriberRecord, wanted: Mapping[str, Any]) -> bool:
        held = read_attributes(self.settings.attributes, record)
        return all(held.get(name) == value for name, value in wanted.items())

    async def _find_many(self, command: WriteCommand, scope: CallScope, purpose: str) -> WriteResult:
        changes = [read_changes(item, ()) for item in command.items]
        found = await self.looking.fetch_customers([item["ref"] for item in command.items], scope, purpose)
        numbers = await self._find_numbers(changes, scope, purpose)
        done = [
            (record := found.get(item["ref"])) is not None and _is_in(record, each, numbers)
            for item, each in zip(command.items, changes, strict=True)
        ]
        items = tuple(
            ItemResult(place=place, outcome=Outcome.APPLIED if each else Outcome.UNKNOWN)
            for place, each in enumerate(done)
        )
        outcome = Outcome.APPLIED if all(done) else Outcome.UNKNOWN
        return WriteResult(outcome=outcome, items=items, check=None if all(done) else CHECK)

    async def _find_numbers(
        self, changes: Sequence[Changes], scope: CallScope, purpose: str
    ) -> dict[str, frozenset[str]]:
        """Return the numbers of the audiences that have each external id."""
        refs = {str(ref) for each in changes if each.external for ref in (*each.adds, *each.deletes)}
        found = await self.looking.fetch_audiences(sorted(refs), scope, purpose)
        return {ref: frozenset(record.id for record in records) for ref, records in found.items()}

    async def _find_audience(self, command: WriteCommand, scope: CallScope, purpose: str) -> WriteResult:
        record: AudienceRecord | None
        if command.target is not None:
            record = await self.looking.fetch_audience(command.target, scope, purpose)
        else:
            ref = str(command.values["ref"])
            record = next(iter((await self.looking.fetch_audiences([ref], scope, purpose)).get(ref, ())), None)
        if command.kind == "deleteAudience":
            return _tell(None if record is None else record, done=record is None, check=AUDIENCE_CHECK)
        done = record is not None and record.name == command.values["name"]
        return _tell(record, done=done, check=AUDIENCE_CHECK)


def _is_in(record: SubscriberRecord, changes: Changes, numbers: Mapping[str, frozenset[str]]) -> bool:
    """Say whether a customer is in every audience it was to join, and in none it was to leave."""
    own = frozenset(each.audience_id for each in record.audiences or ())

    def find(each: int | str) -> frozenset[str]:
        return numbers.get(str(each), frozenset()) if changes.external else frozenset({str(each)})

    return all(find(each) & own for each in changes.adds) and not any(find(each) & own for each in changes.deletes)


def _tell(record: SubscriberRecord | AudienceRecord | None, *, done: bool, check: str) -> WriteResult:
    outcome = Outcome.APPLIED if done else Outcome.UNKNOWN
    id_ = None if record is None else record.id
    return WriteResult(outcome=outcome, id=id_, record=record, check=None if done else check)
