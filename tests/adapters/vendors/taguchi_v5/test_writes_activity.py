"""Events, messages and partitions through the whole adapter against the sandbox."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Outcome
from adapters.errors import CapabilityError, InputError, VendorAuthError, VendorRejectedError
from adapters.records import PartitionRecord
from adapters.sandbox.cast import CAST
from tests.adapters.vendors.taguchi_v5.world import World, build_world
from tests.adapters.vendors.taguchi_v5.written import ALLOWED, bodies, command, look_again, prepare, send, writes

THOMAS = CAST[0]
THOMAS_ID = 121293458
SALE = {"total": 12.5, "currency": "AUD", "order_id": "o1"}
BY_EMAIL = {"email": THOMAS.email}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An endpoint that allows everything."""
    return build_world(tmp_path, **ALLOWED)


def event(**more: Any) -> dict[str, Any]:
    return {"person": BY_EMAIL, "type": "p", "data": SALE, **more}


# --- events -----------------------------------------------------------------------------------------------------------


async def test_an_event_is_sent_as_the_vendors_own_client_sends_one(world: World) -> None:
    """Source: vendors/facts.md, 2.4."""
    result = await send(world, command("logEvent", **event()))

    assert bodies(world) == [[{"event": {"target": BY_EMAIL, "type": "p", "data": SALE}}]]
    assert result.outcome is Outcome.APPLIED
    assert [(each["target"], each["data"], each["isTest"]) for each in world.sandbox.store.events] == [
        ({"id": THOMAS_ID}, SALE, False)
    ]


@pytest.mark.parametrize(
    ("person", "target"),
    [
        ({"id": str(THOMAS_ID)}, {"id": THOMAS_ID}),
        ({"ref": THOMAS.ref}, {"ref": THOMAS.ref}),
        ({"email": THOMAS.email, "phone": "0491 570 156"}, {"email": THOMAS.email, "phone": "+61491570156"}),
    ],
)
async def test_each_kind_of_target_finds_the_person(world: World, person: Any, target: Any) -> None:
    """Source: vendors/facts.md, 2.2: by id, by reference, by address and number together."""
    result = await send(world, command("logEvent", **event(person=person, test=True)))

    assert bodies(world)[0][0]["event"]["target"] == target
    assert bodies(world)[0][0]["event"]["isTest"] is True
    assert result.outcome is Outcome.APPLIED


async def test_many_events_are_told_one_by_one(world: World) -> None:
    """An unknown person's event must not fail its neighbours."""
    items = [event(data={"n": number}) for number in range(101)]
    items[3] = event(person={"email": "nobody@example.com"})

    result = await send(world, command("logEvents", items=items))

    assert [len(body) for body in bodies(world)] == [100, 1]
    assert [item.place for item in result.items if item.outcome is Outcome.REJECTED] == [3]
    assert isinstance(result.items[3].error, VendorRejectedError)
    assert len(world.sandbox.store.events) == 100


async def test_a_repetition_within_the_window_is_told(tmp_path: Path) -> None:
    """Two equal sales would be one at Taguchi, and nobody would have said so."""
    world = build_world(tmp_path, {"deduplication_s": 300}, **ALLOWED, deduplication_s=300)
    plain = build_world(tmp_path, **ALLOWED)
    asked = command("logEvents", items=[event(), event(data=1), event()])

    assert (await prepare(world, asked)).warnings == (
        "Taguchi drops what equals a request of the last 300 seconds.",
        "Item 2 equals item 0, so Taguchi takes it for a repetition and drops it.",
    )
    assert (await prepare(plain, asked)).warnings == ()
    await send(world, asked)
    assert len(world.sandbox.store.events) == 2


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"type": " "}, ("input", "type")),
        ({"type": "x" * 101}, ("input", "type")),
        ({"person": {}}, ("input", "person")),
        ({"person": {"id": "x"}}, ("input", "person", "id")),
        ({"person": {"email": "nobody"}}, ("input", "person", "email")),
        ({"data": {"text": "x" * 4_000_000}}, ("input",)),
        ({"data": {"text": "\ud800"}}, ("input",)),
    ],
)
async def test_events_that_cannot_be_sent_are_refused_before(world: World, changes: Any, path: Any) -> None:
    """A call would be spent on it."""
    with pytest.raises(InputError) as caught:
        await prepare(world, command("logEvent", **event(**changes)))

    assert (caught.value.path, writes(world)) == (path, [])


