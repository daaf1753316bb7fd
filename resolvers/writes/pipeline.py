"""
The way of every write: checked, prepared, entered in the ledger, sent, told.

What is refused before the ledger knows of it is a top-level error; whatever happens after that is a payload.
"""

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from adapters.contract import Outcome, PreparedWrite, Source, WriteCapability, WriteResult, WriteScope, WritesRecords
from adapters.errors import CapabilityError, FacadeError, InProgressError, InputError
from adapters.ledger import Entry, NewEntry, State
from resolvers.context import RequestContext
from resolvers.policy.consent import Checked, check_sending
from resolvers.policy.masking import mask_record
from resolvers.principal import Scope
from resolvers.roles import find_writer
from resolvers.selection import Selection
from resolvers.writes.arguments import (
    WriteArgs,
    check_key,
    digest_items,
    digest_whole,
    hash_input,
    list_items,
    to_kept_command,
)
from resolvers.writes.desk import LedgerJournal, WriteDesk
from resolvers.writes.ending import NOT_WAITED_FOR, build_ending, doubt
from resolvers.writes.payload import WARNED, PayloadRecord, build_plan_payload, list_warnings, read_payload
from resolvers.writes.permission import NAMED, check_lookups, check_naming, check_scopes
from resolvers.writes.showing import show_entry
from resolvers.writes.slicing import Slicer
from resolvers.writes.waiting import GIVEN_UP, Waiting, carry_out_in_time, check_waiting

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.02, 0.5
_CHECK: Final = "Look the record up at the vendor."

log = logging.getLogger(__name__)

WRITE_ERASED: Final = "WRITE_ERASED"
"""Why a key is refused whose write was about somebody who is erased."""

INLINE_ITEMS: Final = 100
"""The most items of a bulk write that is carried out while its caller waits; more are the worker's."""


async def write(
    parents: Sequence[object], args: WriteArgs, ctx: RequestContext, selection: Selection
) -> list[PayloadRecord | FacadeError]:
    """Carry out one mutation at one source; its payload says what became of it."""
    try:
        payload: PayloadRecord | FacadeError = await _write(args, ctx, selection)
    except FacadeError as error:
        payload = error
    return [payload] * len(parents)


async def _write(args: WriteArgs, ctx: RequestContext, selection: Selection) -> PayloadRecord:
    source = ctx.source(args.command.source, _find_source_path(args))
    ability = find_ability(source, args.command.kind)
    check_scopes(args, ability, ctx.principal)
    check_key(args.key)
    check_naming(args, ability)
    check_lookups(args, source, ctx.principal)
    asked = _Asked(args, ability, source, ctx, selection)
    if args.dry_run:
        return await asked.plan()
    try:
        return await carry_out_in_time(ctx, _build_claim(args, ctx), partial(_claim_and_send, asked))
    finally:
        ctx.forget()


def _find_source_path(args: WriteArgs) -> tuple[str, ...]:
    """Return where in its input a mutation names its source: by itself, within an id, or beside another key."""
    if args.command.target is not None:
        return ("input", "id")
    named = next((NAMED[name] for name in NAMED if name in args.command.values), None)
    return ("input", "source") if named is None else ("input", named, "source")


