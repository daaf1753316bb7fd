"""
Finding one record: by id, by value, by reference; what it costs and how it fails.
"""

from typing import Any

import pytest

from adapters.errors import ForbiddenError, IdError, InputError, VendorUnavailableError
from adapters.records import Entity
from resolvers.campaign import campaign
from resolvers.ids import encode_id
from resolvers.list import list_, membership_campaign, membership_list
from resolvers.lookups import LookupArgs
from resolvers.selection import build_selection
from resolvers.subscriber import subscriber, subscriber_campaign
from tests.resolvers.asking import WITHOUT_PII, ask, build_context
from tests.resolvers.fake_source import adapter_of, build_source, build_table
from tests.resolvers.people import build_account, build_person

PLAIN = build_selection("subscriber", "id")
ID_7 = encode_id("one", "subscriber", ("7",))


@pytest.mark.parametrize(
    ("batch", "by", "value", "expected"),
    [
        (subscriber, "id", ID_7, "7"),
        (subscriber, "ref", "person-7", "7"),
        (subscriber, "email", "Person7@example.com", "7"),
        (subscriber, "email", "person7@example.com", None),
        (subscriber, "phone", "none", None),
        (list_, "ref", "list-3", "3"),
        (campaign, "ref", "campaign-2", "2"),
        (campaign, "id", encode_id("one", "campaign", ("99",)), None),
    ],
)
async def test_lookups(batch, by, value, expected):
    """A person would not be found, or another one: values are compared exactly as they are stored."""
    source = build_account()

    found = await ask(batch, LookupArgs(by, value), build_context(source), selection=PLAIN)

    assert expected == (found and found.id)
    assert len(adapter_of(source).calls) == 1


REFUSED = {
    "a malformed id": (LookupArgs("id", "7"), IdError, "ID_INVALID"),
    "an id of another type": (LookupArgs("id", encode_id("one", "list", ("7",))), IdError, "ID_INVALID"),
    "an id of another source": (LookupArgs("id", ID_7, "two"), IdError, "ID_INVALID"),
    "an id of an unknown source": (
        LookupArgs("id", encode_id("x", "subscriber", ("7",))),
        InputError,
        "SOURCE_UNKNOWN",
    ),
    "an unknown source": (LookupArgs("ref", "a", "x"), InputError, "SOURCE_UNKNOWN"),
    "an unknown field": (LookupArgs("gender", "f"), InputError, "INPUT_INVALID"),
    "a value no vendor holds": (LookupArgs("ref", "a\0"), InputError, "OPERAND_INVALID"),
    "an endless value": (LookupArgs("ref", "a" * 5000), InputError, "OPERAND_INVALID"),
}


@pytest.mark.parametrize(("args", "kind", "reason"), REFUSED.values(), ids=REFUSED.keys())
async def test_refusals_come_before_any_call(args, kind, reason):
    """A bad value would reach a vendor."""
    sources = [build_account("one"), build_account("two")]

    with pytest.raises(kind) as caught:
        await ask(subscriber, args, build_context(*sources), selection=PLAIN)

    assert reason == caught.value.reason
    assert caught.value.hint
    assert [adapter_of(source).calls for source in sources] == [[], []]


async def test_several_matches_are_refused_with_the_way_out():
    """One of several people would be chosen by chance."""
    sources = [build_account("one"), build_account("two")]

    with pytest.raises(InputError, match=r"2 subscribers .*\(one, two\)") as caught:
        await ask(subscriber, LookupArgs("ref", "person-1"), build_context(*sources), selection=PLAIN)
    named = await ask(subscriber, LookupArgs("ref", "person-1", "two"), build_context(*sources), selection=PLAIN)

    assert caught.value.reason == "AMBIGUOUS"
    assert "subscribers(filter:)" in (caught.value.hint or "")
    assert named.source == "two"


