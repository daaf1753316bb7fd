"""The first rows below many parents: right for each, and few calls for all."""

import random
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract import ChildrenQuery, Slice, SliceQuery
from adapters.errors import CapabilityError, VendorContractError
from adapters.filters.order import BY_ID, Order
from adapters.filters.tree import EVERYTHING, And, Comparison, Filter, Op, Some
from adapters.records import Entity
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.children import MAX_EXCLUDED, build_runs
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.adapters.vendors.taguchi_v4.world import SUBSCRIBER, World, build_world, ids, scope

BACKWARDS = Order(descending=True)


def brought(counts: Mapping[int, int], *, shuffle: bool = True) -> dict[str, list[dict[str, Any]]]:
    """So many subscribers for each campaign, mixed in the order of ids."""
    campaigns = [campaign for campaign, count in counts.items() for _ in range(count)]
    if shuffle:
        random.Random(1).shuffle(campaigns)  # noqa: S311 - the same mix every time
    return {"subscriber": [{"id": n + 1, "campaign_id": campaign} for n, campaign in enumerate(campaigns)]}


async def fetch(world: World, parents: list[int], **query: Any) -> dict[str, Any]:
    """Fetch children of campaigns."""
    asked = ChildrenQuery(SUBSCRIBER, "campaign_id", tuple(map(str, parents)), **query)
    return dict(await world.adapter.fetch_children(asked, scope()))


def expect(world: World, parent: int, limit: int, order: Order = BY_ID) -> list[int]:
    """What one parent's slice must hold."""
    return sorted(all_children(world)[parent], reverse=order.descending)[:limit]


def all_children(world: World) -> Mapping[int, list[int]]:
    """The ids of everybody's children."""
    found: dict[int, list[int]] = defaultdict(list)
    for row in world.sandbox.store.rows("subscriber"):
        found[row["campaign_id"]].append(int(row["id"]))
    return found


async def check(world: World, parents: list[int], limit: int, order: Order = BY_ID) -> None:
    """Compare every parent's slice with the vendor's rows."""
    found = await fetch(world, parents, limit=limit, order=order)
    children = all_children(world)
    for parent in parents:
        slice_ = found[str(parent)]
        assert isinstance(slice_, Slice)
        assert ids(slice_.records) == sorted(children[parent], reverse=order.descending)[:limit]
        assert not slice_.end or len(slice_.records) == len(children[parent])
        assert slice_.end or slice_.records
        assert len(slice_.positions) == len(slice_.records)


async def test_many_near_parents_are_one_call() -> None:
    """Fifty campaigns with their people: one call, not fifty-one."""
    world = build_world(brought(dict.fromkeys(range(1, 51), 8)), full_pages=True)

    await check(world, list(range(1, 51)), 25)

    assert world.calls == 1


async def test_parent_with_very_many_children_costs_one_more_call() -> None:
    """One giant must not hide the others, nor be read to its end."""
    counts = dict.fromkeys(range(1, 51), 5) | {17: 3_000}
    world = build_world(brought(counts))

    await check(world, list(range(1, 51)), 10)

    assert world.calls <= 2


@pytest.mark.parametrize("order", [BY_ID, BACKWARDS], ids=["forwards", "backwards"])
async def test_even_shares_larger_than_a_reply(order: Order) -> None:
    """More rows than one reply holds are spread over few."""
    world = build_world(brought(dict.fromkeys(range(1, 51), 60)))

    await check(world, list(range(1, 51)), 26, order)

    assert world.calls <= 6


async def test_children_in_blocks() -> None:
    """The worst mix: every reply holds one parent's rows alone. Then each parent is read on its own."""
    world = build_world(brought(dict.fromkeys(range(1, 11), 400), shuffle=False), max_page=100)

    await check(world, list(range(1, 11)), 26)

    assert world.calls <= 10 + 3


async def test_far_parents_cost_one_call_each() -> None:
    """A range over the gap would read the children of everybody between."""
    world = build_world(brought({1: 3, 500: 3, 90_000: 3}), full_pages=True)

    await check(world, [1, 500, 90_000], 10)

    assert world.calls == 3


async def test_unwanted_parents_between_are_left_out_by_the_vendor() -> None:
    """Their rows would fill the reply."""
    world = build_world(brought({1: 3, 2: 900, 3: 3}), full_pages=True)

    await check(world, [1, 3], 10)

    assert world.queries == [
        "subscriber/?query=campaign_id-gte-1&query=campaign_id-lte-3&query=campaign_id-neq-2&sort=id&order=asc&limit=40"
    ]


