"""
One person over all sources: the profiles side by side, where they disagree, and whether the person may be written to.

Nothing is merged: every value stays with the source that holds it.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from adapters.contract import MatchReason, PersonMatch, PersonQuery, Source
from adapters.errors import CapabilityError, FacadeError, InputError
from adapters.identity import to_e164, to_email_key
from adapters.records import SubscriberRecord, SubscriptionState
from resolvers.context import FacadeErrorAt, RequestContext
from resolvers.email_check import check_address
from resolvers.pages import CompletenessRecord
from resolvers.parts import find_parts
from resolvers.policy.completeness import report_read, report_unsupported
from resolvers.policy.masking import MASK, check_lookup_scope
from resolvers.roles import find_people_finder
from resolvers.selection import Selection


@dataclass(frozen=True, slots=True)
class PersonArgs:
    """Who is looked for: anyone of whom any of the three is true."""

    email: str | None = None
    phone: str | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRecord:
    """What one source keeps of the person, and what says that it is the person's."""

    source: str
    subscriber: SubscriberRecord
    reasons: tuple[MatchReason, ...]

    @property
    def subscription(self) -> SubscriptionState:
        """Whether the source may send to the person."""
        return self.subscriber.subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictValueRecord:
    """One of the values that disagree, as its source writes it."""

    source: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRecord:
    """A field in which profiles disagree."""

    field: str
    values: tuple[ConflictValueRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSubscriptionRecord:
    """Whether one source may send to the person, over all its records of them."""

    source: str
    subscription: SubscriptionState


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """A person: the profiles by source, where they disagree, and what each source gave."""

    profiles: tuple[ProfileRecord, ...]
    conflicts: tuple[ConflictRecord, ...]
    completeness: tuple[CompletenessRecord, ...]

    @property
    def subscription(self) -> SubscriptionState:
        """The most careful of the sources' words: an opt-out anywhere counts, then a bounce."""
        return choose_careful(profile.subscription for profile in self.profiles)

    @property
    def subscriptions(self) -> tuple[SourceSubscriptionRecord, ...]:
        """The most careful word of each source's records, in the order of the sources."""
        sources = dict.fromkeys(profile.source for profile in self.profiles)
        return tuple(
            SourceSubscriptionRecord(
                source=source,
                subscription=choose_careful(each.subscription for each in self.profiles if each.source == source),
            )
            for source in sources
        )


def choose_careful(states: Iterable[SubscriptionState]) -> SubscriptionState:
    """Return the most careful of several words."""
    told = set(states)
    return next((state for state in _CAREFUL if state in told), SubscriptionState.UNKNOWN)


_CAREFUL: Final = (SubscriptionState.UNSUBSCRIBED, SubscriptionState.BOUNCED, SubscriptionState.SUBSCRIBED)

Reply = tuple[PersonMatch, ...] | FacadeError


async def person(
    parents: Sequence[object], args: PersonArgs, ctx: RequestContext, selection: Selection
) -> list[PersonRecord | FacadeError]:
    """
    Look for one person in every source the caller sees, side by side.

    Where no source knows the person there are no profiles, and `completeness` says what each source answered. A source
    that fails is a notice beside the others' answers; where none answered, its failure is the answer.
    """
    try:
        found: PersonRecord | FacadeError = await ctx.share(
            ("person", args, _find_parts(selection)), lambda: _find(args, ctx, selection)
        )
    except FacadeError as error:
        found = error
    return [found] * len(parents)


async def _find(args: PersonArgs, ctx: RequestContext, selection: Selection) -> PersonRecord:
    query = replace(build_person_query(args, ctx), parts=_find_parts(selection))
    sources = list(ctx.sources.values())
    replies = await asyncio.gather(*(_ask(source, query, ctx, selection) for source in sources))
    told = list(zip(sources, replies, strict=True))
    profiles = tuple(_read_profiles(replies))
    failures = [reply for reply in replies if isinstance(reply, FacadeError) and not isinstance(reply, InputError)]
    if failures and all(isinstance(reply, FacadeError) for reply in replies):
        raise failures[0]
    ctx.notices.extend(FacadeErrorAt(error, tuple(selection.path.split("."))) for error in failures)
    return PersonRecord(
        profiles=profiles,
        conflicts=tuple(find_conflicts(profiles, ctx)),
        completeness=tuple(_report(source, reply) for source, reply in told),
    )


def _find_parts(selection: Selection) -> frozenset[str]:
    """Name the costly parts of the person's records that are selected."""
    return find_parts(SubscriberRecord.entity, selection.child("profiles").child("subscriber"))


def build_person_query(args: PersonArgs, ctx: RequestContext) -> PersonQuery:
    """
    Check what a person is looked for by.

    Raises:
        InputError: nothing was given, or something empty, or what is no address, or no telephone number to any source.
        ForbiddenError: an address or a number was given without the scope `pii`.
    """
    given = {name: value for name in ("email", "phone", "ref") if (value := getattr(args, name)) is not None}
    if not given:
        raise InputError("Nobody was named.", hint="Give `email`, `phone` or `ref`.", path=("email",))
    for name, value in given.items():
        if not value.strip() or not value.isprintable():
            raise InputError(f"This {name} is empty or holds a control character.", path=(name,))
        check_lookup_scope(name, ctx.principal, SubscriberRecord.entity)
    if args.phone is not None:
        _check_number(args.phone, ctx.sources.values())
    email = None if args.email is None else to_email_key(check_address(args.email))
    return PersonQuery(email=email, phone=args.phone, ref=args.ref)


def _check_number(phone: str, sources: Iterable[Source]) -> None:
    if not any(to_e164(phone, source.region) for source in sources):
        raise InputError(
            "This is no telephone number.", hint="Write it with its country code, as +61491570156.", path=("phone",)
        )


async def _ask(source: Source, query: PersonQuery, ctx: RequestContext, selection: Selection) -> Reply:
    finder = find_people_finder(source)
    if finder is None:
        reason = source.capability.entities.get(SubscriberRecord.entity)
        return CapabilityError((reason and reason.reason) or f"The source {source.name} cannot look for people.")
    try:
        return await finder.fetch_people(query, ctx.scope, purpose=selection.path)
    except FacadeError as error:
        return error


def _read_profiles(replies: Iterable[Reply]) -> Iterator[ProfileRecord]:
    for reply in replies:
        for match in reply if not isinstance(reply, FacadeError) else ():
            yield ProfileRecord(source=match.record.source, subscriber=match.record, reasons=match.reasons)


def _report(source: Source, reply: Reply) -> CompletenessRecord:
    if isinstance(reply, InputError):
        return report_unsupported(source, reply)
    if isinstance(reply, FacadeError):
        return report_read(source, 0, 0, error=reply)
    return report_read(source, len(reply), len(reply))


Compare = Callable[[str, str | None], str]
"""How a value is compared, from its text and its source's region."""


def _fold(text: str, _region: str | None) -> str:
    return " ".join(text.split()).casefold()


def _fold_email(text: str, _region: str | None) -> str:
    return to_email_key(text)


def _fold_phone(text: str, region: str | None) -> str:
    return to_e164(text, region) or text


COMPARED: Final[dict[str, Compare]] = {
    "ref": lambda text, _region: text,
    "email": _fold_email,
    "title": _fold,
    "first_name": _fold,
    "last_name": _fold,
    "phone": _fold_phone,
    "mobile": _fold_phone,
    "birth_date": _fold,
    "gender": _fold,
    "address": _fold,
    "suburb": _fold,
    "state": _fold,
    "country": _fold,
    "postcode": _fold,
}
"""The fields that are held against each other; a source without a value disagrees with nobody."""


def find_conflicts(profiles: Sequence[ProfileRecord], ctx: RequestContext) -> Iterator[ConflictRecord]:
    """
    Find the fields in which profiles disagree, with every value there is.

    Space and the case of letters are no difference, nor is the form of a telephone number. Without the scope `pii`
    personal fields are not compared, since nobody could see how they differ.
    """
    for name, compare in COMPARED.items():
        values = [(profile.source, text) for profile in profiles if (text := _read_text(profile.subscriber, name))]
        forms = {compare(text, ctx.source(source).region) for source, text in values}
        if len(forms) > 1:
            yield ConflictRecord(
                field=name,
                values=tuple(ConflictValueRecord(source=source, value=text) for source, text in values),
            )


def _read_text(record: SubscriberRecord, name: str) -> str | None:
    value = getattr(record, name)
    if isinstance(value, date):
        return value.isoformat()
    return None if value in {None, "", MASK} else str(value)