async def test_two_matches_in_one_source_are_refused_too():
    """A household that shares a telephone would be one person."""
    source = build_account()
    adapter_of(source).put(build_person("one", 20, phone="1"), build_person("one", 21, phone="1"))

    with pytest.raises(InputError, match="2 subscribers"):
        await ask(subscriber, LookupArgs("phone", "1"), build_context(source), selection=PLAIN)


@pytest.mark.parametrize(
    ("listable", "hint"),
    [(True, "Read all of them with `subscribers(filter:)`."), (False, "Look one up by its `vendorId`: 20, 21.")],
    ids=["a source that lists people", "a source that does not"],
)
async def test_the_way_out_is_one_that_is_open(listable: bool, hint: str):
    """Somebody who named the only source there is would be told to name one, or to list what cannot be listed."""
    rows = (build_person("one", 20, phone="1"), build_person("one", 21, phone="1"))
    table = build_table(Entity.SUBSCRIBER, listable=listable)
    source = build_source("one", {Entity.SUBSCRIBER: table}, *rows)

    with pytest.raises(InputError) as caught:
        await ask(subscriber, LookupArgs("phone", "1", "one"), build_context(source), selection=PLAIN)

    assert caught.value.hint == hint


async def test_a_failed_source_beside_a_match_is_a_notice():
    """A match would be lost to another vendor's failure, or the failure be hidden."""
    one, two = build_account("one"), build_account("two")
    adapter_of(two).rows.clear()
    adapter_of(two).fail = lambda *_: True
    ctx = build_context(one, two)

    found = await ask(subscriber, LookupArgs("ref", "person-1"), ctx, selection=PLAIN)

    assert found.id == "1"
    assert [notice.path for notice in ctx.notices] == [("subscriber",)]


async def test_a_failed_source_without_a_match_is_an_error():
    """Nobody was found would be said of a source that was not heard."""
    one, two = build_account("one"), build_account("two")
    adapter_of(two).fail = lambda *_: True

    with pytest.raises(VendorUnavailableError):
        await ask(subscriber, LookupArgs("ref", "nobody"), build_context(one, two), selection=PLAIN)


async def test_references_of_many_records_are_one_call_each_kind():
    """A hundred people with campaign and lists would cost hundreds of calls."""
    source = build_account()
    ctx = build_context(source)
    people: list[Any] = adapter_of(source).of(Entity.SUBSCRIBER)
    memberships = [membership for person in people for membership in person.memberships]

    campaigns = await subscriber_campaign(people, None, ctx, build_selection("people.campaign"))
    lists = await membership_list(memberships, None, ctx, build_selection("people.lists"))
    again = await membership_campaign(memberships, None, ctx, build_selection("people.lists.campaign"))

    assert [person.campaign_id for person in people] == [found and found.id for found in campaigns]
    assert [membership.list_id for membership in memberships] == [found.id for found in lists]
    assert ["1"] * len(memberships) == [found.id for found in again]
    assert adapter_of(source).calls == ["ids", "ids"]
    assert [call.purpose for call in ctx.scope.calls] == ["people.campaign", "people.lists"]


async def test_a_failed_reference_fails_its_own_source_only():
    """One vendor's failure would hide the campaigns of another's people."""
    one, two = build_account("one"), build_account("two")
    adapter_of(two).fail = lambda *_: True
    people = [build_person(name, 1, campaign_id="1") for name in ("two", "one", "two")]

    found = await subscriber_campaign(people, None, build_context(one, two), PLAIN)

    assert [VendorUnavailableError, str, VendorUnavailableError] == [type(getattr(each, "id", each)) for each in found]


@pytest.mark.parametrize("by", ["email", "phone"])
async def test_personal_look_ups_need_the_scope(by):
    """Whoever may not see an address could find out whose it is."""
    source = build_account()

    with pytest.raises(ForbiddenError):
        await ask(subscriber, LookupArgs(by, "x"), build_context(source, principal=WITHOUT_PII), selection=PLAIN)

    assert adapter_of(source).calls == []