async def test_parents_that_cannot_exist_have_no_children_and_cost_nothing() -> None:
    """An id from elsewhere must not reach the vendor's query."""
    world = build_world(brought({1: 3}))

    found = await world.adapter.fetch_children(ChildrenQuery(SUBSCRIBER, "campaign_id", ("x", str(2**70))), scope())

    assert {"x": Slice((), (), end=True, calls=0), str(2**70): Slice((), (), end=True, calls=0)} == found
    assert world.calls == 0


async def test_pushed_filter_narrows_all_alike() -> None:
    """The children shown would be others than were asked for."""
    rows = [{"id": n, "campaign_id": n % 3 + 1, "state": "VIC" if n % 2 else "WA"} for n in range(1, 61)]
    world = build_world({"subscriber": rows}, full_pages=True)

    found = await fetch(world, [1, 2, 3], limit=50, pushed=And((Comparison("state", Op.EQ, "VIC"),)))

    expected = {str(c): [r["id"] for r in rows if r["campaign_id"] == c and r["state"] == "VIC"] for c in (1, 2, 3)}
    assert expected == {parent: ids(slice_.records) for parent, slice_ in found.items()}
    assert world.calls == 1


async def test_positions_go_on_where_the_slice_ended() -> None:
    """A page below a parent is continued by the ordinary line."""
    world = build_world(brought({1: 30, 2: 30}))

    found = await fetch(world, [1, 2], limit=10)
    slice_ = found["1"]
    condition = Comparison("campaign_id", Op.EQ, "1")
    rest = await world.read(SliceQuery(SUBSCRIBER, And((condition,)), after=slice_.positions[-1], limit=100))

    assert expect(world, 1, 1_000) == ids(slice_.records) + ids(rest.records)


MEMBER: Filter = Some("memberships", Comparison("list_id", Op.EQ, "6"))


@pytest.mark.parametrize("pushed", [EVERYTHING, MEMBER, And((MEMBER,))], ids=["alone", "one leaf", "conjunction"])
async def test_members_of_lists_are_one_call_a_list(pushed: Filter) -> None:
    """`list_id` can stand in a call once; the parent takes it, the rest is checked on the rows."""
    people = [{"id": n, "lists": [{"list_id": 5 + n % 2}]} for n in range(1, 21)]
    world = build_world({"subscriber": people})

    asked = ChildrenQuery(SUBSCRIBER, "memberships.list_id", ("5", "6"), pushed=pushed, limit=50)
    found = await world.adapter.fetch_children(asked, scope())

    assert {"5": list(range(2, 21, 2)), "6": list(range(1, 21, 2))} == {
        parent: ids(slice_.records) for parent, slice_ in found.items() if isinstance(slice_, Slice)
    }
    assert all(query.count("list_id-eq") == 1 for query in world.queries)


@pytest.mark.parametrize("clamp", [3, 7, 10, 16])
@pytest.mark.parametrize("max_page", [1000, None], ids=["stated", "unstated"])
async def test_server_that_cuts_replies_hides_no_child(max_page: int | None, clamp: int) -> None:
    """A short reply to a range is not the end of every parent in it."""
    world = build_world(brought({1: 7, 2: 9, 3: 1}), options=SandboxOptions(page_clamp=clamp), max_page=max_page)

    await check(world, [1, 2, 3, 4], 20)


async def test_range_that_may_have_been_cut_is_asked_once_more() -> None:
    """The first time, and not once for each of fifty parents; a smaller range then costs nothing more."""
    world = build_world(brought(dict.fromkeys(range(1, 51), 8)))

    await check(world, list(range(1, 51)), 25)
    assert world.calls == 2

    await check(world, list(range(1, 50)), 25)
    assert world.calls == 3


async def test_failed_call_fails_only_its_parents() -> None:
    """One range down must not take the others along."""
    world = build_world(brought({1: 2, 2: 2, 900: 2}))
    world.sandbox.faults.add(Fault("html", match="campaign_id-gte-1"))

    found = await fetch(world, [1, 2, 900])

    assert isinstance(found["1"], VendorContractError)
    assert isinstance(found["2"], VendorContractError)
    assert expect(world, 900, 10) == ids(found["900"].records)


