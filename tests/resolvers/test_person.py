"""
One person over all sources: who matches, where profiles disagree, what the most careful word is, how sources fail.
"""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from adapters.errors import CapabilityError, ForbiddenError, InputError, VendorUnavailableError
from adapters.records import SubscriberRecord, SubscriptionState
from resolvers.person import PersonArgs, person
from resolvers.selection import build_selection
from tests.resolvers.asking import WITHOUT_PII, ask, build_context, states_of
from tests.resolvers.fake_source import build_source
from tests.resolvers.role_source import build_role_source, role_of

SELECTION = build_selection("person", "subscription")
ADA = "ada@example.com"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def _profile(source: str, id_: str = "1", **values: Any) -> SubscriberRecord:
    return SubscriberRecord(source=source, id=id_, **{"email": ADA, **values})


async def _find(args: PersonArgs, *sources: Any, **more: Any) -> Any:
    return await ask(person, args, build_context(*sources, **more), selection=SELECTION)


async def _conflicts(
    one: dict[str, Any], two: dict[str, Any], *, regions: tuple[str | None, ...] = ("AU", "AU")
) -> Any:
    sources = [
        build_role_source(name, _profile(name, **values), region=region)
        for name, values, region in zip(("a", "b"), (one, two), regions, strict=True)
    ]
    found = await _find(PersonArgs(email=ADA), *sources)
    return {each.field: [(value.source, value.value) for value in each.values] for each in found.conflicts}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"email": "ADA@example.com "}, {}),
        ({"first_name": "Ada  Mary"}, {"first_name": " ada mary"}),
        ({"first_name": "Ada"}, {"first_name": None}),
        ({"first_name": "Ada"}, {"first_name": ""}),
        ({"phone": "+61489701378"}, {"phone": "0489 701 378"}),
        ({"birth_date": date(1980, 2, 29)}, {"birth_date": date(1980, 2, 29)}),
        ({"last_name": "Straße"}, {"last_name": "STRASSE"}),
    ],
    ids=["letters of an address", "spaces", "a missing value", "an empty value", "forms of a number", "a day", "ß"],
)
async def test_forms_of_writing_are_no_conflict(one: dict[str, Any], two: dict[str, Any]):
    """Whoever looks for real disagreements would have to read through hundreds that are none."""
    assert await _conflicts(one, two) == {}


@pytest.mark.parametrize(
    ("one", "two", "field"),
    [
        ({"ref": "A1"}, {"ref": "a1"}, "ref"),
        ({"first_name": "Ada"}, {"first_name": "Eda"}, "first_name"),
        ({"phone": "+61489701378"}, {"phone": "+61489701379"}, "phone"),
        ({"birth_date": date(1980, 2, 29)}, {"birth_date": date(1981, 2, 28)}, "birth_date"),
        ({"country": "AU"}, {"country": "Australia"}, "country"),
    ],
)
async def test_what_differs_is_told_with_every_value(one: dict[str, Any], two: dict[str, Any], field: str):
    """Two people in one, or an old address, would not be noticed."""
    told = await _conflicts(one, two)

    assert told == {field: [("a", str(one[field])), ("b", str(two[field]))]}


async def test_a_local_number_is_read_by_its_own_sources_region():
    """The same digits in two countries would be taken for one number."""
    same = {"phone": "0489 701 378"}

    assert await _conflicts(same, {"phone": "+61489701378"}, regions=("AU", None)) == {}
    assert set(await _conflicts(same, {"phone": "+61489701378"}, regions=(None, None))) == {"phone"}
    assert set(await _conflicts(same, same, regions=("AU", "GB"))) == {"phone"}


@pytest.mark.parametrize(
    ("profiles", "word"),
    [
        ([{}, {"unsubscribed_at": LONG_AGO}], SubscriptionState.UNSUBSCRIBED),
        ([{"bounced_at": LONG_AGO}, {"unsubscribed": True}], SubscriptionState.UNSUBSCRIBED),
        ([{}, {"bounced": True}], SubscriptionState.BOUNCED),
        ([{}, {"tells_consent": False}], SubscriptionState.SUBSCRIBED),
        ([{"tells_consent": False}], SubscriptionState.UNKNOWN),
    ],
    ids=["an opt-out", "an opt-out beside a bounce", "a bounce", "one that does not know", "nobody knows"],
)
async def test_the_most_careful_word_counts(profiles: list[dict[str, Any]], word: SubscriptionState):
    """Somebody who opted out anywhere would be written to."""
    sources = [build_role_source(f"s{place}", _profile(f"s{place}", **values)) for place, values in enumerate(profiles)]

    assert (await _find(PersonArgs(email=ADA), *sources)).subscription is word


