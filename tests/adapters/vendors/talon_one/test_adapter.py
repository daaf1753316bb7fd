"""The adapter over the sandbox: what it reads, and by how many calls."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from adapters.contract import ChildrenQuery, MatchReason, PersonQuery, SliceQuery
from adapters.errors import CapabilityError, CursorError
from adapters.filters.order import Order, Position
from adapters.filters.tree import And, Comparison, Op, Some
from adapters.records import SubscriberRecord
from adapters.sandbox.cast import CAST
from adapters.vendors.talon_one.adapter import open_source
from adapters.vendors.talon_one.sandbox import create_sandbox
from tests.adapters.vendors.talon_one.world import (
    AUDIENCE,
    CUSTOMER,
    SOURCE,
    World,
    build_settings,
    build_world,
    read_line,
    scope,
    serving,
)

ALL = SliceQuery(AUDIENCE, limit=1000)


def members_of(audience_id: str) -> SliceQuery:
    belongs = Some("audiences", Comparison("audience_id", Op.EQ, audience_id))
    return SliceQuery(CUSTOMER, And((belongs,)))


async def load(world: World, entity: Any, *ids: str) -> Any:
    return await world.adapter.fetch_by_ids(entity, ids, scope(), parts=frozenset(), purpose="test")


async def look_up(world: World, entity: Any, name: str, *values: str) -> Any:
    return await world.adapter.fetch_by_values(entity, name, values, scope(), parts=frozenset(), purpose="test")


async def find(world: World, **who: Any) -> Any:
    return await world.adapter.fetch_people(PersonQuery(**who), scope(), purpose="test")


@pytest.mark.parametrize("sizes", [(1000,), (7,), (1, 2, 30)])
async def test_audiences_are_listed_in_the_order_of_ids(world: World, sizes: tuple[int, ...]) -> None:
    """A page that loses or repeats one is a wrong list of audiences."""
    assert await read_line(world, ALL, sizes) == world.audiences()


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (Order("id", descending=True), lambda each: -int(each.id)),
        (Order("name"), lambda each: (each.name, int(each.id))),
    ],
)
async def test_audiences_are_listed_in_an_order_that_is_asked_for(world: World, order: Order, key: Any) -> None:
    """The vendor sorts; the rows must be what it sends, in its order."""
    assert await read_line(world, replace(ALL, order=order), (9,)) == sorted(world.audiences(), key=key)


async def test_audiences_are_counted_in_the_same_call(world: World) -> None:
    """Counting costs the vendor time, and must not cost a call of ours."""
    found = await world.read(replace(ALL, limit=5, count=True))

    assert (found.total, len(found.records), found.end) == (32, 5, False)
    last = await world.read(replace(ALL, limit=5, count=True, after=Position((27, "27"))))
    assert ([record.id for record in last.records], last.end) == (["28", "29", "30", "31", "32"], True)
    assert len(world.lines) == 2


@pytest.mark.parametrize("sizes", [(1000,), (25,), (1, 100, 7)])
async def test_customers_are_listed_in_the_vendors_order(world: World, sizes: tuple[int, ...]) -> None:
    """Every live profile, once; none of a sandbox Application."""
    records = await read_line(world, SliceQuery(CUSTOMER), sizes)

    assert records == world.customers()
    assert "try-1" not in {record.id for record in records}


async def test_sandbox_customers_are_other_people() -> None:
    """The same id may stand for somebody else in a try-out."""
    world = build_world(sandbox_customers=True)

    assert [record.id for record in await read_line(world, SliceQuery(CUSTOMER))] == ["cust-00001", "try-1", "try-2"]


async def test_members_are_read_page_by_page(world: World) -> None:
    """Members are whole profiles: nothing needs a second call."""
    biggest = max(world.sandbox.store.audiences.values(), key=lambda each: len(each.members))

    records = await read_line(world, members_of(str(biggest.id)), (50,))

    assert records == [each for each in world.customers() if biggest.name in [one.name for one in each.audiences]]
    assert len(world.lines) == -(-len(records) // 50)


async def test_an_audience_without_members_and_one_that_is_gone_are_empty(world: World) -> None:
    """Nobody is in either; an error would make a page of audiences fail for one that was just deleted."""
    for audience_id in ("5", "999"):
        found = await world.read(members_of(audience_id))
        assert (found.records, found.end) == ((), True)


async def test_records_are_loaded_by_id_in_one_call(world: World) -> None:
    """Blanks, slashes, dots and other alphabets are ids like any other."""
    ids = ["c 1", "shop/42", "..", "kunde-ü", "50%", "audience?x=1", "UPPER", "upper", "nobody", "crm-000001"]

    customers = await load(world, CUSTOMER, *ids)
    audiences = await load(world, AUDIENCE, "32", "1", "999", "e/1")

    assert {key: record and record.id for key, record in customers.items()} == {
        key: key if key != "nobody" else None for key in ids
    }
    assert {key: record and record.name for key, record in audiences.items()} == {
        "32": "Wave 23",
        "1": "VIP",
        "999": None,
        "e/1": None,
    }
    assert len(world.lines) == 2
    assert (world.adapter.count_loads(CUSTOMER, 10), world.adapter.count_loads(AUDIENCE, 4)[0]) == ((1, 1), 1)


async def test_many_records_take_few_calls() -> None:
    """At three calls a second, one call for each person would take minutes."""
    world = build_world(create_sandbox(customers=2_100))
    ids = [record.id for record in world.customers()]

    found = await load(world, CUSTOMER, *ids)

    assert [found[key].id for key in ids] == ids
    assert len(world.lines) == world.adapter.count_loads(CUSTOMER, len(ids))[1] == 3


async def test_records_are_looked_up_by_value(world: World) -> None:
    """Exactly as it is written: the vendor compares letter by letter, and so do we."""
    by_email = await look_up(world, CUSTOMER, "email", "thomas_1@example.com", "Thomas_1@example.com", "")
    by_phone = await look_up(world, CUSTOMER, "phone", "0467 675 436")
    by_ref = await look_up(world, CUSTOMER, "ref", "a/b c", "nobody")
    audiences = await look_up(world, AUDIENCE, "ref", "e/1", "ext 1", "no such")

    assert {key: [each.id for each in many] for key, many in by_email.items()} == {
        "thomas_1@example.com": ["crm-000001"],
        "Thomas_1@example.com": [],
        "": [],
    }
    assert [each.id for each in by_phone["0467 675 436"]] == ["crm-000005"]
    assert {key: [each.id for each in many] for key, many in by_ref.items()} == {"a/b c": ["a/b c"], "nobody": []}
    assert {key: [each.name for each in many] for key, many in audiences.items()} == {
        "e/1": ["Lapsed"],
        "ext 1": ["VIP"],
        "no such": [],
    }
    assert len(world.lines) == 3 + 1 + 1 + 1


async def test_a_field_without_an_attribute_cannot_be_looked_up_by(world: World) -> None:
    """The way out is named, and no call is made."""
    for name in ("mobile", "birth_date", "name"):
        with pytest.raises(CapabilityError):
            await look_up(world, CUSTOMER, name, "x")
    with pytest.raises(CapabilityError):
        await look_up(world, AUDIENCE, "name", "VIP")
    assert world.lines == []


async def test_children_are_read_one_by_one(world: World) -> None:
    """No call reads the members of two audiences: what is left out is read on its own."""
    query = ChildrenQuery(CUSTOMER, "audiences.audience_id", ("1", "2"))

    assert await world.adapter.fetch_children(query, scope()) == {}


async def test_sizes_of_many_audiences_take_one_call(world: World) -> None:
    """A page of audiences with sizes is two calls, however many they are."""
    store = world.sandbox.store
    ids = [*map(str, store.audiences), "999", "x"]

    sizes = await world.adapter.fetch_parts(AUDIENCE, "size", ids, scope(), purpose="test")

    assert sizes == {str(each.id): len(each.members) for each in store.audiences.values()}
    assert len(world.lines) == 1


async def test_a_person_is_found_by_one_call_for_each_key(world: World) -> None:
    """One call for an address, one for a number, one for a key; every reason is told."""
    by_email = await find(world, email="thomas_1@example.com")
    assert len(world.lines) == 1
    by_phone = await find(world, phone="0489 701 378")
    assert len(world.lines) == 2
    by_ref = await find(world, ref="crm-000001")
    assert len(world.lines) == 3
    by_all = await find(world, email="thomas_1@example.com", phone="+61 489 701 378", ref="crm-000001")
    assert len(world.lines) == 6

    for found in (by_email, by_phone, by_ref, by_all):
        assert [match.record.id for match in found] == ["crm-000001"]
    assert by_email[0].reasons == (MatchReason.EMAIL,)
    assert by_all[0].reasons == (MatchReason.EMAIL, MatchReason.PHONE, MatchReason.REF)


async def test_people_who_are_not_the_person_are_not_found(world: World) -> None:
    """A plus-tag is another person's address; somebody in another form cannot be asked for (`people.py`)."""
    tagged = next(each for each in world.customers() if each.email and "+promo@" in each.email)
    plain = str(tagged.email).replace("+promo", "")

    assert await find(world, email=plain) == ()
    assert [match.record.id for match in await find(world, email=str(tagged.email))] == [tagged.id]
    assert await find(world, phone="no number") == ()
    assert await find(world, ref="nobody") == ()


