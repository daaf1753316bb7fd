"""What custom fields of listed contacts hold: as one contact tells it, for one call a list."""

import pytest

from adapters.contract import FIELD_TYPES, PersonQuery, SliceQuery
from adapters.errors import VendorError
from adapters.records import CustomFieldType, SubscriberRecord
from adapters.sandbox import Fault
from adapters.sandbox.cast import CAST
from tests.adapters.vendors.taximail.world import SUBSCRIBER, World, build_world, in_list, scope

TYPES = frozenset({FIELD_TYPES})
NONE: frozenset[str] = frozenset()


def count_types(world: World) -> dict[str, int]:
    """Count the calls for types, by their path."""
    asked = [line for line in world.queries if line.endswith("/custom_fields")]
    return {line: asked.count(line) for line in asked}


async def read_alone(world: World, record: SubscriberRecord) -> SubscriberRecord:
    found = await world.adapter.fetch_by_ids(SUBSCRIBER, [record.id], scope(), parts=NONE, purpose="")
    (alone,) = found.values()
    assert isinstance(alone, SubscriberRecord)
    return alone


@pytest.mark.parametrize("parts", [NONE, TYPES], ids=["not wanted", "wanted"])
async def test_types_cost_one_call_a_list_and_only_where_they_are_wanted(parts: frozenset[str]):
    """Each page of a list, or each contact, would ask anew what the whole list has in common."""
    world = build_world(max_page=30)

    found = await world.read(SliceQuery(SUBSCRIBER, in_list("314"), limit=100, parts=parts))

    assert count_types(world) == ({"list/314/custom_fields": 1} if parts else {})
    assert found.calls == world.calls == 4 + len(parts)
    kinds = {field.type for record in found.records for field in record.custom_fields}
    assert (CustomFieldType.UNSTATED in kinds) is not bool(parts)


async def test_a_field_is_typed_in_a_page_as_it_is_alone():
    """A number would be one in a contact's own record, and a text in its list."""
    world = build_world()
    found = await world.read(SliceQuery(SUBSCRIBER, in_list("314"), limit=5, parts=TYPES))

    for record in found.records:
        assert record.custom_fields == (await read_alone(world, record)).custom_fields
    kinds = {field.type for record in found.records for field in record.custom_fields}
    assert {CustomFieldType.NUMBER, CustomFieldType.FLAG, CustomFieldType.CHOICE, CustomFieldType.DATE} <= kinds
    assert {type(field.typed) for record in found.records for field in record.custom_fields} >= {int, bool}


async def test_each_list_is_asked_once_and_an_empty_one_never():
    """Types of a list without anybody on it are nobody's."""
    world = build_world()

    await world.read(SliceQuery(SUBSCRIBER, limit=1000, parts=TYPES))

    lists = ("174", "182", "314", "402")
    assert count_types(world) == {f"list/{each}/custom_fields": 1 for each in lists}


async def test_a_person_s_fields_cost_a_call_for_each_list_that_knows_the_person():
    """A look-up would leave fields untyped that a page shows typed, or ask lists that do not know the person."""
    world = build_world()
    query = PersonQuery(email=CAST[0].email, parts=TYPES)

    matches = await world.adapter.fetch_people(query, scope(), purpose="person")

    known = {match.record.id.partition("/")[0] for match in matches}
    assert set(count_types(world)) >= {f"list/{each}/custom_fields" for each in known}
    assert world.calls == 1 + 5 + len(count_types(world))
    for match in matches:
        assert match.record == await read_alone(world, match.record)


async def test_fields_that_cannot_be_told_are_no_untyped_ones():
    """That a list could not be asked would look as if its fields had no types."""
    world = build_world()
    world.sandbox.faults.add(Fault("html", match="custom_fields"))

    with pytest.raises(VendorError):
        await world.read(SliceQuery(SUBSCRIBER, in_list("314"), limit=5, parts=TYPES))