async def test_no_events_are_no_write(world: World) -> None:
    """An empty array would be a call for nothing."""
    with pytest.raises(InputError):
        await prepare(world, command("logEvents", items=[]))


async def test_an_events_fate_cannot_be_looked_up(world: World) -> None:
    """UNKNOWN with what to look at, never a guess."""
    found = await look_again(world, command("logEvent", **event()))

    assert found.outcome is Outcome.UNKNOWN
    assert found.check
    assert world.lines == []


# --- messages ---------------------------------------------------------------------------------------------------------


def message(**more: Any) -> dict[str, Any]:
    return {"recipients": [{"id": str(THOMAS_ID)}, {"ref": CAST[1].ref}], "activity_id": "77", **more}


async def test_a_message_goes_to_each_recipient(world: World) -> None:
    """Source: vendors/facts.md, 2.2, message send object."""
    soon = (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0)
    asked = command("sendMessage", **message(content={"order": 1}, send_at=soon.isoformat(), test=True))
    for row in world.sandbox.store.rows:
        row["unsubscribedTimestamp"] = None

    result = await send(world, asked)

    told = {"isTest": True, "requestContent": {"order": 1}, "sendTimestamp": soon.strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert bodies(world) == [
        [
            {"message": {"target": {"id": THOMAS_ID}, **told, "activityId": 77}},
            {"message": {"target": {"ref": CAST[1].ref}, **told, "activityId": 77}},
        ]
    ]
    assert [item.outcome for item in result.items] == [Outcome.APPLIED, Outcome.APPLIED]
    assert len(world.sandbox.store.messages) == 2


async def test_each_recipient_may_get_a_content_of_their_own(world: World) -> None:
    """Source: vendors/facts.md, 2.2: each message has its own `requestContent`."""
    recipients = [{"id": str(THOMAS_ID), "content": {"order": 2}}, {"ref": CAST[1].ref}]

    await send(world, command("sendMessage", **message(recipients=recipients, content={"order": 1})))

    (items,) = bodies(world)
    assert [(item["message"]["target"], item["message"]["requestContent"]) for item in items] == [
        ({"id": THOMAS_ID}, {"order": 2}),
        ({"ref": CAST[1].ref}, {"order": 1}),
    ]


async def test_who_was_left_out_keeps_its_place(world: World) -> None:
    """An outcome would be told of another recipient than it is about."""
    for row in world.sandbox.store.rows:
        row["unsubscribedTimestamp"] = None
    asked = command("sendMessage", **message(skipped=[0, 2]))

    prepared = await prepare(world, asked)
    result = await send(world, asked)

    assert set(prepared.skipped) == {0, 2}
    assert [item.place for item in result.items] == [1, 3]


async def test_a_fixed_activity_is_not_the_callers_to_choose(tmp_path: Path) -> None:
    """Source: taguchi-v5-integration.txt, Trigger activity ID."""
    world = build_world(tmp_path, {"trigger_activity_id": 9}, **ALLOWED, trigger_activity_id=9)
    for row in world.sandbox.store.rows:
        row["unsubscribedTimestamp"] = None

    with pytest.raises(InputError, match="activity 9 only") as caught:
        await prepare(world, command("sendMessage", **message()))
    assert caught.value.path == ("input", "activityId")
    result = await send(world, command("sendMessage", recipients=[{"id": str(THOMAS_ID)}]))
    assert (result.outcome, world.sandbox.store.messages[0]["activityId"]) == (Outcome.APPLIED, 9)
    assert "activityId" not in bodies(world)[0][0]["message"]


async def test_the_vendors_own_refusal_of_people_who_left_is_told(world: World) -> None:
    """The one who left must not look as if the message had gone out."""
    rows = list(world.sandbox.store.rows)
    rows[0]["unsubscribedTimestamp"], rows[1]["unsubscribedTimestamp"] = "2025-01-01T00:00:00Z", None
    people = [{"id": str(row["id"])} for row in rows[:2]]

    result = await send(world, command("sendMessage", recipients=people, activity_id="77"))

    assert [item.outcome for item in result.items] == [Outcome.REJECTED, Outcome.APPLIED]
    assert isinstance(result.items[0].error, VendorAuthError)
    assert result.items[0].error.vendor_message == "The subscriber is unsubscribed"


async def test_whom_the_endpoint_reaches_is_said(tmp_path: Path) -> None:
    """The page's option decides who gets it, and nothing else shows it."""
    reaching = build_world(tmp_path, **ALLOWED, allow_unsubscribed_messages=True)
    careful = build_world(tmp_path, **ALLOWED)

    told = [(await prepare(each, command("sendMessage", **message()))).warnings for each in (reaching, careful)]

    assert told == [
        ("This endpoint sends to people who have opted out at Taguchi, too.",),
        ("Taguchi sends nothing to people who have opted out there.",),
    ]


@pytest.mark.parametrize(
    ("changes", "error", "path"),
    [
        ({"activity_id": None}, InputError, ("input", "activityId")),
        ({"activity_id": "x"}, InputError, ("input", "activityId")),
        ({"send_at": "2020-01-01T00:00:00+00:00"}, InputError, ("input", "sendAt")),
        ({"recipients": [{"id": "1"}, {"id": "01"}]}, InputError, ("input", "recipients", 1)),
        ({"content": [1]}, InputError, ("input", "content")),
        ({"content": "x"}, InputError, ("input", "content")),
        ({"recipients": [{"id": "1", "content": "x"}]}, InputError, ("input", "recipients", 0, "content")),
        ({"recipients": []}, InputError, ("input",)),
        ({"sendios": {"type_id": "1"}}, CapabilityError, ("input", "sendios")),
    ],
)
async def test_messages_that_cannot_be_sent_are_refused_before(
    world: World, changes: Any, error: type[InputError], path: Any
) -> None:
    """A message would go out twice, or at once instead of later, or to nobody."""
    with pytest.raises(error) as caught:
        await prepare(world, command("sendMessage", **message(**changes)))

    assert (caught.value.path, writes(world)) == (path, [])


# --- partitions -------------------------------------------------------------------------------------------------------


async def test_a_partition_is_made_read_changed_and_read(world: World) -> None:
    """A shop would be made twice, or its fields lost."""
    fields = [{"key": "manager", "value": "Ada"}]
    made = await send(world, command("upsertPartition", ref="perth", name="Perth", custom_fields=fields))
    asked = command("upsertPartition", ref="perth", name="Perth store")
    prepared = await prepare(world, asked)
    changed = await send(world, asked)

    assert bodies(world) == [
        [{"partition": {"ref": "perth", "name": "Perth", "custom": {"manager": "Ada"}}}],
        [{"partition": {"ref": "perth", "name": "Perth store"}}],
    ]
    assert isinstance(changed.record, PartitionRecord)
    assert (made.id, changed.record.name, changed.outcome) == (changed.id, "Perth store", Outcome.APPLIED)
    assert (prepared.before, prepared.after) == ({"name": "Perth"}, {"name": "Perth store"})
    assert (await look_again(world, asked)).outcome is Outcome.APPLIED
    other = command("upsertPartition", ref="perth", name="Elsewhere")
    assert (await look_again(world, other)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(("values", "path"), [({}, "ref"), ({"ref": ""}, "ref"), ({"partition_id": "71"}, "ref")])
async def test_a_partition_needs_what_identifies_it(world: World, values: Any, path: str) -> None:
    """Taguchi would refuse it after a call."""
    with pytest.raises(InputError) as caught:
        await prepare(world, command("upsertPartition", name="x", **values))

    assert caught.value.path == ("input", path)


@pytest.mark.parametrize(
    ("switch", "ref"), [("allow_partition_creation", "perth"), ("allow_partition_updates", "sydney")]
)
async def test_a_partition_that_the_page_does_not_allow_is_refused_before(
    tmp_path: Path, switch: str, ref: str
) -> None:
    """A call would be spent on a refusal that is known."""
    world = build_world(tmp_path, {switch: False}, **{**ALLOWED, switch: False})

    with pytest.raises(CapabilityError):
        await prepare(world, command("upsertPartition", ref=ref, name="x"))

    assert writes(world) == []


async def test_a_partition_by_number(tmp_path: Path) -> None:
    """The page may identify partitions by Taguchi's own number."""
    options = {"identify_partitions_by": "id"}
    world = build_world(tmp_path, options, **ALLOWED)

    result = await send(world, command("upsertPartition", partition_id="72", name="Sydney"))

    assert bodies(world) == [[{"partition": {"id": 72, "name": "Sydney"}}]]
    assert (result.outcome, result.record.name) == (Outcome.APPLIED, "Sydney")
