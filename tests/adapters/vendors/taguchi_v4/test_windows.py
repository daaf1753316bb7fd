"""Records by id: the windows of least cost, and what becomes of each id."""

import asyncio
import random
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.errors import BudgetExceededError, VendorContractError, VendorUnavailableError
from adapters.records import Entity
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from adapters.vendors.taguchi_v4.windows import Window, build_windows, read_id
from tests.adapters.vendors.taguchi_v4.world import SUBSCRIBER, World, build_world, scope


def people(*ids: int) -> dict[str, list[dict[str, Any]]]:
    """Subscribers with these ids, each with an address of its own."""
    return {"subscriber": [{"id": number, "email": f"p{number}@example.com"} for number in ids]}


async def load(world: World, *ids: str) -> dict[str, object]:
    """Load subscribers and show each by its address, or the kind of its error."""
    found = await world.adapter.fetch_by_ids(SUBSCRIBER, ids, scope(), parts=frozenset(), purpose="test")
    return {
        key: type(value) if isinstance(value, Exception) else getattr(value, "email", None)
        for key, value in found.items()
    }


def cost(windows: list[Window]) -> tuple[int, int]:
    """Calls first, then wasted rows; a by-id read wastes nothing."""
    return len(windows), sum(window.width - len(window.ids) for window in windows)


def least_cost(ids: list[int], max_page: int) -> tuple[int, int]:
    """The least cost over every way to cut the sorted ids, found by looking at all of them."""

    @cache
    def best(end: int) -> tuple[int, int]:
        if end == 0:
            return 0, 0
        choices = [
            (best(start)[0] + 1, best(start)[1] + (ids[end - 1] - ids[start] + 1) - (end - start))
            for start in range(end)
            if ids[end - 1] - ids[start] < max_page
        ]
        return min(choices)

    return best(len(ids))


@settings(max_examples=300, deadline=None)
@given(st.sets(st.integers(0, 120), max_size=25), st.integers(1, 40))
def test_windows_are_the_cheapest(ids: set[int], max_page: int) -> None:
    """A loader that makes one call too many makes it for every page of every user."""
    windows = build_windows(ids, max_page)

    assert sorted(ids) == [number for window in windows for number in window.ids]
    assert all(window.width <= max_page for window in windows)
    assert cost(windows) == least_cost(sorted(ids), max_page)


def test_sparse_ids_cost_one_call_each_at_most() -> None:
    """Windows over gaps would read rows nobody asked for."""
    ids = {12, 9_812, 55_310, 55_311, 2_000_000_000}

    assert [len(window.ids) for window in build_windows(ids, 1000)] == [1, 1, 2, 1]


def test_ids_no_integer_column_can_hold_are_read_one_by_one() -> None:
    """One of them in a range makes PostgreSQL refuse the whole range."""
    windows = build_windows({2**31 - 2, 2**31 - 1, 2**31, 2**31 + 1}, 1000)

    assert [window.ids for window in windows] == [(2**31 - 2, 2**31 - 1), (2**31,), (2**31 + 1,)]


def test_many_ids_are_planned_in_no_time() -> None:
    """A plan that takes longer than the calls it saves is no plan."""
    chance = random.Random(1)  # noqa: S311 - the same ids every time
    ids = set(chance.sample(range(10**6), 20_000))

    assert len(build_windows(ids, 1000)) < 1_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [("7", 7), ("0", 0), (str(2**63 - 1), 2**63 - 1), (str(2**63), None), ("9" * 30, None)]
    + [(text, None) for text in ("", "-7", "+7", "07", "7.0", " 7", "7 ", "x", "٣", "7/../8", "null")],
)
def test_only_what_the_vendor_writes_is_an_id(text: str, expected: int | None) -> None:
    """Anything else has no record, and may not get as far as an address."""
    assert expected == read_id(text)


async def test_dense_ids_are_one_call() -> None:
    """A hundred subscribers by id are the heart of every nested query."""
    world = build_world(people(*range(1, 121)))

    found = await load(world, *map(str, range(11, 111)))

    assert {str(number): f"p{number}@example.com" for number in range(11, 111)} == found
    assert world.queries == ["subscriber/?query=id-gte-11&query=id-lte-110&sort=id&order=asc&limit=100"]


async def test_one_id_is_a_read_and_what_cannot_be_an_id_no_call() -> None:
    """A list read for one record is dearer; a call for an id that cannot exist is waste."""
    world = build_world(people(7))

    assert {"7": "p7@example.com", "x": None, str(2**63): None} == await load(world, "7", "x", str(2**63), "7")
    assert world.queries == ["subscriber/7"]


