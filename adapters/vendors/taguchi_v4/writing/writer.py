"""
The writes of one source: prepared, sent, and found out about.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from adapters.calls import CallScope
from adapters.contract import ItemResult, Journal, Outcome, PlannedRequest, PreparedWrite, WriteCommand, WriteResult
from adapters.errors import CapabilityError, FacadeError, InProgressError, VendorContractError
from adapters.recipes import Recipe, judge_failure, plan_requests, run_recipe
from adapters.refusals import RECORD_UNREADABLE
from adapters.transport.client import VendorClient
from adapters.vendors.taguchi_v4.capability import VENDOR
from adapters.vendors.taguchi_v4.values import UnreadableError

from . import commands, imports, records, subscribers
from .abilities import NOUNS, WRITES
from .ask import Ask, Draft, refuse_unknown
from .manifests import hide_manifest
from .outcomes import fetch_outcome
from .turns import Place, Turns

Drafting = Callable[[Ask], Awaitable[Draft]]

_DRAFTS: Final[Mapping[str, Drafting]] = {
    "createSubscriber": subscribers.draft_create,
    "updateSubscriber": subscribers.draft_update,
    "upsertSubscriber": subscribers.draft_upsert,
    "setListMembership": subscribers.draft_membership,
    "unsubscribe": subscribers.draft_unsubscribe,
    "resubscribe": subscribers.draft_resubscribe,
    **{f"create{name}": partial(records.draft_create, entity) for entity, name in NOUNS.items()},
    **{f"update{name}": partial(records.draft_update, entity) for entity, name in NOUNS.items()},
    **{f"delete{name}": partial(records.draft_delete, entity) for entity, name in NOUNS.items()},
    "processImport": imports.draft_process,
    "importSubscribers": imports.draft_import_subscribers,
    "extractList": commands.draft_extract,
    "proofActivity": commands.draft_proof,
    "requestApproval": commands.draft_approval,
    "commentActivity": commands.draft_comment,
    "approveActivity": commands.draft_approve,
    "queueActivity": commands.draft_queue,
    "triggerActivity": commands.draft_trigger,
}
DEFAULT_CHECK: Final = "Read the record again, and compare it with what was sent."


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is sent, and the record that is sent back whole with it."""

    recipe: Recipe
    rewrites: Place | None
    purpose: str


