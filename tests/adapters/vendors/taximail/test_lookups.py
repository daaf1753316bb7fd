"""Records by id or address, people, parts: what each costs, and that nothing is a neighbour's."""

import json

import pytest

from adapters.contract import MatchReason, PersonQuery, SliceQuery
from adapters.errors import CapabilityError, VendorError
from adapters.records import AudienceKind, CustomFieldType, Entity
from adapters.sandbox import Fault
from adapters.sandbox.cast import CAST
from adapters.vendors.taximail.extensions import TaximailField
from tests.adapters.vendors.taximail.account import build_account
from tests.adapters.vendors.taximail.world import (
    SUBSCRIBER,
    build_world,
    ids,
    in_list,
    in_segment,
    read_line,
    scope,
)

PAGE = "order_type=asc&page=1&limit=100"
SHOW = "display_mode=all&browse=all&order_by=date&"


ODD = ("a b", "ü?x=1#", "50%", ".hidden", "a/b", "../order-0002")


async def test_contacts_by_id_are_a_call_each_and_bring_the_types_of_their_fields():
    """One contact says more than a row; an id that can be nobody's costs nothing."""
    world = build_world(build_account())
    hostile = ["314", "x/3", "314/3/4", "314/..", "../314/3", "314/ 3", "314/03", "0314/3", "314/三", ""]

    found = await world.adapter.fetch_by_ids(
        SUBSCRIBER, ["314/3", "314/9", "9/3", *hostile], scope(), parts=frozenset(), purpose="nodes"
    )

    record = found["314/3"]
    assert sorted(world.queries) == ["list/314/subscribers/3", "list/314/subscribers/9", "list/9/subscribers/3"]
    assert [found[each] for each in ("314/9", "9/3", *hostile)] == [None] * (2 + len(hostile))
    assert (record.id, record.email, record.first_name) == ("314/3", "john@example.com", "John")
    assert [(each.key, each.label, each.type) for each in record.custom_fields] == [
        ("custom_field_208", "Customer Fullname", CustomFieldType.TEXT),
        ("custom_field_210", "Telephone", CustomFieldType.TEXT),
    ]


async def test_a_field_is_called_the_same_in_a_page_and_in_one_contact():
    """A client that learned a key from one must find the field in the other."""
    world = build_world()
    found = await world.read(SliceQuery(SUBSCRIBER, in_list("314"), limit=1))
    row = found.records[0]

    loaded = await world.adapter.fetch_by_ids(SUBSCRIBER, [row.id], scope(), parts=frozenset(), purpose="")

    detail = loaded[row.id]
    assert [(each.key, each.label, each.value) for each in row.custom_fields] == [
        (each.key, each.label, each.value) for each in detail.custom_fields
    ]
    assert (row.memberships, row.email, row.extension) == (detail.memberships, detail.email, detail.extension)


async def test_a_contact_that_fails_fails_alone():
    """A neighbour's error is not ours."""
    world = build_world(build_account())
    world.sandbox.faults.add(Fault("html", match="subscribers/2"))

    found = await world.adapter.fetch_by_ids(SUBSCRIBER, ["314/2", "314/3"], scope(), parts=frozenset(), purpose="")

    assert isinstance(found["314/2"], VendorError)
    assert found["314/3"].email == "john@example.com"


async def test_lists_by_id_are_one_call_for_all():
    """There is no call for one of them."""
    world = build_world()

    found = await world.adapter.fetch_by_ids(
        Entity.LIST, ["314", "174", "9", "x"], scope(), parts=frozenset(), purpose=""
    )

    assert (found["314"].name, found["174"].name, found["9"], found["x"]) == ("Newsletter", "List B", None, None)
    assert world.calls == 1


async def test_campaigns_by_id_are_looked_for_in_every_status():
    """There is no call for one of them either."""
    world = build_world()

    found = await world.adapter.fetch_by_ids(
        Entity.CAMPAIGN, ["301", "302", "1"], scope(), parts=frozenset(), purpose=""
    )

    assert (found["301"].status, found["302"].id, found["1"]) == ("Sent", "302", None)
    assert world.calls == 7


async def test_a_campaign_that_was_not_found_where_a_status_failed_is_not_called_absent():
    """It may stand in the one that could not be read."""
    world = build_world()
    world.sandbox.faults.add(Fault("html", match="campaign_status=Draft"))

    found = await world.adapter.fetch_by_ids(Entity.CAMPAIGN, ["301", "1"], scope(), parts=frozenset(), purpose="")

    assert found["301"].status == "Sent"
    assert isinstance(found["1"], VendorError)


async def test_a_segment_is_known_by_its_id_with_its_size():
    """One row of it is asked for, and the reply counts them all."""
    world = build_world()

    found = await world.adapter.fetch_by_ids(
        Entity.AUDIENCE, ["314/7", "314/99", "9/7", "seven"], scope(), parts=frozenset(), purpose=""
    )

    segment = found["314/7"]
    assert [found[each] for each in ("314/99", "9/7", "seven")] == [None] * 3
    assert (segment.kind, segment.members_listable, segment.extension.list_size) == (AudienceKind.SEGMENT, True, 282)
    assert segment.size == len(await read_line(world, SliceQuery(SUBSCRIBER, in_segment("314/7"))))
    assert "list/314/subscribers?display_mode=all&browse=7&order_by=date&order_type=asc&page=1&limit=1" in world.queries


