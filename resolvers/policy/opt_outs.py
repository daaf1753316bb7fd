"""
Who of several people has opted out, in any source the caller sees.

Every source is asked once for all of them, or person by person where it has no call for many; and again, once, for what
the records that were found are known by beside: who shares a number or an address with somebody who has opted out is
left out, too. Nothing that is remembered will do: an opt-out counts at once.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from adapters.calls import CallScope
from adapters.contract import FindsManyPeople, FindsPeople, PeopleFound, PersonQuery, Source
from adapters.errors import CapabilityError, FacadeError, VendorError
from adapters.identity import list_email_forms, to_e164
from adapters.records import Entity, SubscriberRecord, SubscriptionState
from resolvers.context import RequestContext
from resolvers.roles import find_finder, find_reader

CALLS_EACH: Final = 20
"""Vendor calls a person's look-up may take beside those the request may spend: some sources are asked one by one."""

HINT: Final = "Try again in a moment, or say `recipientsUnchecked: true` to go on although nobody knows."

Names = frozenset[PersonQuery]
"""What somebody is known by, each by itself."""


@dataclass(frozen=True, slots=True)
class OptOuts:
    """
    Who has opted out, by place, and what could not be found out.

    `marks` tell each one from others: a reference, or a source with the id of the one record it has of them. Whoever
    shares a mark with another is the same person.
    """

    places: frozenset[int]
    warnings: tuple[str, ...]
    marks: tuple[frozenset[tuple[str, str]], ...]


async def find_opt_outs(
    people: Sequence[Mapping[str, Any]], source: str, ctx: RequestContext, purpose: str, *, lenient: bool
) -> OptOuts:
    """
    Find who has opted out; each person is named by `id` at one source, or by `email`, `phone`, `mobile`, `ref`.

    A source that cannot look for somebody is a warning; `lenient` makes one of a source that failed, too.

    Raises:
        FacadeError: a source failed, so that nobody knows.
    """
    allowed = CALLS_EACH * len(people)
    before = ctx.scope.spent
    scope = replace(ctx.scope, max_staleness_s=0.0, max_calls=ctx.scope.max_calls + allowed)
    try:
        return await _Search(ctx, scope, purpose, lenient=lenient).find(people, source)
    finally:
        ctx.scope.spent += max(0, scope.spent - before - allowed)