@dataclass(frozen=True, slots=True)
class _Asked:
    """One mutation that may be carried out: what, where, and for whom."""

    args: WriteArgs
    ability: WriteCapability
    source: Source
    ctx: RequestContext
    selection: Selection

    @property
    def writer(self) -> WritesRecords:
        """The source's adapter as one that writes."""
        writer = find_writer(self.source)
        if writer is None:
            raise CapabilityError(f"The source {self.source.name} cannot be written to.")
        return writer

    @property
    def is_large(self) -> bool:
        """Whether it is the worker's, who takes it chunk by chunk; what takes no items is none of its business."""
        return len(self.args.command.items) > INLINE_ITEMS and self.ability.bulk > 1

    async def plan(self) -> PayloadRecord:
        """
        Show what would be sent, and what was asked to know it; raises as `prepare`.

        Parts of one write about many sources are planned side by side: each tells its own source's calls. A sending
        asks every source who has opted out.
        """
        before, everywhere = len(self.ctx.scope.calls), self.ability.scope is WriteScope.SEND
        prepared = await self.prepare(in_slices=self.is_large)
        calls = self.ctx.scope.calls[before:]
        made = [call for call in calls if everywhere or call.source == self.source.name]
        return build_plan_payload(prepared, made, show_values=self.ctx.principal.holds(Scope.PII))

    async def prepare(self, *, in_slices: bool = False) -> PreparedWrite:
        """
        Prepare the write and leave out whom it may not reach; raises as `prepare_write`, or `ConsentError`.

        `in_slices` prepares it as the worker will, which cannot be sent at once.
        """
        checked = await self.check()
        if in_slices:
            prepared = await self._slicer.prepare(checked.command)
        else:
            prepared = await self.writer.prepare_write(checked.command, self.ctx.scope, purpose=self.selection.path)
        skipped, warnings = {**checked.skipped, **prepared.skipped}, (*checked.warnings, *prepared.warnings)
        return replace(prepared, skipped=skipped, warnings=warnings)

    async def check_large(self) -> Checked:
        """Check a write that is the worker's, but for what takes a call for each item; raises as `prepare`."""
        known = await self._slicer.check(self.args.command)
        checked = await self.check()
        warnings = (*checked.warnings, *list_warnings(known))
        return replace(checked, skipped={**checked.skipped, **known.skipped}, warnings=warnings)

    @property
    def _slicer(self) -> Slicer:
        return Slicer(self.writer, self.ability, self.ctx.scope, self.selection.path)

    async def check(self) -> Checked:
        """Find out whom the write may not reach; raises as `check_sending`."""
        return await check_sending(self.args, self.ability, self.ctx, self.selection)

    async def send(self, prepared: PreparedWrite, journal: LedgerJournal) -> WriteResult:
        """Send the write; whatever breaks after it has begun leaves it UNKNOWN, and never without an end."""
        try:
            result = await self.writer.send_write(prepared, self.ctx.scope, journal)
            return replace(result, warnings=tuple(dict.fromkeys((*list_warnings(prepared), *result.warnings))))
        except FacadeError as error:
            return WriteResult(outcome=Outcome.UNKNOWN, error=error, check=_CHECK)
        except Exception:
            log.exception("operation %s: the write %s broke", self.ctx.operation_id, journal.id)
            return WriteResult(outcome=Outcome.UNKNOWN, error=FacadeError("Something broke on our side."), check=_CHECK)


def find_ability(source: Source, kind: str) -> WriteCapability:
    """Return what a source can do of a mutation; raises `CapabilityError` where it is nothing."""
    ability = source.writes.get(kind)
    if ability is None or find_writer(source) is None:
        able = ", ".join(sorted(source.writes)) or "nothing"
        why = source.package.refused_writes.get(kind, "")
        raise CapabilityError(
            f"The source {source.name} cannot do `{kind}`. {why}".strip(),
            hint=f"It can: {able}.",
            path=("input", "source"),
        )
    return ability


def _build_claim(args: WriteArgs, ctx: RequestContext) -> tuple[str, ...] | None:
    """
    Return what two askings must share to be told the very same answer; None where the caller gave no key.

    Callers of one name who may see different things wait for each other in the ledger instead.
    """
    if args.key is None:
        return None
    return (ctx.principal.tenant, ctx.principal.name, args.command.kind, args.key, hash_input(args))


async def _claim_and_send(asked: _Asked, desk: WriteDesk, waiting: Waiting[PayloadRecord]) -> PayloadRecord:
    """Do a write that nobody has begun under its key; answer what is known of one that somebody has."""
    args, ctx = asked.args, asked.ctx
    known = await _find_known(args, ctx, desk)
    if known is not None:
        return await _answer_again(known, args, ctx, desk)
    if asked.is_large and desk.worker is not None:
        return await _accept(asked, desk, waiting)
    prepared = await asked.prepare()
    check_waiting(waiting)
    begun = await desk.ledger.begin(_build_entry(args, ctx, prepared.skipped))
    if not begun.new:
        return await _answer_again(begun.entry, args, ctx, desk)
    journal = LedgerJournal(desk.ledger, begun.entry.id)
    if waiting.gone:
        return read_payload(await build_ending(begun.entry, NOT_WAITED_FOR).enter(desk))
    waiting.answer = read_payload(doubt(begun.entry))
    async with desk.hold(begun.entry.id):
        result = await asked.send(prepared, journal)
    ending, record = build_ending(begun.entry, result, journal.sent), _mask(result, ctx)
    waiting.answer = read_payload(ending.tell(GIVEN_UP), record)
    return read_payload(await ending.enter(desk), record)