async def test_most_of_the_cast_are_found_in_some_way(world: World) -> None:
    """The cast is what other sources know; with nobody in common nothing could be federated."""
    found = [await find(world, email=member.email, phone=member.mobile) and member.ref for member in CAST]

    assert len(list(filter(None, found))) >= 10


async def test_a_source_without_attributes_does_not_know_people_by_them() -> None:
    """It must say so before a call, as a source that finds nobody would not."""
    world = build_world(attributes={"email": "", "phone": ""})

    with pytest.raises(CapabilityError):
        await find(world, email="thomas_1@example.com", phone="+61489701378")
    assert world.lines == []
    assert len(await find(world, email="thomas_1@example.com", ref="crm-000001")) == 1


async def test_a_line_goes_on_behind_rows_that_were_added_before_it() -> None:
    """Pages are counted off: without the last row's id, the next page would repeat what was shown."""
    world = build_world()
    query = replace(ALL, order=Order("name"), limit=10)
    first = await world.read(query)
    world.sandbox.store.add_audience("A new one")
    world.sandbox.store.add_audience("Another new one")

    second = await world.read(replace(query, after=first.positions[-1]))

    names = [each.name for each in sorted(world.audiences(), key=lambda each: (each.name or "", int(each.id)))]
    names = [name for name in names if "new one" not in str(name)]
    assert [each.name for each in (*first.records, *second.records)] == names[: 10 + len(second.records)]
    assert second.positions[-1].parts == (20, second.records[-1].id)


