"""What became of commands: what the feeds prove, and what they do not."""

from typing import Any

import pytest

from adapters.contract import Outcome
from adapters.sandbox import Fault
from tests.adapters.vendors.taguchi_v4.commanding import (
    CASES,
    SAME_WHOEVER_DOES_IT,
    Case,
    build_activities,
    sent_to,
    show_case,
)
from tests.adapters.vendors.taguchi_v4.world import World
from tests.adapters.vendors.taguchi_v4.written import Notes, command, look_again, send, writes


@pytest.fixture
def world() -> World:
    """An activity that may be sent, one that may not, a list and four people."""
    return build_activities()


@pytest.mark.parametrize("case", CASES, ids=show_case)
async def test_a_lost_command_is_not_taken_for_another(world: World, case: Case) -> None:
    """
    The log says that a command was given, not by whom: somebody else's would stand for one that never arrived.

    What is the same whoever did it is done: an approval, a queueing, a comment with its text.
    """
    kind, target, values, method, _, _ = case
    asked = command(kind, target, **values)
    notes = Notes()
    world.sandbox.faults.add(Fault("status", status=502, match=f"_method={method}", times=1))
    assert (await send(world, asked, notes)).outcome is Outcome.UNKNOWN
    await send(world, asked)

    found = await look_again(world, asked, notes.known_by)

    if method in SAME_WHOEVER_DOES_IT:
        assert (found.outcome, found.check) == (Outcome.APPLIED, None)
    else:
        assert (found.outcome, found.facts, found.items) == (Outcome.UNKNOWN, {"auditEvents": 1}, ())
        assert "shows 1 since" in (found.check or "")


@pytest.mark.parametrize("case", CASES, ids=show_case)
async def test_lost_commands_are_told_from_earlier_ones(world: World, case: Case) -> None:
    """Repeating a command sends again, so whoever looks must see what the log shows since this one was sent."""
    kind, target, values, method, _, _ = case
    asked = command(kind, target, **values)
    await send(world, asked)
    world.sandbox.faults.add(
        Fault("status", status=502, match=f"_method={method}", times=1),
        Fault("status", status=502, match=f"_method={method}", applied=True, nth=2),
    )

    for count in (0, 1):
        notes = Notes()
        lost = await send(world, asked, notes)
        assert (lost.outcome, lost.error.code if lost.error else None) == (Outcome.UNKNOWN, "VENDOR_UNAVAILABLE")
        assert lost.check is not None
        assert len(writes(world)) == 1
        assert notes.known_by["audited_before"]
        found = await look_again(world, asked, notes.known_by)
        if method == "APPROVE" or (count and method in SAME_WHOEVER_DOES_IT):
            assert found.outcome is Outcome.APPLIED
        else:
            assert (found.outcome, f"shows {count} since" in (found.check or "")) == (Outcome.UNKNOWN, True)


async def test_only_who_got_a_message_of_ours_is_told_as_reached(world: World) -> None:
    """Broken, who gets nothing would be told as reached, or another's command would stand for one of ours."""
    world.sandbox.store.update("subscriber", 2, {"unsubscribed": "2024-01-01T00:00:00"})
    asked = command("triggerActivity", 7, recipients=[{"id": "1"}, {"id": "2"}])
    notes = Notes()
    await send(world, asked, notes)

    found = await look_again(world, asked, notes.known_by)
    await send(world, command("triggerActivity", 7, recipients=[{"id": "2"}]))
    later = await look_again(world, asked, notes.known_by)

    assert (found.outcome, [(item.place, item.outcome) for item in found.items]) == (
        Outcome.UNKNOWN,
        [(0, Outcome.APPLIED)],
    )
    assert (later.outcome, later.items, later.facts) == (Outcome.UNKNOWN, (), {"auditEvents": 2})


async def test_of_two_contents_whose_second_was_lost_the_first_is_known(world: World) -> None:
    """Broken, who was reached would stay unknown for ever, or who was not would be told as reached."""
    world.sandbox.faults.add(Fault("status", status=502, match="_method=TRIGGER", nth=2))
    recipients = [{"id": "1", "content": "<a/>"}, {"id": "2", "content": "<b/>"}]
    asked = command("triggerActivity", 7, recipients=recipients)
    notes = Notes()
    assert (await send(world, asked, notes)).outcome is Outcome.UNKNOWN

    found = await look_again(world, asked, notes.known_by)

    assert (found.outcome, [item.place for item in found.items]) == (Outcome.UNKNOWN, [0])


