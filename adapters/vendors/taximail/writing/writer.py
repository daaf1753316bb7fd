"""
Writes from what is asked to what became of them.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

from adapters.calls import CallScope
from adapters.concurrency import work_aside
from adapters.contract import Journal, Outcome, PreparedWrite, WriteCommand, WriteResult, judge_all
from adapters.errors import CapabilityError
from adapters.recipes import Recipe, plan_requests, run_recipe
from adapters.vendors.taximail.account import Account

from .abilities import TAKES, TOUCHES
from .ask import INPUT, Ask, Draft, Finish, to_camel
from .counting import sum_counts
from .deleting import draft_deletion
from .imports import check_import, draft_import
from .leaving import draft_membership, draft_unsubscribe
from .outcomes import look
from .single import draft_create, draft_update, draft_upsert

_DRAFTS: Final[Mapping[str, Callable[[Ask], Awaitable[Draft]]]] = {
    "createSubscriber": draft_create,
    "upsertSubscriber": draft_upsert,
    "updateSubscriber": draft_update,
    "unsubscribe": draft_unsubscribe,
    "setListMembership": draft_membership,
    "deleteContacts": draft_deletion,
    "importSubscribers": draft_import,
}


_CHECKS: Final[Mapping[str, Callable[[Ask], Awaitable[None]]]] = {"importSubscribers": check_import}
"""Of mutations that look every item up: what of their preparation needs none of that."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent, and what is read afterwards."""

    recipe: Recipe
    id: str | None
    finish: Finish | None


@asynccontextmanager
async def _read_now(scope: CallScope) -> AsyncIterator[CallScope]:
    """Ask the vendor itself: what is remembered may have moved."""
    reading = replace(scope, memory=None)
    try:
        yield reading
    finally:
        scope.spent = max(scope.spent, reading.spent)


async def prepare_write(account: Account, command: WriteCommand, scope: CallScope, purpose: str) -> PreparedWrite:
    """Check a command, read what it must, and build its requests; raises as `WritesRecords.prepare_write`."""
    _check_taken(command)
    async with _read_now(scope) as reading:
        draft = await _DRAFTS[command.kind](Ask(account, command, reading, purpose))
    recipe = Recipe(steps=draft.steps, touches=TOUCHES, independent=draft.independent, check=draft.check)
    return PreparedWrite(
        command=command,
        requests=await work_aside(command.count, lambda: plan_requests(account.client, recipe)),
        recipe=Sending(recipe, draft.id, draft.finish),
        before=draft.before,
        after=draft.after,
        warnings=draft.warnings,
        skipped=draft.skipped,
    )


async def check_items(account: Account, command: WriteCommand, scope: CallScope, purpose: str) -> None:
    """Check the items of a command without looking any of them up; raises as `ChecksItems.check_items`."""
    _check_taken(command)
    async with _read_now(scope) as reading:
        await _CHECKS[command.kind](Ask(account, command, reading, purpose))


def _check_taken(command: WriteCommand) -> None:
    """Refuse what is given for other vendors: left out, it would be lost without a word."""
    named = {f"by_email.{name}": value for name, value in (command.values.get("by_email") or {}).items()}
    taken = TAKES[command.kind] | {"by_email.email", "by_email.list_id"}
    for name, value in (*command.values.items(), *named.items()):
        if value is not None and name not in taken:
            path = (INPUT, *map(to_camel, name.split(".")))
            raise CapabilityError(f"Taximail has no use for `{path[-1]}`.", hint="Leave it out.", path=path)


async def send_write(account: Account, prepared: PreparedWrite, scope: CallScope, journal: Journal) -> WriteResult:
    """Send a prepared write, and read what its answers do not tell; raises no `VendorError`."""
    sending = prepared.recipe
    if not isinstance(sending, Sending):
        raise TypeError("This write was prepared by another adapter.")
    sent = await run_recipe(account.client, sending.recipe, scope, journal)
    warnings = (*prepared.warnings, *sent.warnings)
    result = replace(sent, id=sent.id or sending.id, facts=sum_counts(sent.facts), warnings=warnings)
    if sending.finish is None:
        return result
    async with _read_now(scope) as reading:
        finished = await sending.finish(result, reading)
    if finished.items == result.items:
        return finished
    await journal.note_done("look", {}, finished.items)
    outcome = judge_all(item.outcome for item in finished.items)
    known = outcome is not Outcome.UNKNOWN
    error = None if outcome is Outcome.APPLIED else finished.error
    return replace(finished, outcome=outcome, error=error, check=None if known else finished.check)


async def fetch_outcome(account: Account, command: WriteCommand, scope: CallScope, purpose: str) -> WriteResult:
    """Find out by reading what became of a write; raises a `VendorError` when the source cannot be asked."""
    async with _read_now(scope) as reading:
        return await look(Ask(account, command, reading, purpose))