@dataclass
class _Search:
    """One look-up of many people: what each source answered of each name."""

    ctx: RequestContext
    scope: CallScope
    purpose: str
    lenient: bool
    own: dict[str, SubscriberRecord] = field(default_factory=dict)
    answers: dict[str, dict[PersonQuery, PeopleFound]] = field(default_factory=lambda: defaultdict(dict))
    failed: set[str] = field(default_factory=set)

    async def find(self, people: Sequence[Mapping[str, Any]], source: str) -> OptOuts:
        """Look for everybody by what was said, and once more by what was found."""
        region = self.ctx.source(source).region
        await self._fetch_own([each["id"] for each in people if each.get("id")], source)
        names = [self._name(each, region) for each in people]
        await self._ask(frozenset[PersonQuery]().union(*names))
        marks = tuple(self._mark(each, known, source) for each, known in zip(people, names, strict=True))
        names = [known | self._follow(known) for known in names]
        await self._ask(frozenset[PersonQuery]().union(*names))
        places = frozenset(place for place, each in enumerate(people) if self._has_left(each, names[place]))
        return OptOuts(places, (*self._tell_failures(), *self._tell_unasked(people, source, names)), marks)

    def _mark(self, person: Mapping[str, Any], names: Names, source: str) -> frozenset[tuple[str, str]]:
        """Mark a person; who is named by id may share an address with others, so nothing is known by that."""
        refs = {("", name.ref) for name in names if name.ref is not None}
        if id_ := person.get("id"):
            return frozenset({*refs, (source, id_)})
        ids = defaultdict[str, set[str]](set)
        for record in self._list_records(names):
            ids[record.source].add(record.id)
        return frozenset({*refs, *((each, next(iter(found))) for each, found in ids.items() if len(found) == 1)})

    def _name(self, person: Mapping[str, Any], region: str | None) -> Names:
        own = self.own.get(person.get("id") or "")
        said = frozenset(_list_names(person.get, region))
        return said if own is None else said | frozenset(_list_names(partial(getattr, own), region))

    def _follow(self, names: Names) -> Names:
        """Name what the records of these names are known by."""
        return frozenset(
            name
            for record in self._list_records(names)
            for name in _list_names(partial(getattr, record), self.ctx.source(record.source).region)
        )

    def _list_records(self, names: Names) -> Iterator[SubscriberRecord]:
        for answers in self.answers.values():
            for name in names:
                found = answers.get(name, ())
                yield from () if isinstance(found, FacadeError) else (match.record for match in found)

    def _has_left(self, person: Mapping[str, Any], names: Names) -> bool:
        own = self.own.get(person.get("id") or "")
        records = (*self._list_records(names), *((own,) if own else ()))
        return any(record.subscription is SubscriptionState.UNSUBSCRIBED for record in records)

    async def _fetch_own(self, ids: Sequence[str], source: str) -> None:
        """Read the people who are named by id; whom the source cannot read by one is nobody's record."""
        if not ids:
            return
        reader = find_reader(self.ctx.source(source))
        try:
            found = await reader.fetch_by_ids(
                Entity.SUBSCRIBER, list(dict.fromkeys(ids)), self.scope, parts=frozenset(), purpose=self.purpose
            )
        except CapabilityError:
            return
        for id_, record in found.items():
            if isinstance(record, SubscriberRecord):
                self.own[id_] = record
            elif isinstance(record, FacadeError):
                self._judge(source, record)

    async def _ask(self, names: Names) -> None:
        await asyncio.gather(*(self._ask_source(source, names) for source in self.ctx.sources.values()))

    async def _ask_source(self, source: Source, names: Names) -> None:
        """Ask one source for the names it was not asked for; raises what it fails with."""
        answers = self.answers[source.name]
        asked = sorted(names - answers.keys(), key=repr)
        answers |= await fetch_many(find_finder(source), asked, self.scope, self.purpose)
        for name in asked:
            found = answers[name]
            if isinstance(found, FacadeError):
                self._judge(source.name, found)

    def _judge(self, source: str, error: FacadeError) -> None:
        """
        Let a source that cannot look pass, and stop at one that failed unless the caller goes on all the same.

        What is not a source's failure stops everybody: a look-up that would take too many calls was not made.
        """
        if isinstance(error, CapabilityError):
            return
        if not isinstance(error, VendorError):
            raise error
        self.failed.add(source)
        if not self.lenient:
            error.hint = HINT
            raise error

    def _tell_failures(self) -> Iterator[str]:
        for source in sorted(self.failed):
            yield f"The source {source} failed to say who has opted out; whoever has there is not left out."

    def _tell_unasked(self, people: Sequence[Mapping[str, Any]], own: str, names: Sequence[Names]) -> Iterator[str]:
        """Say how many people each source could not look for, by any of their names."""
        for source, answers in sorted(self.answers.items()):
            unasked = sum(
                not (source == own and each.get("id") in self.own)
                and all(isinstance(answers[name], CapabilityError) for name in known)
                for each, known in zip(people, names, strict=True)
            )
            if unasked:
                yield (
                    f"The source {source} cannot be asked whether {unasked} of {len(names)} people have opted out: "
                    "it finds nobody by what they are known by."
                )


def _list_names(read: Callable[[str], Any], region: str | None) -> Iterator[PersonQuery]:
    """List what somebody is known by; `read` tells a field, None or nothing where there is none."""
    if email := read("email"):
        yield from (PersonQuery(email=form) for form in list_email_forms(email))
    for number in filter(None, (read("phone"), read("mobile"))):
        yield PersonQuery(phone=to_e164(number, region) or number)
    if ref := read("ref"):
        yield PersonQuery(ref=ref)


async def fetch_many(
    finder: FindsPeople | None, names: Sequence[PersonQuery], scope: CallScope, purpose: str
) -> Mapping[PersonQuery, PeopleFound]:
    """Find the people of many names at one source, in one go where it can; an error is its name's answer."""
    if finder is None:
        return dict.fromkeys(names, CapabilityError("The source cannot look for people."))
    if isinstance(finder, FindsManyPeople):
        return await finder.fetch_many_people(names, scope, purpose=purpose)
    found = await asyncio.gather(*(_fetch_one(finder, name, scope, purpose) for name in names))
    return dict(zip(names, found, strict=True))


async def _fetch_one(finder: FindsPeople, name: PersonQuery, scope: CallScope, purpose: str) -> PeopleFound:
    try:
        return await finder.fetch_people(name, scope, purpose=purpose)
    except FacadeError as error:
        return error
