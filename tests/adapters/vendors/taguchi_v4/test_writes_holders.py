"""What has a record's key already is never taken for the one that was to be made."""

from dataclasses import dataclass
from typing import Any

import pytest

from adapters.contract import Outcome, WriteCommand
from adapters.sandbox import Fault
from tests.adapters.vendors.taguchi_v4.world import World, build_world
from tests.adapters.vendors.taguchi_v4.written import Notes, command, look_again, send, writes

WRITE = "_method="
NAMED = {"ref": "spring", "name": "Spring"}
ADA = {"email": "ada@example.org", "firstname": "Ada"}


@dataclass(frozen=True, slots=True)
class Twin:
    """A record that is there, and the same to be made again."""

    resource: str
    row: dict[str, Any]
    asked: WriteCommand


TWINS = [
    *(
        Twin(resource, NAMED, command(f"create{resource.title()}", fields=NAMED))
        for resource in ("list", "campaign", "view", "template", "activity", "import")
    ),
    Twin("subscriber", ADA, command("createSubscriber", fields={"email": "ada@example.org", "first_name": "Ada"})),
    Twin("subscriber", {"ref": "a"}, command("createSubscriber", fields={"ref": "a"})),
]


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: f"{twin.resource} {twin.row}")
@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_record_that_was_there_is_not_taken_for_the_new_one(twin: Twin, status: int) -> None:
    """Broken, a write that Taguchi never did would be called done, by the equal record of an earlier one."""
    world = build_world({twin.resource: [{"id": 4, **twin.row}]})
    world.sandbox.faults.add(Fault("status", status=status, match=WRITE))
    notes = Notes()

    result = await send(world, twin.asked, notes)
    world.sandbox.faults.clear()
    found = await look_again(world, twin.asked, notes.known_by)

    assert (result.outcome, len(writes(world))) == (Outcome.UNKNOWN, 1)
    assert (found.outcome, found.id) == (Outcome.UNKNOWN, None)
    assert "Record 4 had the key before" in (found.check or "")


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: f"{twin.resource} {twin.row}")
async def test_a_record_that_was_not_there_is_the_new_one(twin: Twin) -> None:
    """Broken, what was made would stay in doubt for ever."""
    world: World = build_world({twin.resource: [{"id": 4, **dict.fromkeys(twin.row, "other")}]})
    world.sandbox.faults.add(Fault("status", status=502, match=WRITE, applied=True))
    notes = Notes()

    result = await send(world, twin.asked, notes)
    world.sandbox.faults.clear()
    found = await look_again(world, twin.asked, notes.known_by)

    assert (result.outcome, found.outcome) == (Outcome.UNKNOWN, Outcome.APPLIED)
    assert found.id not in {None, "4"}
