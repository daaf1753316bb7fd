"""
Whom a write about one person everywhere is about: the person's records at each source, by their ids.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from adapters.calls import CallScope
from adapters.contract import MatchReason, PersonQuery, Source
from adapters.errors import CapabilityError, FacadeError, InputError
from adapters.identity import to_email_key
from adapters.records import SubscriberRecord
from resolvers.context import RequestContext
from resolvers.email_check import check_address
from resolvers.roles import find_finder
from resolvers.selection import Selection
from resolvers.writes.people_parts import ERASE, UPSERT, Found, PeopleArgs


def find_sources(args: PeopleArgs, ctx: RequestContext) -> list[Source]:
    """Return the sources a write goes to; raises `InputError` for one that the caller does not see."""
    if args.sources is None:
        return list(ctx.sources.values())
    if not args.sources:
        raise InputError("No source is named.", hint="Leave `sources` out for all.", path=("input", "sources"))
    found = [ctx.source(name, ("input", "sources", place)) for place, name in enumerate(args.sources)]
    return list({source.name: source for source in found}.values())


def build_query(named: Mapping[str, str]) -> PersonQuery:
    """Check what a person is looked for by; raises `InputError` where that is nothing, or no address."""
    if not named:
        raise InputError("Nobody was named.", hint="Give `email`, `phone` or `ref`.", path=("input", "email"))
    for name, value in named.items():
        if not value.strip() or not value.isprintable():
            raise InputError(f"This {name} is empty or holds a control character.", path=("input", name))
    email = named.get("email")
    key = None if email is None else to_email_key(check_address(email, ("input", "email")))
    return PersonQuery(email=key, phone=named.get("phone"), ref=named.get("ref"))


_KEPT_IN: Final[Mapping[str, tuple[str, ...]]] = {"email": ("email",), "phone": ("mobile", "phone"), "ref": ("ref",)}
"""The fields that hold what a person is looked for by."""


def check_fields(args: PeopleArgs) -> None:
    """
    Refuse an upsert that looks for one person and would make another.

    Raises:
        InputError: a field holds another identifier than the one that is looked for.
    """
    for name, value in args.named.items():
        given = {each: args.fields[each] for each in _KEPT_IN[name] if each in args.fields}
        if given and not any(_is_same(name, value, each) for each in given.values()):
            raise InputError(
                f"The person is looked for by another {name}, and would not be found again.",
                reason="IDENTIFIER_OTHER",
                hint="Change it with `updateSubscriber`, by the person's id.",
                path=("input", "fields", next(iter(given))),
            )


def _is_same(name: str, named: str, given: object) -> bool:
    if not isinstance(given, str):
        return False
    if name == "email":
        return to_email_key(named) == to_email_key(given)
    return named == given if name == "ref" else _read_digits(named) == _read_digits(given)


def _read_digits(number: str) -> str:
    """Return a number without what it is written with; which country it is of is each source's to know."""
    return "".join(filter(str.isdigit, number))


async def find_everywhere(
    kind: str, query: PersonQuery, sources: Sequence[Source], ctx: RequestContext, selection: Selection
) -> list[Found]:
    """
    Look for a person at each source, nothing masked and nothing remembered: what is found is only addressed.

    Who only shares the telephone number is another person, where an e-mail address or a reference is named too and the
    record has another one. Several people are nobody's: a write that changes or erases is refused there.
    """
    scope = replace(ctx.scope, max_staleness_s=0.0)
    try:
        found = await asyncio.gather(*(_find_at(source, query, scope, selection) for source in sources))
    finally:
        ctx.scope.spent = max(ctx.scope.spent, scope.spent)
    return [
        each if _is_one(kind, source, each) else _build_several() for source, each in zip(sources, found, strict=True)
    ]


async def _find_at(source: Source, query: PersonQuery, scope: CallScope, selection: Selection) -> Found:
    finder = find_finder(source)
    if finder is None:
        return CapabilityError(f"The source {source.name} cannot look for people.")
    try:
        matches = await finder.fetch_people(query, scope, purpose=selection.path)
    except FacadeError as error:
        return error
    return [match.record for match in matches if match.reasons != (MatchReason.PHONE,) or _may_be(match.record, query)]


def _may_be(record: SubscriberRecord, query: PersonQuery) -> bool:
    """Say whether nothing tells a record of the named number from the person: what is named too, and kept otherwise."""
    email = query.email is None or not record.email or to_email_key(record.email) == query.email
    return email and (query.ref is None or not record.ref or record.ref == query.ref)


def _is_one(kind: str, source: Source, found: Found) -> bool:
    """Say whether records are one person's: of one e-mail address, and one record where the source keeps no more."""
    if isinstance(found, FacadeError) or kind not in {UPSERT, ERASE}:
        return True
    if len({to_email_key(record.email) if record.email else record.id for record in found}) > 1:
        return False
    return kind == ERASE or source.package.many_records or len({record.id for record in found}) <= 1


def _build_several() -> InputError:
    return InputError(
        "Several people of this source are meant.", reason="AMBIGUOUS", hint="Name each by `id`, one after the other."
    )