async def test_missing_ids_are_none() -> None:
    """A deleted record in a window is no reason to fail the others."""
    world = build_world(people(7, 9, 12))
    world.sandbox.store.soft_delete("subscriber", 9)

    found = await load(world, "7", "8", "9", "12", "13")

    assert found == {"7": "p7@example.com", "8": None, "9": None, "12": "p12@example.com", "13": None}
    assert world.calls == 2, "one for the window, and one since the server may have cut its reply before 13"


@pytest.mark.parametrize("max_page", [1000, None], ids=["stated", "unstated"])
async def test_window_cut_by_the_server_is_continued(max_page: int | None) -> None:
    """A server that cuts replies without a word would make people vanish."""
    world = build_world(people(*range(1, 61)), options=SandboxOptions(page_clamp=25), max_page=max_page)

    found = await load(world, *map(str, range(1, 62)))

    assert {str(number): f"p{number}@example.com" for number in range(1, 61)} | {"61": None} == found
    assert world.calls == 3


@pytest.mark.parametrize(("clamp", "calls"), [(75, 2), (30, 4), (7, 15)])
async def test_window_cut_below_the_page_size_stated_is_continued(clamp: int, calls: int) -> None:
    """People would be told to be absent because the operator stated a page larger than the server's."""
    world = build_world(people(*range(1, 101)), options=SandboxOptions(page_clamp=clamp))

    found = await load(world, *map(str, range(1, 101)))

    assert {str(number): f"p{number}@example.com" for number in range(1, 101)} == found
    assert world.calls == calls


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.sets(st.integers(1, 40), max_size=25),
    st.sets(st.integers(1, 40), min_size=1, max_size=25),
    st.none() | st.integers(1, 12),
    st.sampled_from([1, 7, 1000]),
)
def test_windows_cost_no_more_than_is_told(there: set[int], wanted: set[int], clamp: int | None, max_page: int) -> None:
    """An estimate of the worst that short replies exceed would let an operation through that its budget then stops."""
    world = build_world(people(*there), options=SandboxOptions(page_clamp=clamp), max_page=max_page)

    found = asyncio.run(load(world, *map(str, wanted)))

    assert found == {str(number): f"p{number}@example.com" if number in there else None for number in wanted}
    assert world.calls <= world.adapter.count_loads(SUBSCRIBER, len(wanted))[1]


async def test_ids_missing_within_a_window_cost_no_further_call() -> None:
    """An id below the last one that came was not cut off, so nothing is left to ask."""
    world = build_world(people(7, 9, 12))

    assert (await load(world, "7", "8", "9", "11", "12"))["11"] is None
    assert world.calls == 1


@pytest.mark.parametrize("max_page", [1000, None], ids=["stated", "unstated"])
async def test_window_cut_for_one_resource_only_is_continued(max_page: int | None) -> None:
    """A hundred people in one reply say nothing of how many campaigns come in one."""
    campaigns = [{"id": number, "name": f"campaign {number}"} for number in range(1, 61)]
    world = build_world(people(*range(1, 102)) | {"campaign": campaigns}, max_page=max_page)
    world.sandbox.faults.add(Fault("clamp", match="campaign/", count=20))
    await load(world, *map(str, range(1, 102)))

    found = await world.adapter.fetch_by_ids(
        Entity.CAMPAIGN, [str(number) for number in range(1, 61)], scope(), parts=frozenset(), purpose="test"
    )

    assert [getattr(found[str(number)], "name", None) for number in range(1, 61)] == [
        f"campaign {number}" for number in range(1, 61)
    ]


async def test_window_of_large_rows_is_cut_in_smaller_ones() -> None:
    """Two hundred people of twelve kilobytes each are too much for one reply, and all of them exist."""
    world = build_world(people(*range(1, 201)), max_body_bytes=1_000_000)
    world.sandbox.faults.add(Fault("extra_field", field="picture", value="x" * 12_000))

    found = await load(world, *map(str, range(1, 202)))

    assert {str(number): f"p{number}@example.com" for number in range(1, 201)} | {"201": None} == found


async def test_gap_at_the_end_of_a_window_is_checked_once_on_a_fresh_source() -> None:
    """Ten rows of eleven may be all there are, or a server's habit: one call tells, and only while nothing is known."""
    world = build_world(people(*range(1, 11)))

    assert (await load(world, *map(str, range(1, 12))))["11"] is None
    assert world.calls == 2

    world.forget()
    assert (await load(world, *map(str, range(2, 12))))["11"] is None
    assert world.calls == 1


