"""
The way of every write: checked, prepared, entered in the ledger, sent, told.

What is refused before the ledger knows of it is a top-level error; whatever happens after that is a payload.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from adapters.concurrency import work_aside
from adapters.contract import Source, WriteCapability, WriteResult
from adapters.errors import CapabilityError, FacadeError, InProgressError, InputError
from adapters.ledger import Entry, NewEntry, State
from resolvers.context import RequestContext
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
from resolvers.writes.asked import Asked
from resolvers.writes.desk import LedgerJournal, WriteDesk
from resolvers.writes.ending import NOT_WAITED_FOR, build_ending, doubt
from resolvers.writes.payload import WARNED, PayloadRecord, read_payload
from resolvers.writes.permission import NAMED, check_lookups, check_naming, check_scopes
from resolvers.writes.showing import show_entry
from resolvers.writes.waiting import GIVEN_UP, Waiting, carry_out_in_time, check_waiting

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.02, 0.5

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
    if args.dry_run:
        return await Asked(args, ability, source, ctx, selection).plan(in_slices=_is_large(args, ability))
    asked = Asked(
        args, ability, source, ctx, selection, await work_aside(args.command.count, partial(hash_input, args))
    )
    try:
        return await carry_out_in_time(ctx, _build_claim(asked), partial(_claim_and_send, asked))
    finally:
        ctx.forget()


def _is_large(args: WriteArgs, ability: WriteCapability) -> bool:
    """Say whether a write is the worker's, who takes it chunk by chunk; what takes no items is none of its business."""
    return len(args.command.items) > INLINE_ITEMS and ability.bulk > 1


def _find_source_path(args: WriteArgs) -> tuple[str, ...]:
    """Return where in its input a mutation names its source: by itself, within an id, or beside another key."""
    if args.command.target is not None:
        return ("input", "id")
    named = next((NAMED[name] for name in NAMED if name in args.command.values), None)
    return ("input", "source") if named is None else ("input", named, "source")


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


def _build_claim(asked: Asked) -> tuple[str, ...] | None:
    """
    Return what two askings must share to be told the very same answer; None where the caller gave no key.

    Callers of one name who may see different things wait for each other in the ledger instead.
    """
    args, principal = asked.args, asked.ctx.principal
    if args.key is None:
        return None
    return (principal.tenant, principal.name, args.command.kind, args.key, asked.input_hash)


async def _claim_and_send(asked: Asked, desk: WriteDesk, waiting: Waiting[PayloadRecord]) -> PayloadRecord:
    """Do a write that nobody has begun under its key; answer what is known of one that somebody has."""
    args, ctx = asked.args, asked.ctx
    known = await _find_known(args, ctx, desk)
    if known is not None:
        return await _answer_again(known, asked, desk)
    if _is_large(args, asked.ability) and desk.worker is not None:
        return await _accept(asked, desk, waiting)
    prepared = await asked.prepare()
    check_waiting(waiting)
    begun = await desk.ledger.begin(await _build_entry(asked, prepared.skipped))
    if not begun.new:
        return await _answer_again(begun.entry, asked, desk)
    journal = LedgerJournal(desk.ledger, begun.entry.id)
    if waiting.gone:
        return read_payload(await build_ending(begun.entry, NOT_WAITED_FOR).enter(desk))
    waiting.answer = read_payload(doubt(begun.entry))
    async with desk.hold(begun.entry.id):
        result = await asked.send(prepared, journal)
    end = partial(build_ending, begun.entry, result, journal.sent)
    ending, record = await work_aside(begun.entry.items, end), _mask(result, ctx)
    waiting.answer = read_payload(ending.tell(GIVEN_UP), record)
    return read_payload(await ending.enter(desk), record)


async def _accept(asked: Asked, desk: WriteDesk, waiting: Waiting[PayloadRecord]) -> PayloadRecord:
    """Enter a large bulk write, once it is checked, and leave it to the worker."""
    checked = await asked.check_large()
    begun = await desk.ledger.begin(await _build_entry(asked, checked.skipped, checked.warnings))
    if not begun.new:
        return await _answer_again(begun.entry, asked, desk)
    if waiting.gone:
        return read_payload(await build_ending(begun.entry, NOT_WAITED_FOR).enter(desk))
    desk.start_bulk(begun.entry)
    return read_payload(begun.entry)


async def _find_known(args: WriteArgs, ctx: RequestContext, desk: WriteDesk) -> Entry | None:
    if args.key is None:
        return None
    return await desk.ledger.fetch_by_key(ctx.principal.name, args.command.kind, args.key)


async def _build_entry(asked: Asked, skipped: Mapping[int, str], warned: Sequence[str] = ()) -> NewEntry:
    args, ctx = asked.args, asked.ctx
    build = partial(
        NewEntry,
        tenant=ctx.principal.tenant,
        principal=ctx.principal.name,
        mutation=args.command.kind,
        source=args.command.source,
        key=args.key or secrets.token_hex(16),
        input_hash=asked.input_hash,
        command={**to_kept_command(args), **({WARNED: list(warned)} if warned else {})},
        people=digest_whole(args),
        items=list_items(args),
        skipped=skipped,
    )
    return await work_aside(args.command.count, lambda: build(item_people=digest_items(args)))


async def _answer_again(entry: Entry, asked: Asked, desk: WriteDesk) -> PayloadRecord:
    """Answer a write that has been asked for before; raises as `wait_for_end`."""
    known = await wait_for_end(entry, asked.input_hash, asked.ctx, desk)
    return read_payload(show_entry(known, asked.ctx.principal))


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