async def test_somebody_elses_comment_is_not_ours(world: World) -> None:
    """Broken, any comment would stand for a lost one with another text."""
    world.sandbox.faults.add(Fault("status", status=502, match="_method=COMMENT", times=1))
    asked = command("commentActivity", 8, message="Mine")
    notes = Notes()
    await send(world, asked, notes)
    await send(world, command("commentActivity", 8, message="Theirs"))

    found = await look_again(world, asked, notes.known_by)

    assert (found.outcome, found.facts) == (Outcome.UNKNOWN, {"auditEvents": 1})
    assert "`aao`" in (found.check or "")


@pytest.mark.parametrize("case", [case for case in CASES if case[0] != "approveActivity"], ids=show_case)
async def test_an_earlier_command_is_never_a_later_one(world: World, case: Case) -> None:
    """Broken, commands of long ago would prove a lost one, where the log shows not all that it showed before."""
    kind, target, values, method, _, _ = case
    asked = command(kind, target, **values)
    notes = Notes()
    for _ in range(2):
        await send(world, asked)
    world.sandbox.faults.add(Fault("status", status=502, match=f"_method={method}", times=1))
    await send(world, asked, notes)
    newest = int(notes.known_by["audited_before"])
    world.sandbox.faults.add(Fault("missing_field", field="id", only=(newest,)))

    found = await look_again(world, asked, notes.known_by)

    assert (found.outcome, found.facts) == (Outcome.UNKNOWN, {"auditEvents": 0})


@pytest.mark.parametrize(
    ("kind", "key", "values", "words"),
    [
        ("proofActivity", 8, {"list_id": "50"}, ("activity 8", "`aap`", "proof list 50")),
        ("proofActivity", 8, {"recipients": [{"id": "2"}]}, ("activity 8", "`aap`", "each person's events", "`s`")),
        ("requestApproval", 8, {"list_id": "51"}, ("activity 8", "`aae`", "approval list 51")),
        ("commentActivity", 8, {"message": "Hm"}, ("activity 8", "`aao`", "comments")),
        ("queueActivity", 7, {}, ("activity 7", "`aaq`", "queued")),
        ("triggerActivity", 7, {"recipients": [{"id": "1"}]}, ("activity 7", "`aat`", "each person's events", "`s`")),
        ("triggerActivity", 7, {"expression": "x"}, ("activity 7", "`aat`", "the activity's events", "`s`")),
        ("extractList", 5, {}, ("the user whose credentials", "list 5")),
        ("extractList", 5, {"notify_list_id": "52"}, ("the people of list 52", "list 5's extract")),
    ],
)
async def test_who_must_look_is_told_where(
    world: World, kind: str, key: int, values: dict[str, Any], words: tuple[str, ...]
) -> None:
    """Broken, a person would be sent looking without knowing what for."""
    world.sandbox.faults.add(Fault("status", status=502, match="POST "))
    asked = command(kind, key, **values)
    notes = Notes()

    lost = await send(world, asked, notes)
    found = await look_again(world, asked, notes.known_by)

    assert (lost.outcome, found.outcome) == (Outcome.UNKNOWN, Outcome.UNKNOWN)
    for check in (lost.check, found.check):
        assert [word for word in words if word not in (check or "")] == []


async def test_what_follows_a_lost_trigger_is_not_sent(world: World) -> None:
    """After an answer was lost nothing more goes out, and each person is told."""
    world.sandbox.faults.add(Fault("reset", match="_method=TRIGGER", applied=True, nth=1))
    recipients = [{"id": "1", "content": "<a/>"}, {"id": "2", "content": "<b/>"}]

    result = await send(world, command("triggerActivity", 7, recipients=recipients))

    assert result.outcome is Outcome.UNKNOWN
    assert [(item.place, item.outcome) for item in result.items] == [(0, Outcome.UNKNOWN), (1, Outcome.NOT_SENT)]
    assert [len(sent_to(world, key)) for key in (1, 2)] == [1, 0]