async def test_each_source_has_one_word_over_all_its_records():
    """A person kept three times at one source would be written to by the record that has not heard of the opt-out."""
    one = build_role_source("a", _profile("a", "1"), _profile("a", "2", unsubscribed=True))
    two = build_role_source("b", _profile("b", "1"))

    found = await _find(PersonArgs(email=ADA), one, two)

    assert [(each.source, each.subscription) for each in found.subscriptions] == [
        ("a", SubscriptionState.UNSUBSCRIBED),
        ("b", SubscriptionState.SUBSCRIBED),
    ]


async def test_sources_are_asked_at_once_and_failures_told():
    """One vendor's trouble would hide what the others know."""
    sources = [build_role_source(name, _profile(name)) for name in ("a", "b", "c")]
    role_of(sources[1]).fail = lambda *_: True
    ctx = build_context(*sources, build_source("d"))

    found = await ask(person, PersonArgs(email=f" {ADA.upper()} "), ctx, selection=SELECTION)

    assert [profile.source for profile in found.profiles] == ["a", "c"]
    assert states_of(found) == [("a", "OK"), ("b", "FAILED"), ("c", "OK"), ("d", "UNSUPPORTED")]
    assert [(vars(notice.error)["source"], notice.path) for notice in ctx.notices] == [("b", ("person",))]


async def test_where_nobody_was_found_each_source_says_what_it_answered():
    """A person would be said not to exist because the source that knows them was down, or cannot look."""
    one, two, three = build_role_source("a"), build_role_source("b", _profile("b")), build_role_source("c")
    role_of(two).fail = lambda *_: True
    role_of(three).refused = CapabilityError("It cannot look.")
    ctx = build_context(one, two, three)

    found = await ask(person, PersonArgs(email=ADA), ctx, selection=SELECTION)

    assert (found.profiles, found.subscription) == ((), SubscriptionState.UNKNOWN)
    assert states_of(found) == [("a", "OK"), ("b", "FAILED"), ("c", "UNSUPPORTED")]
    assert [each.reason is None for each in found.completeness] == [True, False, False]
    assert [vars(notice.error)["source"] for notice in ctx.notices] == ["b"]


async def test_where_no_source_answered_the_failure_is_the_answer():
    """That nobody could be asked would look like that nobody knows the person."""
    one, two = build_role_source("a"), build_role_source("b", _profile("b"))
    role_of(one).refused = CapabilityError("It cannot look.")
    role_of(two).fail = lambda *_: True

    with pytest.raises(VendorUnavailableError):
        await _find(PersonArgs(email=ADA), one, two)


async def test_what_a_source_cannot_look_by_is_no_failure():
    """A source without telephone numbers would make every look-up by number an error."""
    one, two = build_role_source("a", _profile("a", phone="+61489701378")), build_role_source("b")
    role_of(two).refused = CapabilityError("It keeps no numbers.")

    found = await _find(PersonArgs(phone="+61 489 701 378"), one, two)

    assert states_of(found) == [("a", "OK"), ("b", "UNSUPPORTED")]
    assert found.completeness[1].reason == "It keeps no numbers."


NOBODY = [
    PersonArgs(),
    PersonArgs(email=" "),
    PersonArgs(email="no at sign"),
    PersonArgs(email=f"{'a' * 300}@example.com"),
    PersonArgs(email=ADA, ref=" "),
    PersonArgs(ref="a\tb"),
    PersonArgs(phone="abc"),
    PersonArgs(phone="0489 701 378"),
    PersonArgs(email=ADA, phone="12"),
]
"""Nothing that names anybody; the sources have no region, so a local number is none."""


@pytest.mark.parametrize("args", NOBODY, ids=str)
async def test_a_question_about_nobody_is_refused(args: PersonArgs):
    """It would be a question about everybody."""
    source = build_role_source("a", _profile("a"))

    with pytest.raises(InputError):
        await _find(args, source)
    assert role_of(source).calls == []


async def test_personal_values_need_their_scope():
    """Who may not see addresses could try them, or read them off the conflicts."""
    sources = [
        build_role_source(name, _profile(name, ref="crm", first_name=f"Ada {name}", email=f"{name}@x.org"))
        for name in ("a", "b")
    ]

    with pytest.raises(ForbiddenError):
        await _find(PersonArgs(email=ADA), *sources, principal=WITHOUT_PII)
    found = await _find(PersonArgs(ref="crm"), *sources, principal=WITHOUT_PII)
    whole = await _find(PersonArgs(ref="crm"), *sources)

    assert {conflict.field for conflict in whole.conflicts} == {"email", "first_name"}
    assert found.conflicts == ()
    assert {profile.subscriber.first_name for profile in found.profiles} == {"***"}


async def test_places_that_ask_alike_share_their_calls():
    """The same person twice in an operation would cost twice."""
    source = build_role_source("a", _profile("a"))
    ctx = build_context(source)

    found = await asyncio.gather(*(ask(person, PersonArgs(email=ADA), ctx, selection=SELECTION) for _ in range(3)))

    assert found[0] is found[1] is found[2]
    assert role_of(source).calls == ["people"]
