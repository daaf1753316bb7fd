"""People: what a write relies on, what it refuses, and what is read back of it."""

from typing import Any

import pytest

from adapters.contract import Outcome
from adapters.errors import CapabilityError, FacadeError, InputError, NotFoundError, VendorConflictError
from adapters.memory import Memory
from adapters.records import Entity, SubscriberRecord
from adapters.sandbox import Fault
from tests.adapters.vendors.taguchi_v4.world import World, scope
from tests.adapters.vendors.taguchi_v4.written import command, look_again, prepare, send
from tests.adapters.vendors.taguchi_v4.written_people import LEFT, build_people


@pytest.fixture
def world() -> World:
    """An account with one person and three lists."""
    return build_people()


# --- what is relied on ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relied", "moved"),
    [
        ({"first_name": "Ada", "birth_date": "1970-04-01", "cluster_id": "3", "phone": None}, None),
        ({"first_name": "Eve", "extra": "x"}, "firstName, extra"),
        ({"custom_fields": [{"key": "pets", "value": "2"}]}, None),
        ({"custom_fields": [{"key": "pets", "value": "3"}]}, "customFields.pets"),
        ({"memberships": [{"list_id": "6", "subscribed": False}, {"list_id": "8", "subscribed": False}]}, None),
        ({"memberships": [{"list_id": "6", "subscribed": True}]}, "memberships.6"),
    ],
)
async def test_if_unchanged(world: World, relied: dict[str, Any], moved: str | None) -> None:
    """A field that moved refuses the write before it is sent, by name and never by value."""
    asked = command("updateSubscriber", 7, fields={"title": "Ms"}, if_unchanged=relied)
    if moved is None:
        assert (await send(world, asked)).outcome is Outcome.APPLIED
        return
    with pytest.raises(VendorConflictError, match=f"holds other values by now: {moved}") as refused:
        await prepare(world, asked)
    assert (refused.value.code, refused.value.reason) == ("CONFLICT", "MOVED")


async def test_before_and_after(world: World) -> None:
    """A dry run shows what changes, by the graph's names."""
    fields = {"first_name": "A", "birth_date": None, "custom_fields": [{"key": "pets", "value": "3"}]}
    prepared = await prepare(world, command("updateSubscriber", 7, fields=fields))

    assert prepared.before == {
        "firstName": "Ada",
        "birthDate": "1970-04-01",
        "customFields": [{"key": "pets", "value": "2"}],
    }
    assert prepared.after == {"firstName": "A", "birthDate": None, "customFields": [{"key": "pets", "value": "3"}]}


async def test_reads_before_a_write_are_never_remembered(world: World) -> None:
    """A record that is sent back whole must be the one of this moment."""
    remembering = scope()
    remembering.memory = Memory()
    for name in ("A", "B"):
        world.sandbox.store.update("subscriber", 7, {"firstname": name})
        asked = command("updateSubscriber", 7, fields={"title": "Ms"})
        prepared = await world.adapter.prepare_write(asked, remembering, purpose="test")
        assert prepared.requests[0].body[0]["firstname"] == name


# --- bad input --------------------------------------------------------------------------------------------------------

