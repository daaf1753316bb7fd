"""Writes that send a whole record back: they undo nothing that others have changed meanwhile."""

import asyncio
from typing import Any

import pytest

from adapters.contract import Outcome
from adapters.errors import ConsentError, InProgressError, VendorConflictError
from adapters.sandbox import Fault
from tests.adapters.vendors.taguchi_v4.world import World, build_world, scope
from tests.adapters.vendors.taguchi_v4.written import Notes, command, prepare, writes

LEFT = "2024-01-01T00:00:00"


@pytest.fixture
def world() -> World:
    """A person on a list, and a list."""
    person = {"id": 1, "ref": "a", "lists": [{"list_id": 5, "unsubscribed": None}]}
    return build_world({"list": [{"id": 5, "name": "L"}], "subscriber": [person]})


def change(**fields: Any) -> Any:
    """One change of the person."""
    return command("updateSubscriber", 1, fields=fields)


async def carry_out(world: World, asked: Any, within_s: float = 5.0) -> Any:
    """Send what was prepared."""
    return await world.adapter.send_write(asked, scope(within_s), Notes())


def held(world: World) -> dict[str, Any]:
    """The person as the vendor has it."""
    return dict(world.sandbox.store.row("subscriber", 1) or {})


async def test_changes_of_different_fields_at_once_all_stay(world: World) -> None:
    """Broken, the last of three writes that read the person at once would undo the other two, all told as APPLIED."""
    asked = [change(first_name="A"), change(last_name="B"), change(title="C")]
    ready = [await prepare(world, each) for each in asked]

    results = await asyncio.gather(*(carry_out(world, each) for each in ready))

    assert [result.outcome for result in results] == [Outcome.APPLIED] * 3
    assert [held(world)[name] for name in ("firstname", "lastname", "title")] == ["A", "B", "C"]


async def test_what_somebody_else_changed_since_stays(world: World) -> None:
    """Broken, fields would be sent back as they were when the write was prepared."""
    ready = await prepare(world, change(title="C"))
    world.sandbox.store.update("subscriber", 1, {"firstname": "Theirs", "unsubscribed": LEFT})

    await carry_out(world, ready)

    assert (held(world)["firstname"], held(world)["title"]) == ("Theirs", "C")
    assert held(world)["unsubscribed"] is not None


async def test_changes_of_a_list_at_once_all_stay(world: World) -> None:
    """The same for what is no person."""
    asked = [command("updateList", 5, fields={"name": "N"}), command("updateList", 5, fields={"ref": "r"})]
    ready = [await prepare(world, each) for each in asked]

    await asyncio.gather(*(carry_out(world, each) for each in ready))

    row = world.sandbox.store.row("list", 5) or {}
    assert (row["name"], row["ref"]) == ("N", "r")


async def test_what_is_relied_on_must_hold_when_it_is_sent(world: World) -> None:
    """Broken, a value that moved between preparing and sending would be written over all the same."""
    asked = command("updateSubscriber", 1, fields={"title": "C"}, if_unchanged={"title": None})
    ready = [await prepare(world, asked) for _ in range(2)]

    first, second = [await carry_out(world, each) for each in ready]

    assert (first.outcome, second.outcome) == (Outcome.APPLIED, Outcome.REJECTED)
    assert isinstance(second.error, VendorConflictError)


async def test_who_left_a_list_since_does_not_rejoin_it(world: World) -> None:
    """Broken, an opt-out between preparing and sending would be undone without consent."""
    memberships = [{"list_id": "5", "subscribed": True, "option": "daily"}]
    ready = await prepare(world, change(memberships=memberships))
    world.sandbox.store.update("subscriber", 1, {"lists": [{"list_id": 5, "unsubscribed": LEFT}]})
    world.forget()

    result = await carry_out(world, ready)

    assert (result.outcome, type(result.error), writes(world)) == (Outcome.NOT_SENT, ConsentError, [])


async def test_nobody_waits_longer_for_a_turn_than_the_request_may_take(world: World) -> None:
    """Broken, a vendor that is slow with one write would hold up others without end."""
    ready = [await prepare(world, each) for each in (change(title="A"), change(title="B"))]
    world.sandbox.faults.add(Fault("delay", seconds=0.5, match="_method=PUT", times=1))
    slow = asyncio.create_task(carry_out(world, ready[0]))
    await asyncio.sleep(0.1)

    late = await carry_out(world, ready[1], within_s=0.1)

    assert (late.outcome, type(late.error)) == (Outcome.NOT_SENT, InProgressError)
    assert (await slow).outcome is Outcome.APPLIED


async def test_a_turn_is_not_used_for_another_record(world: World) -> None:
    """Broken, an address that is another's by now would have that record written without its turn."""
    world.sandbox.store.update("subscriber", 1, {"email": "ada@b.example"})
    asked = command("updateSubscriber", by_email={"email": "ada@b.example"}, fields={"title": "C"})
    ready = await prepare(world, asked)
    world.sandbox.store.update("subscriber", 1, {"email": "old@b.example"})
    world.sandbox.store.insert("subscriber", {"id": 2, "email": "ada@b.example"})

    result = await carry_out(world, ready)

    assert (result.outcome, type(result.error), writes(world)) == (Outcome.NOT_SENT, InProgressError, [])
    assert (await carry_out(world, await prepare(world, asked))).outcome is Outcome.APPLIED
