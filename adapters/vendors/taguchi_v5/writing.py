"""
Writes of one endpoint: prepared, sent, and looked for afterwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from adapters.calls import CallScope
from adapters.concurrency import work_aside
from adapters.contract import Journal, Outcome, PreparedWrite, WriteCommand, WriteResult
from adapters.errors import CapabilityError, FacadeError
from adapters.recipes import plan_requests, run_recipe
from adapters.records import Entity, PartitionRecord, Record, SubscriberRecord
from adapters.transport.client import VendorClient

from .activity_writes import ActivityWrites
from .drafts import Draft, LookBack
from .fields import holds_partition, list_differing
from .lookups import Lookups
from .people_items import IDENTIFIERS, to_graph_name
from .people_writes import PeopleWrites
from .settings import TaguchiV5Settings
from .subjects import Subjects

NOT_TOLD: Final = "What became of it is told by no call of this endpoint."
_NOT_YET: Final = "The endpoint does not show it as it was written; it may come, or somebody has changed it since."


class Writer:
    """Writes to one endpoint; the adapter's part of `WritesRecords`."""

    def __init__(self, client: VendorClient, settings: TaguchiV5Settings, lookups: Lookups) -> None:
        """Keep what prepares and what sends."""
        self._client = client
        self._settings = settings
        self._lookups = lookups
        self._subjects = Subjects(lookups)
        self._people = PeopleWrites(client.source, self._subjects)
        self._activity = ActivityWrites(lookups)

    async def prepare(self, command: WriteCommand, scope: CallScope, purpose: str) -> PreparedWrite:
        """Check a command, read what it must, build its requests; raises as `WritesRecords.prepare_write`."""
        draft = await self._draft(command, scope, purpose)
        return PreparedWrite(
            command=command,
            requests=await work_aside(command.count, lambda: plan_requests(self._client, draft.recipe)),
            recipe=draft,
            before=draft.before,
            after=draft.after,
            warnings=draft.warnings,
            skipped=draft.skipped,
        )

    async def _draft(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        _refuse_unknown(command)
        people, activity = self._people, self._activity
        if command.kind == "anonymizeSubscriber":
            return await people.anonymize(command, scope, purpose)
        if command.kind == "upsertPartition":
            return await activity.upsert_partition(command, scope, purpose)
        about_people = {
            "createSubscriber": people.create,
            "updateSubscriber": people.update,
            "upsertSubscriber": people.upsert,
            "setListMembership": people.set_membership,
            "unsubscribe": people.unsubscribe,
        }
        if command.kind in about_people:
            return await about_people[command.kind](command, scope, purpose)
        many: Mapping[str, Callable[[WriteCommand], Draft]] = {
            "upsertSubscribers": people.upsert_many,
            "logEvent": activity.log_event,
            "logEvents": activity.log_events,
            "sendMessage": activity.send_message,
        }
        return await work_aside(command.count, lambda: many[command.kind](command))

    async def send(self, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
        """Send a prepared write; where it was done and can be read, its record is told too."""
        draft = prepared.recipe
        if not isinstance(draft, Draft):
            raise TypeError("This write was prepared by another adapter.")
        result = await run_recipe(self._client, draft.recipe, scope, journal)
        if result.outcome is not Outcome.APPLIED or draft.look_back is None:
            return result
        try:
            record = await self._look(draft.look_back, scope, "read back")
        except FacadeError:
            return replace(result, warnings=(*result.warnings, "It is done, and could not be read afterwards."))
        return result if record is None else replace(result, id=record.id, record=record)

    async def _look(self, back: LookBack, scope: CallScope, purpose: str) -> SubscriberRecord | PartitionRecord | None:
        operation = self._lookups.find_operation(back.entity, back.identity)
        records: tuple[Record, ...] = await self._lookups.fetch(
            operation, back.identity, back.value, scope, purpose, fresh=True
        )
        kinds = (SubscriberRecord, PartitionRecord)
        return next((record for record in records if isinstance(record, kinds)), None)

    async def find_outcome(self, command: WriteCommand, scope: CallScope, purpose: str) -> WriteResult:
        """
        Look whether the record is as it was written; UNKNOWN where it is not, or cannot be read.

        Raises:
            VendorError: the endpoint could not be asked.
        """
        back = self._find_back(command)
        if back is None:
            return WriteResult(outcome=Outcome.UNKNOWN, check=NOT_TOLD)
        record = await self._look(back, scope, purpose)
        if self._is_done(command, record):
            return WriteResult(outcome=Outcome.APPLIED, id=record.id if record else None, record=record)
        return WriteResult(outcome=Outcome.UNKNOWN, id=record.id if record else None, check=_NOT_YET)

    def _find_back(self, command: WriteCommand) -> LookBack | None:
        """Say how what a command was about is found; None where it cannot be."""
        entity = Entity.PARTITION if command.kind == "upsertPartition" else Entity.SUBSCRIBER
        operation = self._settings.reads.get(entity)
        if operation is None or command.items or command.kind not in _LOOKED_FOR:
            return None
        named = _list_names(command)
        usable = [(identity, value) for identity, value in named.items() if operation.takes(identity)]
        return LookBack(entity, *usable[0]) if usable else None

    def _is_done(self, command: WriteCommand, record: Record | None) -> bool:
        if command.kind == "anonymizeSubscriber":
            return record is None or not any(getattr(record, name) for name in IDENTIFIERS)
        if isinstance(record, PartitionRecord):
            return holds_partition(record, command.values)
        if not isinstance(record, SubscriberRecord):
            return False
        if command.kind == "unsubscribe":
            return self._has_left(record)
        return not list_differing(self._settings, record, _list_wanted(command))

    def _has_left(self, record: SubscriberRecord) -> bool:
        if self._settings.unsubscribe_mode == "global":
            return record.unsubscribed_at is not None
        main = str(self._settings.main_list_id)
        return any(each.list_id == main and each.left_at is not None for each in record.memberships)


_LOOKED_FOR: Final = frozenset(
    {"createSubscriber", "updateSubscriber", "upsertSubscriber", "setListMembership", "unsubscribe"}
    | {"anonymizeSubscriber", "upsertPartition"}
)


_NAMING: Final = frozenset({"by_email", "by_key"})
_TAKEN: Final[Mapping[str, frozenset[str]]] = {
    "createSubscriber": frozenset({"fields"}),
    "updateSubscriber": frozenset({"fields", "if_unchanged", *_NAMING}),
    "upsertSubscriber": frozenset({"fields"}),
    "upsertSubscribers": frozenset(),
    "setListMembership": frozenset({"list_id", "subscribed", "option", "left_at", *_NAMING}),
    "unsubscribe": frozenset({"at", *_NAMING}),
    "anonymizeSubscriber": _NAMING,
    "sendMessage": frozenset({"recipients", "skipped", "activity_id", "content", "send_at", "test"}),
    "logEvent": frozenset({"person", "type", "data", "test"}),
    "logEvents": frozenset(),
    "upsertPartition": frozenset({"ref", "partition_id", "name", "custom_fields"}),
}
"""What each mutation's input may say to this vendor; what is for another one is refused, not dropped."""


def _refuse_unknown(command: WriteCommand) -> None:
    """Refuse what this vendor cannot be told; raises `CapabilityError`."""
    said = [(name, value) for name, value in command.values.items() if name not in _TAKEN[command.kind]]
    by_email = command.values.get("by_email") or {}
    said += [(name, value) for name, value in by_email.items() if name != "email"]
    for name, value in said:
        if value is not None:
            raise CapabilityError(
                f"A Taguchi V5 endpoint cannot be told `{to_graph_name(name)}`.", path=("input", to_graph_name(name))
            )


def _list_names(command: WriteCommand) -> dict[str, str]:
    """Return everything that a command's record can be found by."""
    values = command.values
    if command.target is not None:
        return {"id": command.target}
    if command.kind == "upsertPartition":
        holder: Mapping[str, Any] = {"id": values.get("partition_id"), "ref": values.get("ref")}
    else:
        holder = values.get("by_email") or values.get("by_key") or values.get("fields") or {}
    return {name: holder[name] for name in ("id", *IDENTIFIERS) if holder.get(name)}


def _list_wanted(command: WriteCommand) -> Mapping[str, Any]:
    """Return the fields that a command wants a person to have."""
    if command.kind == "setListMembership":
        names = ("list_id", "subscribed", "option")
        return {"memberships": [{name: command.values[name] for name in names if name in command.values}]}
    fields: Mapping[str, Any] = command.values["fields"]
    return fields