class Writer:
    """Writes to one source through its client."""

    def __init__(self, client: VendorClient) -> None:
        """Keep the client."""
        self._client = client
        self._turns = Turns()

    async def prepare(self, command: WriteCommand, scope: CallScope, purpose: str) -> PreparedWrite:
        """Check a command, read what it changes, and build its requests; raises as `WritesRecords.prepare_write`."""
        drafting = _find_drafting(command)
        refuse_unknown(command.values, _list_known(command.kind))
        with self._judging_rows(command):
            draft = await drafting(Ask(self._client, command, scope, purpose))
        return self._build(command, draft, purpose)

    def _build(self, command: WriteCommand, draft: Draft, purpose: str) -> PreparedWrite:
        touches = frozenset(entity.value for entity in WRITES[command.kind].touches)
        recipe = Recipe(steps=draft.steps, touches=touches, check=draft.check or DEFAULT_CHECK)
        return PreparedWrite(
            command=command,
            requests=tuple(map(_hide, plan_requests(self._client, recipe))),
            recipe=_Ready(recipe, draft.rewrites, purpose),
            before=draft.before,
            after=draft.after,
            warnings=draft.warnings,
        )

    async def send(self, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
        """
        Send a prepared write, and say what became of it; without steps everything was as asked for already.

        What sends a record back whole is prepared once more in its turn: the record may have changed meanwhile. The
        turn is first one among the writes of this process, and then one among those who share the journal's place.
        """
        ready = _read_ready(prepared)
        if ready.rewrites is None:
            return await self._send(prepared, scope, journal)
        async with AsyncExitStack() as turn:
            try:
                await turn.enter_async_context(self._turns.take(ready.rewrites, scope))
                await turn.enter_async_context(journal.hold(self._name(ready.rewrites), scope.remaining_s()))
                prepared = await self.prepare(prepared.command, scope, ready.purpose)
                _check_same(ready, _read_ready(prepared))
            except FacadeError as error:
                return _leave_unsent(prepared, error)
            return await self._send(prepared, scope, journal)

    def _name(self, place: Place) -> tuple[str, ...]:
        """Name a record among those of every source."""
        kind, id_ = place
        return (self._client.source, kind.value, id_)

    async def _send(self, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
        recipe = _read_ready(prepared).recipe
        result = await run_recipe(self._client, recipe, scope, journal)
        return replace(
            result,
            check=recipe.check if result.outcome is Outcome.ACCEPTED else result.check,
            id=result.id or prepared.command.target,
            items=(*result.items, *_list_unsent(recipe, result)),
            warnings=(*prepared.warnings, *result.warnings),
        )

    async def fetch_outcome(
        self, command: WriteCommand, known_by: Mapping[str, str], scope: CallScope, purpose: str
    ) -> WriteResult:
        """Find out what became of a write; see `outcomes.py`."""
        with self._judging_rows(command):
            return await fetch_outcome(Ask(self._client, command, scope, purpose), known_by)

    @contextmanager
    def _judging_rows(self, command: WriteCommand) -> Iterator[None]:
        """Tell of a record that is not as documented, which is not written over."""
        try:
            yield
        except UnreadableError as error:
            raise VendorContractError(
                f"Source '{self._client.source}' sent a record in which {error}.",
                source=self._client.source,
                vendor=VENDOR,
                operation=command.kind,
                reason=RECORD_UNREADABLE,
                maybe_processed=False,
            ) from None


def _read_ready(prepared: PreparedWrite) -> _Ready:
    if not isinstance(prepared.recipe, _Ready):
        raise TypeError("a write is sent by the adapter that has prepared it")
    return prepared.recipe


def _check_same(waited: _Ready, ready: _Ready) -> None:
    """Make sure that the turn is the record's that is written: an address may have become another's while we waited."""
    if ready.rewrites not in {waited.rewrites, None}:
        raise InProgressError(
            "This names another record by now.", reason="RECORD_BUSY", hint="Send the mutation again."
        )


def _leave_unsent(prepared: PreparedWrite, error: FacadeError) -> WriteResult:
    """Tell of a write that was refused in its turn: nothing of it has left."""
    return WriteResult(
        outcome=judge_failure(error, changes=False),
        id=prepared.command.target,
        error=error,
        warnings=prepared.warnings,
    )


def _find_drafting(command: WriteCommand) -> Drafting:
    try:
        return _DRAFTS[command.kind]
    except KeyError:
        raise CapabilityError(f"Taguchi cannot do `{command.kind}`.") from None


_DELIVERY: Final = ("protocol", "server", "format")
_KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "setListMembership": ("by_email", "list_id", "subscribed", "option", "left_at"),
    "unsubscribe": ("by_email", "at"),
    "resubscribe": ("by_email", "clear_bounce"),
    "processImport": (),
    "importSubscribers": ("taguchi",),
    "extractList": ("notify_list_id", "conditions"),
    "proofActivity": ("recipients", "skipped", "list_id", "revision_id", *_DELIVERY, "tag", "message"),
    "requestApproval": ("list_id", "revision_id", *_DELIVERY, "tag", "message"),
    "commentActivity": ("message",),
    "approveActivity": ("message",),
    "queueActivity": (),
    "triggerActivity": ("recipients", "skipped", "expression", "content", "date", "test", *_DELIVERY),
}
"""What each mutation's input may hold; those not named here hold fields, and what is relied on."""


def _list_known(kind: str) -> tuple[str, ...]:
    return _KNOWN.get(kind, ("by_email", "fields", "if_unchanged"))


def _hide(request: PlannedRequest) -> PlannedRequest:
    """Show a request without what a manifest may hold."""
    return replace(request, body=hide_manifest(request.body))


def _list_unsent(recipe: Recipe, result: WriteResult) -> tuple[ItemResult, ...]:
    """Tell of those whose request was not reached, because one before it failed."""
    told = {item.place for item in result.items}
    every = [place for step in recipe.steps for place in step.places]
    return tuple(ItemResult(place=place, outcome=Outcome.NOT_SENT) for place in every if place not in told)