REFUSED: list[tuple[str, Any, dict[str, Any], type[FacadeError], tuple[Any, ...]]] = [
    ("createSubscriber", None, {"fields": {"email": "no address"}}, InputError, ("input", "fields", "email")),
    ("updateSubscriber", 7, {"fields": {"email": "a b@c"}}, InputError, ("input", "fields", "email")),
    ("updateSubscriber", 7, {"fields": {"cluster_id": "x"}}, InputError, ("input", "fields", "clusterId")),
    ("updateSubscriber", None, {"fields": {}}, InputError, ("input", "id")),
    ("updateSubscriber", 99, {"fields": {}}, NotFoundError, ()),
    ("setListMembership", 99, {"list_id": "5"}, NotFoundError, ()),
    ("unsubscribe", None, {"by_email": {"email": "nobody@example.org"}}, NotFoundError, ()),
    ("upsertSubscriber", None, {"fields": {"first_name": "A"}}, InputError, ("input", "fields")),
    ("setListMembership", 7, {"list_id": "five"}, InputError, ("input", "listId")),
    ("setListMembership", 7, {"list_id": "99999999999"}, InputError, ("input", "listId")),
    (
        "updateSubscriber",
        7,
        {"fields": {"memberships": [{"list_id": "5"}, {"list_id": "05", "subscribed": False}]}},
        InputError,
        ("input", "fields", "memberships", 1, "listId"),
    ),
    (
        "updateSubscriber",
        7,
        {"fields": {"custom_fields": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}},
        InputError,
        ("input", "fields", "customFields", 1, "key"),
    ),
    ("updateSubscriber", 7, {"fields": {"title": "\ud800"}}, InputError, ()),
    ("updateSubscriber", 7, {"fields": {"sendios": {"vip": True}}}, CapabilityError, ("input", "fields", "sendios")),
    (
        "updateSubscriber",
        7,
        {"fields": {"custom_fields": [{"key": "a", "value": None, "typed": 1}]}},
        CapabilityError,
        ("input", "fields", "customFields", 0, "typed"),
    ),
    ("unsubscribe", 7, {"cause": "link"}, CapabilityError, ("input", "cause")),
    (
        "unsubscribe",
        None,
        {"by_email": {"email": "ada@example.org", "list_id": "5"}},
        CapabilityError,
        ("input", "byEmail", "listId"),
    ),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]} {case[2]}"[:60])
async def test_bad_input(
    world: World, case: tuple[str, Any, dict[str, Any], type[FacadeError], tuple[Any, ...]]
) -> None:
    """It is refused before the vendor is written to, by its place in the input."""
    kind, target, values, error, path = case
    with pytest.raises(error) as refused:
        await prepare(world, command(kind, target, **values))

    assert getattr(refused.value, "path", ()) == path


async def test_several_people_of_one_address(world: World) -> None:
    """Which of them is meant is not guessed."""
    for ref in ("x", "y"):
        world.sandbox.store.insert("subscriber", {"ref": ref, "email": "twins@example.org"})

    for kind, values in (
        ("upsertSubscriber", {"fields": {"email": "twins@example.org"}}),
        ("unsubscribe", {"by_email": {"email": "twins@example.org"}}),
    ):
        with pytest.raises(InputError, match="Several people"):
            await prepare(world, command(kind, None, **values))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (command("createSubscriber", fields={"ref": "crm-7"}), "Resource conflict: another subscriber has this ref"),
        (
            command("updateSubscriber", 7, fields={"memberships": [{"list_id": "77"}]}),
            "Resource conflict: list 77 does not exist",
        ),
    ],
)
async def test_the_vendor_refuses(world: World, asked: Any, said: str) -> None:
    """400 is REJECTED, with the vendor's words."""
    result = await send(world, asked)

    assert (result.outcome, result.error.code if result.error else None) == (Outcome.REJECTED, "VENDOR_REJECTED")
    assert getattr(result.error, "vendor_message", None) == said


async def test_an_answer_with_other_values_is_told(world: World) -> None:
    """A field that the vendor did not take must not look written."""
    world.sandbox.faults.add(Fault("retyped_field", field="title", value="Dr", match="_method=PUT"))

    result = await send(world, command("updateSubscriber", 7, fields={"title": "Ms", "phone": "1"}))

    assert result.warnings == ("Taguchi's answer shows another value than was sent: title.",)


# --- read back --------------------------------------------------------------------------------------------------------

