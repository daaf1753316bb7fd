"""
Writes about one person at every source: each source has a part of its own, and no part hides another's outcome.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from adapters.contract import Outcome, PersonQuery, Source
from adapters.errors import FacadeError, ForbiddenError, InProgressError, LedgerError
from adapters.ledger import Entry
from resolvers.context import FacadeErrorAt, RequestContext
from resolvers.principal import Principal, Scope
from resolvers.selection import Selection
from resolvers.writes.arguments import WriteArgs, check_key
from resolvers.writes.desk import WriteDesk
from resolvers.writes.payload import PayloadRecord, read_payload, to_write_error
from resolvers.writes.people_answers import (
    ANSWERED,
    PARTS,
    build_people_entry,
    hash_people_input,
    read_answer,
    to_plain_answer,
)
from resolvers.writes.people_forgetting import gather_identity
from resolvers.writes.people_looking import build_query, check_fields, find_everywhere, find_sources
from resolvers.writes.people_parts import (
    ERASE,
    UPSERT,
    Found,
    PeopleArgs,
    PeoplePayload,
    PersonPart,
    PlannedPart,
    build_doubt,
    derive_key,
    is_nobodys,
    is_soon_over,
    plan_parts,
    to_part,
)
from resolvers.writes.pipeline import WRITE_ERASED, wait_for_end, write
from resolvers.writes.waiting import WHOLE_SLACK_S, Waiting, carry_out_in_time, check_waiting

log = logging.getLogger(__name__)

MOST_TIMES: Final = 50
"""How often a part that was not sent is done again under one key."""


async def write_people(
    parents: Sequence[object], args: PeopleArgs, ctx: RequestContext, selection: Selection
) -> list[PeoplePayload | FacadeError]:
    """Carry out a write about one person at each source; its payload says of each part what became of it."""
    try:
        payload: PeoplePayload | FacadeError = await _write_people(args, ctx, selection)
    except FacadeError as error:
        payload = error
    return [payload] * len(parents)


async def _write_people(args: PeopleArgs, ctx: RequestContext, selection: Selection) -> PeoplePayload:
    check_key(args.key)
    _check_scopes(args, ctx.principal)
    check_fields(args)
    asked = _Asked(args, build_query(args.named), find_sources(args, ctx), ctx, selection)
    if args.dry_run:
        return await asked.carry_out(None)
    who = (ctx.principal.tenant, ctx.principal.name)
    claim = None if args.key is None else (*who, args.kind, args.key, hash_people_input(args))
    return await carry_out_in_time(ctx, claim, asked.answer, WHOLE_SLACK_S)


def _check_scopes(args: PeopleArgs, principal: Principal) -> None:
    """Refuse a caller who could do no part; each part checks what more it needs. Raises `ForbiddenError`."""
    needed = [Scope.WRITE] if args.consent is None else [Scope.WRITE, Scope.CONSENT]
    if args.dry_run and {"email", "phone"} & args.named.keys():
        needed.append(Scope.PII)  # it would tell who is known where, and do nothing
    for scope in needed:
        if not principal.holds(scope):
            raise ForbiddenError(
                f"`{args.kind}` needs the scope `{scope.value}`.",
                reason="SCOPE_MISSING",
                hint="Ask the operator for it.",
            )


@dataclass(frozen=True, slots=True)
class _Asked:
    """One write that may be carried out: what, about whom, where, and for whom."""

    args: PeopleArgs
    query: PersonQuery
    sources: Sequence[Source]
    ctx: RequestContext
    selection: Selection

    async def answer(self, desk: WriteDesk, waiting: Waiting[PeoplePayload]) -> PeoplePayload:
        """Do a write that has no answer under its key; tell the answer of one that has."""
        if self.args.key is None:
            return await self.carry_out(desk, waiting)
        new = build_people_entry(self.args, self.args.key, self.ctx.principal)
        begun = await desk.ledger.begin(new)
        if not begun.new:
            entry = await wait_for_end(begun.entry, new.input_hash, self.ctx, desk)
            if PARTS in entry.result:
                return await read_answer(entry.result, desk.ledger, self.ctx.principal)
        async with desk.hold(begun.entry.id):  # a process that went without an answer left parts, each under its key
            payload = await self.carry_out(desk, waiting)
        await self._keep(begun.entry, payload, desk)
        return payload

    async def carry_out(self, desk: WriteDesk | None, waiting: Waiting[PeoplePayload] | None = None) -> PeoplePayload:
        """Look for the person, do every part side by side, and have the ledger forget whom an erasure was about."""
        waiting = waiting or Waiting()
        found = await find_everywhere(self.args.kind, self.query, self.sources, self.ctx, self.selection)
        check_waiting(waiting)
        waiting.answer = PeoplePayload(tuple(build_doubt(self.args.kind, source) for source in self.sources))
        done = await asyncio.gather(*map(self._do_source, self.sources, found, [desk] * len(found)))
        parts = tuple(part for each in done for part in each)
        waiting.answer = PeoplePayload(parts)
        if desk is None or self.args.kind != ERASE:
            return PeoplePayload(parts)
        return PeoplePayload(parts, await self._forget(parts, found, desk))

    async def _do_source(self, source: Source, found: Found, desk: WriteDesk | None) -> list[PersonPart]:
        made = desk is not None and await self._was_made(source, desk)
        return [await self._do(part, desk) for part in plan_parts(self.args, source, found, made=made)]

    async def _was_made(self, source: Source, desk: WriteDesk) -> bool:
        """Say whether a source was told under this key before to make the person, who is found since."""
        key = derive_key(self.args.key, source.name, None)
        if key is None or self.args.kind != UPSERT:
            return False
        return await desk.ledger.fetch_by_key(self.ctx.principal.name, "upsertSubscriber", key) is not None

    async def _do(self, part: PlannedPart, desk: WriteDesk | None) -> PersonPart:
        if part.args is None:
            return part.refuse(part.refusal or FacadeError("There is nothing to be done."))
        args = part.args if desk is None else await self._renew_key(part.args, desk)
        (payload,) = await write([None], args, self.ctx, self.selection)
        if isinstance(payload, PayloadRecord):
            return to_part(part.mutation, payload)
        if isinstance(payload, InProgressError) or payload.reason == WRITE_ERASED:
            errors = (to_write_error(payload, Outcome.UNKNOWN),)
            return PersonPart(outcome=Outcome.UNKNOWN, source=part.source, mutation=part.mutation, errors=errors)
        return part.refuse(payload)

    async def _renew_key(self, args: WriteArgs, desk: WriteDesk) -> WriteArgs:
        """Give a part that was not sent, for a trouble that passes, a key of its own for this time."""
        name, mutation = self.ctx.principal.name, args.command.kind
        for _ in range(MOST_TIMES):
            known = None if args.key is None else await desk.ledger.fetch_by_key(name, mutation, args.key)
            if known is None or not is_soon_over(to_part(mutation, read_payload(known))):
                return args
            args = replace(args, key=derive_key(args.key, args.command.source, args.command.target))
        return args

    async def _forget(self, parts: Sequence[PersonPart], found: Sequence[Found], desk: WriteDesk) -> int | None:
        """
        Have the ledger forget the person, but for the erasure itself; None where it cannot.

        Where several people were found nobody is meant, and nothing is forgotten of that source.
        """
        identity = gather_identity(self.args.named, self.sources, found)
        meant = [source.name for source, each in zip(self.sources, found, strict=True) if not is_nobodys(each)]
        try:
            return await desk.ledger.erase_people(
                sorted(identity.digests),
                shared=sorted(identity.shared),
                sources=meant,
                kept=[part.operation.id for part in parts if part.operation is not None],
                is_about=identity.is_about,
            )
        except LedgerError as error:
            self.ctx.notices.append(FacadeErrorAt(error, tuple(self.selection.path.split("."))))
            return None

    async def _keep(self, entry: Entry, payload: PeoplePayload, desk: WriteDesk) -> None:
        """
        Enter the answer; without it the parts' own keys still keep them from being done twice.

        An answer that a trouble has cut short is none: who asks again under the key has the rest done.
        """
        whole = not any(map(is_soon_over, payload.parts)) and (self.args.kind != ERASE or payload.forgotten is not None)
        outcome, answer = (ANSWERED, to_plain_answer(payload)) if whole else (Outcome.UNKNOWN.value, {})
        try:
            await desk.ledger.finish(entry.id, outcome, answer)
        except LedgerError:
            log.exception("operation %s: the ledger does not keep the answer", self.ctx.operation_id)