async def _accept(asked: _Asked, desk: WriteDesk, waiting: Waiting[PayloadRecord]) -> PayloadRecord:
    """Enter a large bulk write, once it is checked, and leave it to the worker."""
    args, ctx, checked = asked.args, asked.ctx, await asked.check_large()
    begun = await desk.ledger.begin(_build_entry(args, ctx, checked.skipped, checked.warnings))
    if not begun.new:
        return await _answer_again(begun.entry, args, ctx, desk)
    if waiting.gone:
        return read_payload(await build_ending(begun.entry, NOT_WAITED_FOR).enter(desk))
    desk.start_bulk(begun.entry)
    return read_payload(begun.entry)


async def _find_known(args: WriteArgs, ctx: RequestContext, desk: WriteDesk) -> Entry | None:
    if args.key is None:
        return None
    return await desk.ledger.fetch_by_key(ctx.principal.name, args.command.kind, args.key)


def _build_entry(
    args: WriteArgs, ctx: RequestContext, skipped: Mapping[int, str], warned: Sequence[str] = ()
) -> NewEntry:
    return NewEntry(
        tenant=ctx.principal.tenant,
        principal=ctx.principal.name,
        mutation=args.command.kind,
        source=args.command.source,
        key=args.key or secrets.token_hex(16),
        input_hash=hash_input(args),
        command={**to_kept_command(args), **({WARNED: list(warned)} if warned else {})},
        people=digest_whole(args),
        items=list_items(args),
        item_people=digest_items(args),
        skipped=skipped,
    )


async def _answer_again(entry: Entry, args: WriteArgs, ctx: RequestContext, desk: WriteDesk) -> PayloadRecord:
    """Answer a write that has been asked for before; raises as `wait_for_end`."""
    known = await wait_for_end(entry, hash_input(args), ctx, desk)
    return read_payload(show_entry(known, ctx.principal))


async def wait_for_end(entry: Entry, input_hash: str, ctx: RequestContext, desk: WriteDesk) -> Entry:
    """
    Return a write that has been asked for before once it has ended, waiting for one that is still under way.

    Nobody waits for what the worker carries out: it is returned as it is.

    Raises:
        InputError: under this key something else was asked for, or nobody can tell any more what it was.
        InProgressError: it does not end within the request's deadline.
    """
    if entry.is_erased:
        raise InputError(
            "What was written under this idempotency key is forgotten, with the person it was about.",
            reason=WRITE_ERASED,
            hint="It is not done again. Use a new key for a new write.",
            path=("input", "idempotencyKey"),
        )
    if entry.input_hash != input_hash:
        raise InputError(
            "Under this idempotency key another input was sent before.",
            reason="IDEMPOTENCY_MISMATCH",
            hint="Use a new key for a new write.",
            path=("input", "idempotencyKey"),
        )
    wait_s = _FIRST_WAIT_S
    while entry.state is not State.DONE and not _is_workers(entry, desk):
        if ctx.scope.remaining_s() <= wait_s:
            raise InProgressError(
                "The write with this key is still under way.", hint="Ask again with the same key in a moment."
            )
        await asyncio.sleep(wait_s)
        wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
        entry = await desk.ledger.fetch(entry.id) or entry
    return entry


def _is_workers(entry: Entry, desk: WriteDesk) -> bool:
    return entry.items > INLINE_ITEMS and entry.mutation in desk.carried_on


def _mask(result: WriteResult, ctx: RequestContext) -> Any:
    if result.record is None or ctx.principal.holds(Scope.PII):
        return result.record
    return mask_record(result.record)