async def test_unreadable_children_cost_only_their_parent() -> None:
    """One person with a broken date below one campaign is no reason to hide the other campaigns' people."""
    world = build_world(brought({1: 2, 2: 2, 3: 2}))
    world.sandbox.faults.add(Fault("retyped_field", field="dob", value="soon", match="campaign_id-gte"))
    world.sandbox.faults.add(Fault("retyped_field", field="dob", value="soon", match="campaign_id-eq-2"))

    found = await fetch(world, [1, 2, 3])

    assert expect(world, 1, 10) == ids(found["1"].records)
    assert (found["2"].records, found["2"].end, len(found["2"].gaps)) == ((), True, 2)
    assert expect(world, 3, 10) == ids(found["3"].records)


async def test_vendor_that_ors_its_predicates_is_found_out() -> None:
    """Under OR a range holds everybody's children."""
    world = build_world(brought({1: 5, 2: 5, 3: 5, 4: 6}), options=SandboxOptions(or_predicates=True))

    found = await fetch(world, [2, 3])

    assert all(isinstance(error, VendorContractError) and error.reason == "BOUND_IGNORED" for error in found.values())


@pytest.mark.parametrize("parents", [[2], [2, 3]], ids=["alone", "in a range"])
async def test_children_an_or_lets_past_the_filter_are_found_out(parents: list[int]) -> None:
    """A campaign's people would be shown whom the filter leaves out."""
    rows = [{"id": 1, "campaign_id": 2, "state": "VIC"}, {"id": 2, "campaign_id": 3, "state": "WA"}]
    rows.append({"id": 3, "campaign_id": 2, "state": "WA"})
    world = build_world({"subscriber": rows}, options=SandboxOptions(or_predicates=True))

    found = await fetch(world, parents, pushed=Comparison("state", Op.EQ, "VIC"))

    assert all(isinstance(error, VendorContractError) and error.reason == "BOUND_IGNORED" for error in found.values())


@pytest.mark.parametrize("field", ["state", "memberships.option", "taguchi.social_rating", "nonsense"])
async def test_fields_that_name_no_parent_are_refused(field: str) -> None:
    """Only whole numbers can be asked for by ranges."""
    world = build_world()

    with pytest.raises(CapabilityError):
        await world.adapter.fetch_children(ChildrenQuery(SUBSCRIBER, field, ("1",)), scope())


async def test_children_of_the_vendors_own_fields() -> None:
    """What an import brought is found like what a campaign brought."""
    world = build_world({"subscriber": [{"id": 1, "import_id": 4}, {"id": 2, "import_id": 5}]})

    found = await world.adapter.fetch_children(ChildrenQuery(SUBSCRIBER, "taguchi.import_id", ("4", "5")), scope())

    assert [ids(slice_.records) for slice_ in found.values() if isinstance(slice_, Slice)] == [[1], [2]]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.dictionaries(st.integers(1, 40), st.integers(0, 30), min_size=1, max_size=12),
    st.integers(1, 12),
    st.sampled_from([3, 10, 1000]),
    st.booleans(),
)
async def test_any_mix_of_children_is_shared_out_rightly(
    counts: dict[int, int], limit: int, max_page: int, descending: bool
) -> None:
    """A child below the wrong parent, lost or twice, in any mix of sizes."""
    world = build_world(brought(counts), max_page=max_page)
    order = Order(descending=descending)
    parents = sorted(counts)

    found = await fetch(world, parents, limit=limit, order=order)

    children = all_children(world)
    for parent in parents:
        slice_ = found[str(parent)]
        expected = sorted(children[parent], reverse=descending)[:limit]
        assert ids(slice_.records) == expected[: len(slice_.records)]
        assert slice_.records or not expected
        assert not slice_.end or len(slice_.records) == len(children[parent])
    assert world.calls <= 3 * len(parents) + 6 * max(1, limit // max_page) * len(parents)


@given(st.sets(st.integers(1, 300), max_size=40))
def test_runs_hold_every_parent_once_and_leave_few_out(parents: set[int]) -> None:
    """A parent in no run has no children; too many predicates do not fit an address."""
    runs = build_runs(sorted(parents))

    assert sorted(parents) == [parent for run in runs for parent in run.parents]
    for run in runs:
        assert len(run.excluded) <= MAX_EXCLUDED
        assert set(range(run.parents[0], run.parents[-1] + 1)) == set(run.parents) | set(run.excluded)


async def test_entity_without_that_field_is_refused() -> None:
    """Lists have no campaign: the table, not the vendor, must say so."""
    world = build_world()

    with pytest.raises(CapabilityError):
        await world.adapter.fetch_children(ChildrenQuery(Entity.LIST, "campaign_id", ("1",)), scope())
    assert world.calls == 0
