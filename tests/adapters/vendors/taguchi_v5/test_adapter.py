"""Look-ups through the whole adapter against the sandbox: records, calls, refusals, faults."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.contract import ChildrenQuery, FindsPeople, MatchReason, PersonQuery, SliceQuery
from adapters.errors import (
    BudgetExceededError,
    CapabilityError,
    VendorUnavailableError,
)
from adapters.records import Entity, MembershipState, PartitionRecord, SubscriberRecord
from adapters.sandbox import Fault
from adapters.sandbox.cast import CAST
from adapters.vendors.taguchi_v5 import ADAPTER
from tests.adapters.vendors.taguchi_v5.world import SOURCE, World, build_settings, build_world, scope

SUBSCRIBER, PARTITION = Entity.SUBSCRIBER, Entity.PARTITION
THOMAS = CAST[0]
THOMAS_ID = "121293458"


async def by_value(world: World, name: str, *values: str, entity: Entity = SUBSCRIBER) -> dict[str, Any]:
    """Look records up by a value."""
    return dict(await world.adapter.fetch_by_values(entity, name, values, scope(), parts=frozenset(), purpose="test"))


async def by_id(world: World, *ids: str, entity: Entity = SUBSCRIBER) -> dict[str, Any]:
    """Look records up by id."""
    return dict(await world.adapter.fetch_by_ids(entity, ids, scope(), parts=frozenset(), purpose="test"))


async def find_people(world: World, **query: Any) -> Any:
    """Look for a person."""
    return await world.adapter.fetch_people(PersonQuery(**query), scope(), purpose="test")


# --- records ----------------------------------------------------------------------------------------------------------


async def test_a_person_is_found_by_address_whatever_its_case(tmp_path: Path) -> None:
    """The account writes an address in other letters than the caller."""
    world = build_world(tmp_path)

    found = await by_value(world, "email", THOMAS.email)

    (record,) = found[THOMAS.email]
    assert isinstance(record, SubscriberRecord)
    assert (record.source, record.id, record.ref) == (SOURCE, THOMAS_ID, THOMAS.ref)
    assert (record.email, record.last_name) == ("Thomas_1@Example.Com", "Williams")
    assert world.lines == ["GET /abc123/prod/subscriber?email=thomas_1@example.com"]


async def test_a_plus_tag_is_another_person(tmp_path: Path) -> None:
    """Two people would be taken for one."""
    found = await by_value(build_world(tmp_path), "email", "thomas_1+news@example.com")

    assert [record.last_name for record in found["thomas_1+news@example.com"]] == ["Alias"]


async def test_everybody_is_read_as_the_vendor_holds_them(tmp_path: Path) -> None:
    """A field of somebody's would be lost, or be somebody else's."""
    world = build_world(tmp_path)
    rows = {str(row["id"]): row for row in world.sandbox.store.rows}

    found = await by_id(world, *rows)

    for key, row in rows.items():
        record = found[key]
        assert isinstance(record, SubscriberRecord)
        texts = (record.ref, record.email, record.phone, record.first_name, record.suburb, record.gender)
        assert texts == tuple(row[name] for name in ("ref", "email", "phone", "firstname", "suburb", "gender"))
        assert [each.list_id for each in record.memberships] == [str(each["listId"]) for each in row["lists"]]
        left = [each.state is MembershipState.LEFT for each in record.memberships]
        assert left == [each["unsubscribedTimestamp"] is not None for each in row["lists"]]
        assert {each.key: each.typed if each.typed is not None else each.value for each in record.custom_fields} == row[
            "custom"
        ]
        assert (record.unsubscribed_at is None) == (row["unsubscribedTimestamp"] is None)
        assert (record.bounced_at is None) == (row["invalidTimestamp"] is None)


@pytest.mark.parametrize("identity", ["ref", "phone"])
async def test_people_are_looked_up_by_what_the_page_says(tmp_path: Path, identity: Any) -> None:
    """An endpoint that identifies by something else could not be read."""
    world = build_world(tmp_path, {"identify_by": identity})
    value = {"ref": THOMAS.ref, "phone": "0489 701 378"}[identity]

    found = await by_value(world, identity, value)

    assert [record.id for record in found[value]] == [THOMAS_ID]
    sent = {"ref": THOMAS.ref, "phone": "+61489701378"}[identity]
    assert world.lines == [f"GET /abc123/prod/subscriber?{identity}={sent}"]


@pytest.mark.parametrize("ref", ["shop 7/customer 12", "../up", "josé|ñ", "a+b&c=d?e#f", "100%"])
async def test_references_of_any_shape_reach_their_person(tmp_path: Path, ref: str) -> None:
    """A reference with a mark in it would find nobody, or somebody else."""
    world = build_world(tmp_path, {"identify_by": "ref"})

    found = await by_value(world, "ref", ref)

    assert [(record.id, record.ref) for record in found[ref]] == [(str(world.row(ref)["id"]), ref)]


async def test_unknown_keys_have_no_record_and_nonsense_costs_no_call(tmp_path: Path) -> None:
    """Nothing found must be told from a failure, and an empty value finds whoever comes first."""
    world = build_world(tmp_path)

    assert await by_value(world, "email", "nobody@example.com", "", " ") == {"nobody@example.com": (), "": (), " ": ()}
    assert await by_id(world, "1", "one", "-1", "1.5") == {"1": None, "one": None, "-1": None, "1.5": None}
    assert len(world.lines) == 2


async def test_partitions_are_looked_up_by_reference_and_id(tmp_path: Path) -> None:
    """Partitions would be out of reach."""
    world = build_world(tmp_path)

    by_ref = await by_value(world, "ref", "north/east", "nowhere", entity=PARTITION)
    by_number = await by_id(world, "73", "99", entity=PARTITION)

    (record,) = by_ref["north/east"]
    assert isinstance(record, PartitionRecord)
    assert (record.id, record.name, by_ref["nowhere"]) == ("73", "North East, all", ())
    assert {each.key: each.typed for each in record.custom_fields} == {
        "open": False,
        "suburbs": ["Wangaratta", "Benalla"],
    }
    assert by_number == {"73": record, "99": None}


# --- calls ------------------------------------------------------------------------------------------------------------


async def test_every_key_is_one_call_and_repeated_keys_are_one(tmp_path: Path) -> None:
    """Costs would be other than `count_loads` says."""
    world = build_world(tmp_path)

    await by_id(world, THOMAS_ID, "121293459", THOMAS_ID)

    assert len(world.lines) == 2
    assert world.adapter.count_loads(SUBSCRIBER, 2) == (2, 2)
    assert world.adapter.count_loads(Entity.LIST, 2) == (0, 0)


async def test_a_failed_call_fails_its_own_key(tmp_path: Path) -> None:
    """One bad answer would hide everybody else."""
    world = build_world(tmp_path)
    world.sandbox.faults.add(Fault("status", match="id=121293459", status=503))

    found = await by_id(world, THOMAS_ID, "121293459", "121293460")

    assert [found[key].id for key in (THOMAS_ID, "121293460")] == [THOMAS_ID, "121293460"]
    assert isinstance(found["121293459"], VendorUnavailableError)


async def test_a_spent_budget_fails_the_keys_beyond_it(tmp_path: Path) -> None:
    """An operation could make more calls than it may."""
    world = build_world(tmp_path)

    found = await world.adapter.fetch_by_ids(
        SUBSCRIBER, [THOMAS_ID, "121293459"], scope(max_calls=1), parts=frozenset(), purpose="test"
    )

    assert [isinstance(each, BudgetExceededError) for each in found.values()] == [False, True]


# --- one person -------------------------------------------------------------------------------------------------------


async def test_a_person_is_found_by_one_call_with_every_reason(tmp_path: Path) -> None:
    """The person across vendors would cost more, or not say why it is the person."""
    world = build_world(tmp_path)

    (match,) = await find_people(world, email=THOMAS.email, phone="0489 701 378", ref=THOMAS.ref)

    assert match.record.id == THOMAS_ID
    assert match.reasons == (MatchReason.EMAIL, MatchReason.PHONE, MatchReason.REF)
    assert len(world.lines) == 1
    assert isinstance(world.adapter, FindsPeople)


@pytest.mark.parametrize(
    ("identity", "query", "ref", "reasons"),
    [
        ("email", {"email": "harry_5@example.org", "ref": "other"}, "crm-000005", (MatchReason.EMAIL,)),
        ("phone", {"phone": "+61 434 874 628"}, "crm-000026", (MatchReason.PHONE,)),
        ("phone", {"phone": "0486 969 572", "email": "x@example.com"}, "crm-000027", (MatchReason.PHONE,)),
        ("ref", {"ref": "crm-000001"}, "crm-000001", (MatchReason.REF,)),
    ],
)
async def test_people_are_found_by_the_endpoints_identity(
    tmp_path: Path, identity: Any, query: dict[str, str], ref: str, reasons: Any
) -> None:
    """Only what identifies people there can be asked for; what else agrees is told."""
    world = build_world(tmp_path, {"identify_by": identity})

    (match,) = await find_people(world, **query)

    assert (match.record.ref, match.reasons) == (ref, reasons)


async def test_nobody_is_nobody(tmp_path: Path) -> None:
    """Somebody would be found for anybody."""
    assert await find_people(build_world(tmp_path), email="nobody@example.com") == ()


@pytest.mark.parametrize(
    ("identity", "query", "words"),
    [
        ("email", {"phone": "+61489701378", "ref": "crm-000001"}, "by e-mail address only"),
        ("ref", {"email": "thomas_1@example.com"}, "by your own key for them"),
        ("phone", {"phone": "12"}, "no telephone number"),
    ],
)
async def test_another_identity_is_refused_before_any_call(
    tmp_path: Path, identity: Any, query: dict[str, str], words: str
) -> None:
    """Nobody found would be a lie where nobody was looked for."""
    world = build_world(tmp_path, {"identify_by": identity})

    with pytest.raises(CapabilityError, match=words):
        await find_people(world, **query)

    assert world.lines == []


# --- what cannot be done ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entity", [SUBSCRIBER, PARTITION, Entity.LIST])
async def test_nothing_is_listed(tmp_path: Path, entity: Entity) -> None:
    """An empty page would say that there is nobody."""
    world = build_world(tmp_path)

    with pytest.raises(CapabilityError, match=r"Taguchi V5 endpoint tells (no lists|\w+ one by one)"):
        await world.adapter.fetch_slice(SliceQuery(entity), scope())
    with pytest.raises(CapabilityError):
        world.adapter.plan_slice(SliceQuery(entity))
    children = await world.adapter.fetch_children(ChildrenQuery(entity, "campaign_id", ("1", "2")), scope())
    assert [type(each) for each in children.values()] == [CapabilityError] * 2
    assert world.lines == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"openapi": None}, "Production OpenAPI Spec File"),
        ({"allow_retrieval": False, "allow_partition_retrieval": False}, "sets allow_(partition_)?retrieval = true"),
        ({"openapi": None, "allow_retrieval": False, "allow_partition_retrieval": False}, "is off"),
    ],
    ids=["no file", "switched off", "neither"],
)
@pytest.mark.parametrize("entity", [SUBSCRIBER, PARTITION])
async def test_what_may_not_be_read_is_refused_with_the_way_out(
    tmp_path: Path, settings: dict[str, Any], words: str, entity: Entity
) -> None:
    """An operator would look for the fault in the vendor."""
    world = build_world(tmp_path, **settings)

    with pytest.raises(CapabilityError, match=words):
        await by_value(world, "ref" if entity is PARTITION else "email", "x", entity=entity)
    with pytest.raises(CapabilityError, match=words):
        await by_id(world, "1", entity=entity)
    with pytest.raises(CapabilityError, match=r"retrieval|OpenAPI"):
        await find_people(world, email="x@example.com")
    able = ADAPTER.build_capability(world.adapter._settings).entities[entity]
    assert not able.listable
    assert able.reason is not None
    assert world.adapter.count_loads(entity, 5) == (0, 0)
    assert world.lines == []


@pytest.mark.parametrize(("entity", "name"), [(SUBSCRIBER, "ref"), (SUBSCRIBER, "phone"), (PARTITION, "name")])
async def test_other_look_ups_are_refused(tmp_path: Path, entity: Entity, name: str) -> None:
    """The endpoint would answer something about somebody else."""
    world = build_world(tmp_path)

    with pytest.raises(CapabilityError, match=f"not by {name}"):
        await by_value(world, name, "x", entity=entity)

    assert world.lines == []


async def test_the_embedded_sandbox_is_reached_by_its_own_table() -> None:
    """`make serve` without a source would start and answer nothing."""
    parts = ADAPTER.sandbox()
    table = {**parts.table, "base_url": f"http://127.0.0.1{parts.table['base_url']}"}
    adapter = ADAPTER.open("v5", ADAPTER.settings.model_validate(table), httpx.ASGITransport(parts.app))

    found = await adapter.fetch_by_values(
        SUBSCRIBER, "email", [THOMAS.email], scope(), parts=frozenset(), purpose="test"
    )

    (record,) = found[THOMAS.email]  # type: ignore[misc]
    assert record.id == THOMAS_ID


def test_settings_name_the_account_without_its_secret() -> None:
    """Findings and caches are kept by it."""
    assert build_settings().account == build_settings(auth={"token": "other"}).account