@pytest.mark.parametrize("parts", [(), (1,), ("1", "a"), (-1, "a"), (1, 2), (True, "a"), (0, "a"), (1, "a", 2)])
async def test_a_place_of_another_list_is_refused(world: World, parts: tuple[Any, ...]) -> None:
    """A cursor is a client's text: what it holds was perhaps never ours."""
    with pytest.raises(CursorError):
        await world.read(replace(ALL, after=Position(parts)))
    assert world.lines == []


async def test_a_plan_shows_the_call_that_would_be_made(world: World) -> None:
    """What is explained must be what is sent."""
    query = replace(members_of("7"), after=Position((25, "c 1")), limit=10)

    planned = world.adapter.plan_slice(query)
    await world.read(query)

    assert f"{planned.method} {planned.url}" == world.lines[0]
    assert (planned.operation, planned.pushed) == ("audiences.memberships", ("members of audience 7",))


async def test_the_adapter_reads_over_real_http() -> None:
    """In process there is no quoting by a server: ids and commas must survive a socket too."""
    sandbox = create_sandbox()
    with serving(sandbox) as address:
        settings = build_settings(base_url=address)
        async with httpx.AsyncHTTPTransport() as transport:
            adapter = open_source(SOURCE, settings, transport)
            found = await adapter.fetch_by_ids(CUSTOMER, ["a/b c"], scope(), parts=frozenset(), purpose="")
            sizes = await adapter.fetch_parts(AUDIENCE, "size", ["1", "2"], scope(), purpose="")

    assert isinstance(found["a/b c"], SubscriberRecord)
    assert sizes.keys() == {"1", "2"}
