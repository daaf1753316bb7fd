"""
Whom a sending may reach: nobody who has opted out, in any source the caller sees, unless the caller says so.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from adapters.contract import FindsPeople, PersonQuery, WriteCapability, WriteCommand, WriteScope
from adapters.errors import CapabilityError, ConsentError, FacadeError
from adapters.identity import to_email_key
from adapters.records import Entity, SubscriberRecord, SubscriptionState
from resolvers.context import RequestContext
from resolvers.roles import find_finder, find_reader
from resolvers.selection import Selection
from resolvers.writes.arguments import LEFT_OUT, RECIPIENTS, WriteArgs

OPTED_OUT: Final = "This person has opted out."


async def check_sending(
    args: WriteArgs, ability: WriteCapability, ctx: RequestContext, selection: Selection
) -> WriteCommand:
    """
    Return a command with the recipients it may reach; its values tell who was left out, by place.

    Raises:
        ConsentError: nobody can tell whom it reaches and the caller has not said that it knows, or nobody is left.
    """
    command = args.command
    if ability.scope is not WriteScope.SEND:
        return command
    recipients = command.values.get(RECIPIENTS)
    if recipients is None:
        return _accept_unchecked(args, ability)
    if args.unsubscribed_too:
        return command
    states = await asyncio.gather(*(_find_state(each, command.source, ctx, selection) for each in recipients))
    kept = [each for each, reached in zip(recipients, states, strict=True) if reached]
    skipped = [place for place, reached in enumerate(states) if not reached]
    if not kept:
        raise ConsentError(
            "Everyone this would reach has opted out.",
            hint="Say `allowUnsubscribed: true`, which needs the scope `consent`, if they must get it all the same.",
            path=("input", RECIPIENTS),
        )
    return replace(command, values={**command.values, RECIPIENTS: kept, LEFT_OUT: skipped})


def _accept_unchecked(args: WriteArgs, ability: WriteCapability) -> WriteCommand:
    if ability.unchecked and not args.unchecked:
        raise ConsentError(
            "Whom this reaches is known only to the vendor, so nobody can be left out.",
            hint="Say `recipientsUnchecked: true` to send all the same.",
            path=("input", "recipientsUnchecked"),
        )
    return args.command


async def _find_state(recipient: Mapping[str, Any], source: str, ctx: RequestContext, selection: Selection) -> bool:
    """Say whether one recipient may be reached: no source the caller sees says that the person has opted out."""
    own = await _find_own(recipient, source, ctx, selection)
    email = recipient.get("email") or (own.email if own else None)
    query = PersonQuery(
        email=to_email_key(email) if email else None,
        phone=recipient.get("phone") or (own.mobile if own else None),
        ref=recipient.get("ref") or (own.ref if own else None),
    )
    records = [own] if own else []
    if query != PersonQuery():
        records += await _find_everywhere(query, ctx, selection)
    return all(record.subscription is not SubscriptionState.UNSUBSCRIBED for record in records)


async def _find_own(
    recipient: Mapping[str, Any], source: str, ctx: RequestContext, selection: Selection
) -> SubscriberRecord | None:
    id_ = recipient.get("id")
    if id_ is None:
        return None
    reader = find_reader(ctx.source(source))
    found = await reader.fetch_by_ids(Entity.SUBSCRIBER, [id_], ctx.scope, parts=frozenset(), purpose=selection.path)
    record = found.get(id_)
    if isinstance(record, FacadeError):
        raise record
    return record if isinstance(record, SubscriberRecord) else None


async def _find_everywhere(query: PersonQuery, ctx: RequestContext, selection: Selection) -> list[SubscriberRecord]:
    """Find a person's records in every source that can look; a source that fails stops the sending."""
    finders = [finder for source in ctx.sources.values() if (finder := find_finder(source)) is not None]
    found = await asyncio.gather(*(_find_at(finder, query, ctx, selection) for finder in finders))
    return [record for records in found for record in records]


async def _find_at(
    finder: FindsPeople, query: PersonQuery, ctx: RequestContext, selection: Selection
) -> list[SubscriberRecord]:
    """Find a person's records at one source; none where it cannot look by what is known."""
    try:
        matches = await finder.fetch_people(query, ctx.scope, purpose=selection.path)
    except CapabilityError:
        return []
    return [match.record for match in matches]
