"""Records by the exact value of a text field."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.errors import CapabilityError, VendorContractError
from adapters.records import Entity, RevisionChoice
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.columns import COLUMNS
from adapters.vendors.taguchi_v4.lookups import build_groups, build_predicate
from adapters.vendors.taguchi_v4.resources import RESOURCES
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.adapters.vendors.taguchi_v4.world import SUBSCRIBER, World, build_world, ids, scope

PEOPLE: list[dict[str, Any]] = [
    {"id": 1, "ref": "a", "email": "twin@example.com"},
    {"id": 2, "ref": "A", "email": "twin@example.com"},
    {"id": 3, "ref": "a.b", "email": "Twin@example.com"},
    {"id": 4, "ref": "axb"},
    {"id": 5, "ref": "null", "email": ""},
    {"id": 6, "ref": "100%_(x|y)"},
    {"id": 7},
]


EVENT_TYPES = ["a", "b", "B", "null", "", "x|y"]


async def look_up(world: World, name: str, *values: str) -> dict[str, object]:
    """Look subscribers up and show them by id, or the kind of the error."""
    found = await world.adapter.fetch_by_values(SUBSCRIBER, name, values, scope(), parts=frozenset(), purpose="test")
    return {value: ids(records) if isinstance(records, tuple) else type(records) for value, records in found.items()}


async def fetch_by_ref(world: World, entity: Entity, ref: str, *parts: str) -> Any:
    """Look one record up by its reference, with parts of it."""
    return await world.adapter.fetch_by_values(entity, "ref", [ref], scope(), parts=frozenset(parts), purpose="test")


async def test_one_reference_is_one_call() -> None:
    """`subscriber(by: {ref})` is the commonest question of all."""
    world = build_world({"subscriber": PEOPLE})

    assert await look_up(world, "ref", "a.b") == {"a.b": [3]}
    assert world.queries == ["subscriber/?query=ref-eq-a.b&sort=id&order=asc&limit=1000"]


async def test_many_references_are_one_call() -> None:
    """A hundred references from a partner's system must not be a hundred calls."""
    world = build_world({"subscriber": PEOPLE}, full_pages=True)

    found = await look_up(world, "ref", "a", "a.b", "null", "100%_(x|y)", "", "nobody")

    assert found == {"a": [1], "a.b": [3], "null": [5], "100%_(x|y)": [6], "": [], "nobody": []}
    assert world.calls == 1


@pytest.mark.parametrize(("value", "expected"), [("null", [5]), ("", []), ("A", [2]), ("NULL", [])])
async def test_awkward_values_alone(value: str, expected: list[int]) -> None:
    """`ref-eq-null` finds nobody; the person whose reference is the word must still be found."""
    world = build_world({"subscriber": PEOPLE})

    assert {value: expected} == await look_up(world, "ref", value)


async def test_address_of_several_people_finds_them_all() -> None:
    """An address is only unique where there is no reference."""
    world = build_world({"subscriber": PEOPLE})

    found = await look_up(world, "email", "twin@example.com", "Twin@example.com", "")

    assert found == {"twin@example.com": [1, 2], "Twin@example.com": [3], "": [5]}


async def test_more_rows_than_a_reply_holds_are_read_on() -> None:
    """The eleventh person at an address is a person too."""
    people = [{"id": number, "email": "info@example.com"} for number in range(1, 26)]
    world = build_world({"subscriber": people}, max_page=10)

    assert {"info@example.com": list(range(1, 26))} == await look_up(world, "email", "info@example.com")
    assert world.calls == 3


async def test_values_that_do_not_fit_one_address_are_shared_out() -> None:
    """A server refuses a request line that is too long as a whole."""
    references = [f"{number:03}-{'ü' * 100}" for number in range(40)]
    people = [{"id": number + 1, "ref": ref} for number, ref in enumerate(references)]
    world = build_world({"subscriber": people})

    found = await look_up(world, "ref", *references)

    assert {ref: [number + 1] for number, ref in enumerate(references)} == found
    assert 1 < world.calls < 10