async def test_failed_call_fails_only_its_ids() -> None:
    """One bad window must not take the others with it."""
    world = build_world(people(1, 2, 5_000, 9_000), max_page=100)
    world.sandbox.faults.add(Fault("html", match="/5000"))

    found = await load(world, "1", "2", "5000", "9000")

    assert {
        "1": "p1@example.com",
        "2": "p2@example.com",
        "5000": VendorContractError,
        "9000": "p9000@example.com",
    } == found


async def test_unreadable_record_fails_only_its_id() -> None:
    """One person with a broken date must not hide the others."""
    world = build_world(people(1, 2, 3))
    world.sandbox.faults.add(
        Fault("json", body=b'[{"id": 1, "email": "a"}, {"id": 2, "dob": "soon"}, {"id": 3, "email": "c"}]')
    )

    assert {"1": "a", "2": VendorContractError, "3": "c"} == await load(world, "1", "2", "3")


@pytest.mark.parametrize(
    "body", [b'[{"id": 1, "email": "a"}, {"email": "b"}]', b'[{"email": "b"}, {"id": 1, "email": "a"}]']
)
async def test_row_without_an_id_leaves_nobody_missing(body: bytes) -> None:
    """Whose row it is cannot be known, so each id that is missing is asked for by itself, once."""
    world = build_world(people(1))
    world.sandbox.faults.add(Fault("json", body=body))

    assert {"1": "a", "2": VendorContractError} == await load(world, "1", "2")
    assert world.calls == 2


async def test_window_of_nothing_but_rows_without_ids_ends() -> None:
    """A vendor that renamed its ids would be asked the same for ever."""
    world = build_world(people(1, 2))
    world.sandbox.faults.add(Fault("missing_field", field="id"))

    assert {"1": VendorContractError, "2": VendorContractError} == await load(world, "1", "2")
    assert world.calls == 1


@pytest.mark.parametrize("kind", ["shuffled_rows", "duplicate_rows"])
async def test_records_are_matched_by_id_and_not_by_place(kind: str) -> None:
    """Matching by place shows one person's data as another's."""
    world = build_world(people(*range(1, 9)))
    world.sandbox.faults.add(Fault(kind, count=3))

    assert {str(number): f"p{number}@example.com" for number in range(1, 9)} == await load(
        world, *map(str, range(1, 9))
    )


async def test_vendor_that_ors_its_predicates_is_found_out() -> None:
    """Under OR a window holds the whole account; taking from it would be luck."""
    world = build_world(people(*range(1, 31)), options=SandboxOptions(or_predicates=True))

    assert {"20": VendorContractError, "22": VendorContractError} == await load(world, "20", "22")


async def test_spent_budget_fails_keys_and_not_the_request() -> None:
    """What was read before the budget ended is still an answer."""
    world = build_world(people(1, 5_000), max_page=100)

    found = await world.adapter.fetch_by_ids(
        SUBSCRIBER, ["1", "5000"], scope(max_calls=1), parts=frozenset(), purpose="test"
    )

    assert {type(value) for value in found.values()} > {BudgetExceededError}


async def test_vendor_that_is_down_is_an_error_for_every_key() -> None:
    """Down is not the same as absent."""
    world = build_world({"list": [{"id": 1}]})
    world.sandbox.faults.add(Fault("status", status=501))

    found = await world.adapter.fetch_by_ids(Entity.LIST, ["1"], scope(), parts=frozenset(), purpose="test")

    assert isinstance(found["1"], VendorUnavailableError)


def test_estimates_of_loads_bound_what_is_made() -> None:
    """The cost of an operation is checked before its first call."""
    world = build_world(max_page=100)

    assert world.adapter.count_loads(SUBSCRIBER, 100) == (1, 100)
    assert world.adapter.count_loads(SUBSCRIBER, 201) == (3, 201)
    assert world.adapter.count_loads(SUBSCRIBER, 0) == (0, 0)


async def test_of_many_records_only_the_fields_that_are_wanted_are_read() -> None:
    """Whole records would be made of which one name is shown; what is asked for besides must be there all the same."""
    world = build_world(people(*range(1, 6)))
    ids = [str(number) for number in range(1, 6)]
    found = await world.adapter.fetch_by_ids(
        SUBSCRIBER, ids, scope(), parts=frozenset(), purpose="test", fields=frozenset({"first_name"})
    )
    whole = await world.adapter.fetch_by_ids(SUBSCRIBER, ids, scope(), parts=frozenset(), purpose="test")

    assert all(_is_unset(record, "email") and not _is_unset(record, "first_name") for record in found.values())
    assert found == whole


def _is_unset(record: object, name: str) -> bool:
    """Say whether a record was made without a field; reading it would fill it in."""
    try:
        getattr(type(record), name).__get__(record)
    except AttributeError:
        return True
    return False
