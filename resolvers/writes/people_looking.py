"""
Whom a write about one person everywhere is about: the person's records at each source, by their ids.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from adapters.calls import CallScope
from adapters.contract import PersonQuery, Source
from adapters.errors import CapabilityError, FacadeError, InputError
from adapters.identity import to_email_key
from resolvers.context import RequestContext
from resolvers.roles import find_finder
from resolvers.selection import Selection
from resolvers.writes.people_parts import Found, PeopleArgs


def find_sources(args: PeopleArgs, ctx: RequestContext) -> list[Source]:
    """Return the sources a write goes to; raises `InputError` for one that the caller does not see."""
    if args.sources is None:
        return list(ctx.sources.values())
    if not args.sources:
        raise InputError("No source is named.", hint="Leave `sources` out for all.", path=("input", "sources"))
    found = [ctx.source(name, ("input", "sources", place)) for place, name in enumerate(args.sources)]
    return list({source.name: source for source in found}.values())


def build_query(named: Mapping[str, str]) -> PersonQuery:
    """Check what a person is looked for by; raises `InputError` where that is nothing, or something empty."""
    if not named:
        raise InputError("Nobody was named.", hint="Give `email`, `phone` or `ref`.", path=("input", "email"))
    for name, value in named.items():
        if not value.strip() or not value.isprintable():
            raise InputError(f"This {name} is empty or holds a control character.", path=("input", name))
    email = named.get("email")
    return PersonQuery(
        email=None if email is None else to_email_key(email), phone=named.get("phone"), ref=named.get("ref")
    )


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
    query: PersonQuery, sources: Sequence[Source], ctx: RequestContext, selection: Selection
) -> list[Found]:
    """Look for a person at each source, nothing masked and nothing remembered: what is found is only addressed."""
    scope = replace(ctx.scope, max_staleness_s=0.0)
    try:
        return await asyncio.gather(*(_find_at(source, query, scope, selection) for source in sources))
    finally:
        ctx.scope.spent = max(ctx.scope.spent, scope.spent)


async def _find_at(source: Source, query: PersonQuery, scope: CallScope, selection: Selection) -> Found:
    finder = find_finder(source)
    if finder is None:
        return CapabilityError(f"The source {source.name} cannot look for people.")
    try:
        matches = await finder.fetch_people(query, scope, purpose=selection.path)
    except FacadeError as error:
        return error
    return [match.record for match in matches]