def test_groups_keep_within_the_address_and_the_order() -> None:
    """A value in two groups, or in none, would be asked twice or never."""
    column = COLUMNS[SUBSCRIBER]["ref"]
    values = [f"{number}{'é' * (number % 50)}" for number in range(300)]

    groups = build_groups(column, values)

    assert values == [value for group in groups for value in group]
    assert all(len(group) <= 50 for group in groups)
    assert build_predicate(column, ["a", "b"]) == "ref-re-^(?:a|b)$"


async def test_value_too_long_for_any_address_fails_alone() -> None:
    """One absurd value must not fail the others."""
    world = build_world({"subscriber": PEOPLE})

    assert {"x" * 9_000: CapabilityError, "a": [1]} == await look_up(world, "ref", "x" * 9_000, "a")
    assert world.calls == 1


async def test_failed_call_fails_its_values() -> None:
    """Failure is not absence."""
    world = build_world({"subscriber": PEOPLE})
    world.sandbox.faults.add(Fault("html"))

    assert {"a": VendorContractError, "b": VendorContractError} == await look_up(world, "ref", "a", "b")


@pytest.mark.parametrize("name", ["id", "unsubscribed_at", "memberships", "taguchi.social_profile", "nonsense"])
async def test_fields_that_are_no_text_are_refused(name: str) -> None:
    """Such a call could only be an error page."""
    world = build_world()

    with pytest.raises(CapabilityError):
        await look_up(world, name, "1")
    assert world.calls == 0


async def test_lists_and_campaigns_have_references_too() -> None:
    """`list(by: {ref})` goes the same way."""
    world = build_world({"list": [{"id": 1, "ref": "news"}], "campaign": [{"id": 2, "ref": "spring"}]})

    lists = await fetch_by_ref(world, Entity.LIST, "news")
    campaigns = await fetch_by_ref(world, Entity.CAMPAIGN, "spring")

    assert isinstance(lists["news"], tuple)
    assert isinstance(campaigns["spring"], tuple)
    assert (ids(lists["news"]), ids(campaigns["spring"])) == ([1], [2])


async def test_awkward_value_shares_a_call_on_a_fresh_source() -> None:
    """One row may be a server's habit of giving one: a fresh source is asked once more, a known one never."""
    world = build_world({"subscriber": PEOPLE})

    await look_up(world, "email", "Twin@example.com")
    fresh = world.calls
    await look_up(world, "email", "twin@example.com")
    world.forget()
    await look_up(world, "email", "Twin@example.com")

    assert (fresh, world.calls) == (2, 1)


@pytest.mark.parametrize("entity", [Entity.ACTIVITY, Entity.TEMPLATE])
async def test_revisions_come_along_with_the_record_that_is_looked_up(entity: Entity) -> None:
    """They would cost a second call for the record that was just read."""
    world = build_world({RESOURCES[entity]: [{"id": 1, "ref": "a", "revisions": [{"id": 5}, {"id": 6}]}]})

    found = await fetch_by_ref(world, entity, "a", RevisionChoice.HISTORY.part)

    assert sorted(revision.id for revision in found["a"][0].revisions) == ["5", "6"]
    assert world.queries == [f"{RESOURCES[entity]}/?query=ref-eq-a&sort=id&order=asc&limit=1000&revisions=history"]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.sets(st.sampled_from(EVENT_TYPES), max_size=5),
    st.sets(st.sampled_from(EVENT_TYPES), min_size=1),
    st.none() | st.integers(1, 4),
)
def test_records_known_by_a_text_cost_no_more_calls_than_is_told(
    there: set[str], wanted: set[str], clamp: int | None
) -> None:
    """An estimate of the worst that short replies exceed would let an operation through that its budget then stops."""
    options = SandboxOptions(page_clamp=clamp)
    world = build_world({"event": [{"ref": ref, "name": ref} for ref in sorted(there)]}, options=options)

    async def load() -> Any:
        return await world.adapter.fetch_by_ids(
            Entity.EVENT_TYPE, sorted(wanted), scope(), parts=frozenset(), purpose="test"
        )

    found = asyncio.run(load())

    assert {ref for ref in wanted if found[ref] is not None} == there & wanted
    assert world.calls <= world.adapter.count_loads(Entity.EVENT_TYPE, len(wanted))[1]