async def test_a_message_tells_what_became_of_it():
    """By the id it was sent with, which is any text."""
    world = build_world()
    store = world.sandbox.store
    for odd in ODD:
        store.messages[odd] = store.messages["order-0001"]

    found = await world.adapter.fetch_by_ids(
        Entity.MESSAGE,
        ["order-0001", "none", *ODD, "..", ".", ""],
        scope(),
        parts=frozenset(),
        purpose="",
    )

    message = found["order-0001"]
    assert (message.ref, message.status, message.email) == ("order-0001", "Sent", CAST[0].email)
    assert (message.subject, message.sent_at.isoformat()) == ("Your invoice 1", "2024-01-08T03:00:00+00:00")
    assert json.loads(message.extension.details)["transactional_group_name"] == "eInvoice"
    assert [found[each].status for each in ODD] == ["Sent"] * len(ODD)
    assert [found[each] for each in ("none", "..", ".", "")] == [None] * 4
    assert world.calls == 2 + len(ODD)


async def test_contacts_by_address_are_searched_for_in_every_list():
    """Exactly the address: other letters are another text."""
    world = build_world()
    email = next(each.email for each in world.contacts() if each.email.lower() == CAST[0].email)

    found = await world.adapter.fetch_by_values(
        SUBSCRIBER, "email", [email, "none@example.com"], scope(), parts=frozenset(), purpose=""
    )

    wanted = [each.id for each in world.contacts() if each.email == email]
    assert (sorted(ids(found[email])), found["none@example.com"]) == (sorted(wanted), ())
    assert world.calls == 1 + 2 * 5


async def test_what_cannot_be_looked_up_by_is_refused():
    """Taximail has no caller's key and no telephone number."""
    world = build_world()
    for entity, name in ((SUBSCRIBER, "ref"), (SUBSCRIBER, "phone"), (Entity.LIST, "ref")):
        with pytest.raises(CapabilityError):
            await world.adapter.fetch_by_values(entity, name, ["x"], scope(), parts=frozenset(), purpose="")

    found = await world.adapter.fetch_by_values(
        Entity.MESSAGE, "ref", ["order-0001", "x"], scope(), parts=frozenset(), purpose=""
    )

    assert (ids(found["order-0001"]), found["x"]) == (["order-0001"], ())


async def test_a_person_is_found_by_one_call_and_one_a_list():
    """In whatever letters a list has the address; a plus-tag is somebody else."""
    world = build_world()

    matches = await world.adapter.fetch_people(PersonQuery(email=CAST[0].email), scope(), purpose="person")

    wanted = [each.id for each in world.contacts() if each.email.strip().lower() == CAST[0].email]
    assert sorted(match.record.id for match in matches) == sorted(wanted)
    assert len(wanted) > 1
    assert {match.reasons for match in matches} == {(MatchReason.EMAIL,)}
    assert len({match.record.email for match in matches}) > 1
    assert world.calls == 1 + 5


async def test_a_person_is_looked_for_in_all_lists_side_by_side():
    """The longest chain is log-in, lists, search: 0.2 s each."""
    world = build_world()
    world.sandbox.faults.add(Fault("delay", seconds=0.1))
    spending = scope()

    await world.adapter.fetch_people(PersonQuery(email=CAST[0].email), spending, purpose="person")

    assert max(call.started_ms + call.duration_ms for call in spending.calls) < 400


@pytest.mark.parametrize("query", [PersonQuery(phone="0489 701 378"), PersonQuery(ref="crm-000001")])
async def test_a_person_without_an_address_cannot_be_looked_for(query):
    """The source says so instead of finding nobody."""
    world = build_world()

    with pytest.raises(CapabilityError):
        await world.adapter.fetch_people(query, scope(), purpose="")

    assert world.calls == 0


async def test_a_list_that_cannot_be_searched_is_not_a_list_without_the_person():
    """Half an answer would look whole."""
    world = build_world()
    world.sandbox.faults.add(Fault("html", match="list/182/"))

    with pytest.raises(VendorError):
        await world.adapter.fetch_people(PersonQuery(email=CAST[0].email), scope(), purpose="")


async def test_parts_cost_a_call_for_each_record():
    """The list's own count, its custom fields, a segment's size."""
    world = build_world()
    read = world.adapter.fetch_parts

    counts = await read(Entity.LIST, "subscriber_count", ["314", "9", "x"], scope(), purpose="")
    fields = await read(Entity.LIST, "fields", ["314", "9"], scope(), purpose="")
    sizes = await read(Entity.AUDIENCE, "size", ["314/8", "x"], scope(), purpose="")

    assert counts == {"314": 282, "9": None, "x": None}
    assert fields["9"] is None
    assert [each.label for each in fields["314"]][:3] == ["Full name", "Mobile", "City"]
    assert fields["314"][4] == TaximailField(
        key=fields["314"][4].key,
        id=fields["314"][4].id,
        label="Level",
        merge_key="LEVEL",
        type="enum",
        choices="Gold,Silver,Bronze",
    )
    assert (sizes["x"], isinstance(sizes["314/8"], int)) == (None, True)
    assert await read(SUBSCRIBER, "other", ["314/1"], scope(), purpose="") == {}
    assert world.calls == 5


async def test_the_keys_of_a_list_s_fields_are_those_of_its_contacts():
    """A client that read the definitions must find the values."""
    world = build_world()

    fields = await world.adapter.fetch_parts(Entity.LIST, "fields", ["314"], scope(), purpose="")
    found = await world.read(SliceQuery(SUBSCRIBER, in_list("314"), limit=1))

    assert [each.key for each in fields["314"]] == [each.key for each in found.records[0].custom_fields]