WRITTEN = [
    command(
        "createSubscriber", fields={"ref": "n", "email": "n@example.org", "custom_fields": [{"key": "a", "value": "1"}]}
    ),
    command("createSubscriber", fields={"email": "n@example.org", "birth_date": "1999-12-31"}),
    command("updateSubscriber", 7, fields={"title": "Ms", "cluster_id": "4"}),
    command("updateSubscriber", 7, fields={"memberships": [{"list_id": "5", "subscribed": False}]}),
    command("upsertSubscriber", fields={"ref": "n", "memberships": [{"list_id": "5"}]}),
    command("upsertSubscriber", fields={"ref": "crm-7", "title": "Ms"}),
    command("setListMembership", 7, list_id="8", subscribed=True),
    command("setListMembership", 7, list_id="5", subscribed=False),
    command("setListMembership", 7, "form", list_id="6", subscribed=True),
    command("unsubscribe", 7),
    command("unsubscribe", by_email={"email": "ada@example.org"}),
]


@pytest.mark.parametrize("asked", WRITTEN, ids=lambda asked: f"{asked.kind} {dict(asked.values)}"[:60])
async def test_read_back(world: World, asked: Any) -> None:
    """Before the write nothing says that it was done, after it everything does."""
    before = await look_again(world, asked)
    assert before.outcome in {Outcome.REJECTED, Outcome.UNKNOWN}
    assert before.outcome is not Outcome.UNKNOWN or before.check

    sent = await send(world, asked)
    after = await look_again(world, asked)

    assert (after.outcome, after.id) == (Outcome.APPLIED, sent.id)
    assert after.record is not None


async def test_read_back_of_opting_in(world: World) -> None:
    """The flag tells."""
    world.sandbox.store.update("subscriber", 7, {"unsubscribed": LEFT})
    asked = command("resubscribe", 7, "form")
    assert (await look_again(world, asked)).outcome is Outcome.UNKNOWN
    await send(world, asked)
    assert (await look_again(world, asked)).outcome is Outcome.APPLIED


@pytest.mark.parametrize(
    ("asked", "since"),
    [
        (command("updateSubscriber", 7, fields={"title": "First"}), {"title": "Second"}),
        (command("createSubscriber", fields={"email": "new@example.org"}), {"email": "other@example.org"}),
        (command("upsertSubscriber", fields={"ref": "new", "title": "First"}), {"ref": "other"}),
        (command("unsubscribe", 7), {"unsubscribed": None}),
        (command("resubscribe", 7, "form"), {"unsubscribed": LEFT}),
    ],
    ids=lambda case: getattr(case, "kind", ""),
)
async def test_what_was_written_and_changed_since_is_not_called_refused(
    world: World, asked: Any, since: dict[str, Any]
) -> None:
    """Broken, a write that was done, and over which somebody wrote another, would be told as never done."""
    if asked.kind == "resubscribe":
        world.sandbox.store.update("subscriber", 7, {"unsubscribed": LEFT})
    done = await send(world, asked)
    world.sandbox.store.update("subscriber", int(done.id or 0), since)

    found = await look_again(world, asked)

    assert found.outcome is Outcome.UNKNOWN
    assert found.check


async def test_read_back_without_a_key(world: World) -> None:
    """Without reference and address nobody can know."""
    found = await look_again(world, command("createSubscriber", fields={"first_name": "A"}))

    assert (found.outcome, found.check is not None) == (Outcome.UNKNOWN, True)


async def test_round_trip(world: World) -> None:
    """Create, read back, update, read back, leave, read back: people cannot be removed."""
    made = await send(world, command("createSubscriber", fields={"ref": "n", "first_name": "A"}))
    changed = await send(world, command("updateSubscriber", made.id, fields={"first_name": "B", "ref": "m"}))
    await send(world, command("unsubscribe", made.id))

    id_ = str(changed.id)
    read = await world.adapter.fetch_by_ids(Entity.SUBSCRIBER, [id_], scope(), parts=frozenset(), purpose="")
    record = read[id_]
    assert isinstance(record, SubscriberRecord)
    assert (record.ref, record.first_name, record.subscription) == ("m", "B", "UNSUBSCRIBED")
