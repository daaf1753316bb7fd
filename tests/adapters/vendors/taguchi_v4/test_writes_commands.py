"""Commands: proofs, approval, comments, the queue, triggers and extracts."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.contract import Outcome, WriteScope
from adapters.errors import CapabilityError, InputError, NotFoundError
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.writing.abilities import WRITES
from adapters.vendors.taguchi_v4.writing.lists import UNCHECKED
from tests.adapters.vendors.taguchi_v4.commanding import CASES, Case, build_activities, sent_to, show_case
from tests.adapters.vendors.taguchi_v4.world import World, build_settings, scope
from tests.adapters.vendors.taguchi_v4.written import Notes, command, look_again, prepare, send, writes


@pytest.fixture
def world() -> World:
    """An activity that may be sent, one that may not, a list and four people."""
    return build_activities()


@pytest.mark.parametrize("case", CASES, ids=show_case)
async def test_command(world: World, case: Case) -> None:
    """One POST with every documented parameter, the audit log looked at before, and read back after."""
    kind, target, values, method, body, outcome = case
    asked = command(kind, target, **values)
    notes = Notes()

    result = await send(world, asked, notes)

    assert writes(world) == [(f"activity/{target}?_method={method}", {"id": str(target), **body})]
    assert (result.outcome, result.id, result.error) == (outcome, str(target), None)
    assert [step for step, _ in notes.sending] == [f"audit.{method.lower()}", f"activity.{method.lower()}"]
    assert notes.known_by == {"audited_before": "", "taken 1": method}
    found = await look_again(world, asked, notes.known_by)
    assert (found.outcome, found.check) == (Outcome.APPLIED, None)
    assert found.facts == ({} if method == "APPROVE" else {"auditEvents": 1})
    assert [item.place for item in found.items] == [*range(len(values.get("recipients", ())))]


async def test_one_trigger_for_each_content(world: World) -> None:
    """A request carries one content; people are put together by theirs, each told by place."""
    recipients = [
        {"id": "1", "content": "<a/>"},
        {"id": "2"},
        {"id": "3", "content": "<a/>"},
        {"id": "4", "content": "<b/>"},
    ]
    asked = command("triggerActivity", 7, recipients=recipients, content="<b/>")
    notes = Notes()

    result = await send(world, asked, notes)

    assert [(body["request_content"], body["conditions"]) for _, body in writes(world)] == [
        ("<a/>", ["1", "3"]),
        ("<b/>", ["2", "4"]),
    ]
    assert sorted((item.place, item.outcome) for item in result.items) == [(n, Outcome.ACCEPTED) for n in range(4)]
    assert [places for _, places in notes.sending] == [(), (0, 2), (1, 3)]
    assert [sent_to(world, key) for key in (1, 2, 3, 4)] == [[("logged", False)]] * 4
    found = await look_again(world, asked, notes.known_by)
    assert (found.outcome, found.facts) == (Outcome.APPLIED, {"auditEvents": 2})


async def test_places_are_those_of_the_input(world: World) -> None:
    """Who was left out for having opted out keeps the place."""
    asked = command("triggerActivity", 7, recipients=[{"id": "2"}, {"id": "3"}], skipped=[0, 2])

    result = await send(world, asked)

    assert [item.place for item in result.items] == [1, 3]


async def test_extract(world: World) -> None:
    """Its parameters stand in the address, and nothing tells of it afterwards."""
    conditions = [
        {"field": "state", "operator": "eq", "value": "VIC"},
        {"field": "unsubscribed", "operator": "is", "value": None},
    ]
    asked = command("extractList", 5, notify_list_id="52", conditions=conditions)

    result = await send(world, asked)

    assert writes(world) == [("list/5?_method=EXTRACT&notify=52&query=state-eq-VIC&query=unsubscribed-is-null", None)]
    assert (result.outcome, (await look_again(world, asked)).outcome) == (Outcome.ACCEPTED, Outcome.UNKNOWN)


async def test_people_who_are_named_are_looked_up_together(world: World) -> None:
    """Broken, a sending to a hundred people would take a hundred calls before it, and be refused for that."""
    for number in range(100, 160):
        world.sandbox.store.insert("subscriber", {"id": number, "ref": f"r{number}", "email": f"p{number}@example.org"})
    named = [{"ref": f"r{number}"} for number in range(100, 130)]
    named += [{"email": f"p{number}@example.org"} for number in range(130, 160)]

    prepared = await prepare(world, command("triggerActivity", 7, recipients=named))

    assert prepared.requests[-1].body[0]["conditions"] == [str(number) for number in range(100, 160)]
    assert world.calls <= 9


async def test_namesakes_among_many_are_ambiguous(world: World) -> None:
    """Broken, one of several people would get what is meant for another of them."""
    for _ in range(25):
        world.sandbox.store.insert("subscriber", {"email": "twin@example.org"})
    named = [{"email": "p1@example.org"}, {"email": "twin@example.org"}]

    with pytest.raises(InputError) as refused:
        await prepare(world, command("triggerActivity", 7, recipients=named))

    assert (refused.value.reason, refused.value.path) == ("AMBIGUOUS", ("input", "recipients", 1, "email"))


@pytest.mark.parametrize(
    ("kind", "key", "values"),
    [
        ("proofActivity", 8, {"list_id": "5"}),
        ("requestApproval", 8, {"list_id": "5"}),
        ("extractList", 5, {"notify_list_id": "5"}),
    ],
)
async def test_any_list_may_be_mailed_by_who_says_so(world: World, kind: str, key: int, values: dict[str, Any]) -> None:
    """Broken, an account whose lists have no types could not send a proof; or nobody would know whom it reached."""
    asked = replace(command(kind, key, **values), unchecked=True)

    result = await send(world, asked)

    assert (result.outcome, result.warnings) == (Outcome.ACCEPTED, (UNCHECKED,))


REFUSED: list[tuple[str, int, dict[str, Any], str | None, tuple[Any, ...]]] = [
    ("queueActivity", 8, {}, "NOT_APPROVED", ("input", "id")),
    ("approveActivity", 9, {}, None, ("input", "id")),
    ("commentActivity", 7, {"message": " "}, None, ("input", "message")),
    ("proofActivity", 7, {}, None, ("input", "listId")),
    ("proofActivity", 7, {"list_id": "50", "recipients": [{"id": "1"}]}, None, ("input", "listId")),
    ("proofActivity", 7, {"list_id": "404"}, "NOT_FOUND", ("input", "listId")),
    ("proofActivity", 7, {"list_id": "5"}, "CONSENT_REQUIRED", ("input", "listId")),
    ("proofActivity", 7, {"list_id": "51"}, "CONSENT_REQUIRED", ("input", "listId")),
    ("requestApproval", 7, {"list_id": "5"}, "CONSENT_REQUIRED", ("input", "listId")),
    ("extractList", 5, {"notify_list_id": "5"}, "CONSENT_REQUIRED", ("input", "notifyListId")),
    ("proofActivity", 7, {"list_id": "x"}, None, ("input", "listId")),
    ("proofActivity", 7, {"list_id": "5", "revision_id": "x"}, None, ("input", "revisionId")),
    ("requestApproval", 7, {}, None, ("input", "listId")),
    ("requestApproval", 7, {"list_id": "5", "protocol": "sms", "format": "mime"}, None, ("input", "format")),
    ("triggerActivity", 8, {"recipients": [{"id": "1"}]}, "NOT_APPROVED", ("input", "id")),
    ("triggerActivity", 7, {}, None, ("input", "expression")),
    ("triggerActivity", 7, {"recipients": [{"id": "1"}], "expression": "x"}, None, ("input", "expression")),
    (
        "triggerActivity",
        7,
        {"recipients": [{"id": "1"}], "date": "2020-01-01T00:00:00Z"},
        "SCHEDULE_PAST",
        ("input", "date"),
    ),
    ("triggerActivity", 7, {"recipients": [{"id": "1"}, {"ref": "r1"}]}, None, ("input", "recipients", 1)),
    ("triggerActivity", 7, {"recipients": [{"id": "x"}]}, None, ("input", "recipients", 0, "id")),
    ("triggerActivity", 7, {"recipients": [{"phone": "1"}]}, None, ("input", "recipients", 0)),
    ("triggerActivity", 7, {"recipients": [{"ref": "none"}]}, "NOT_FOUND", ("input", "recipients", 0, "ref")),
    ("extractList", 5, {"notify_list_id": "x"}, None, ("input", "notifyListId")),
    (
        "extractList",
        5,
        {"conditions": [{"field": "state", "operator": "eq", "value": None}]},
        None,
        ("input", "conditions", 0, "value"),
    ),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: f"{case[0]} {case[2]}"[:70])
async def test_bad_input(world: World, case: tuple[str, int, dict[str, Any], str | None, tuple[Any, ...]]) -> None:
    """It is refused before anything is sent, by its place in the input."""
    kind, target, values, reason, path = case
    with pytest.raises(InputError) as refused:
        await prepare(world, command(kind, target, **values))

    assert refused.value.path == path
    assert reason in {None, refused.value.reason}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"date": "2020-01-01T00:00:00"}, "SCHEDULE_PAST"),
        ({"date": None}, "SCHEDULE_PAST"),
        ({"target_lists": "[]"}, None),
    ],
)
async def test_a_queue_never_sends_at_once(world: World, changes: dict[str, Any], reason: str | None) -> None:
    """An activity whose date has come would be sent the moment it is queued."""
    world.sandbox.store.update("activity", 7, changes)
    with pytest.raises(InputError) as refused:
        await prepare(world, command("queueActivity", 7))

    assert reason in {None, refused.value.reason}


@pytest.mark.parametrize("case", CASES, ids=show_case)
async def test_commands_on_nothing(world: World, case: Case) -> None:
    """What is not there cannot be sent."""
    with pytest.raises(NotFoundError):
        await prepare(world, command(case[0], 99, **case[2]))


async def test_the_vendor_refuses_a_command(world: World) -> None:
    """400 and 405 are REJECTED: nothing was sent to anybody."""
    for status, reason in ((400, "NOT_ACCEPTED"), (405, "METHOD_UNSUPPORTED"), (403, "CREDENTIALS_REFUSED")):
        world.sandbox.faults.clear()
        world.sandbox.faults.add(Fault("status", status=status, match="_method=QUEUE"))
        result = await send(world, command("queueActivity", 7))
        assert (result.outcome, result.error.reason if result.error else None) == (Outcome.REJECTED, reason)


async def test_without_the_audit_log_nothing_is_sent(world: World) -> None:
    """The look before a command changes nothing; when it fails the command was never sent."""
    world.sandbox.faults.add(Fault("status", status=400, match="object-feed"))

    result = await send(world, command("queueActivity", 7))

    assert (result.outcome, writes(world)) == (Outcome.REJECTED, [])


async def test_what_is_no_mutation_of_taguchis(world: World) -> None:
    """A source without the ability says so."""
    with pytest.raises(CapabilityError):
        await world.adapter.prepare_write(command("sendMessage", 7), scope(), purpose="test")


def test_the_table_of_writes() -> None:
    """Scopes and repeatability decide who may send, and whether again."""
    writes = ADAPTER.build_writes(build_settings())

    assert writes is WRITES
    assert {kind for kind, each in writes.items() if each.scope is WriteScope.SEND} == {
        "proofActivity", "requestApproval", "approveActivity", "queueActivity", "triggerActivity",
    }  # fmt: skip
    assert {kind for kind, each in writes.items() if each.scope is WriteScope.CONSENT} == {"resubscribe"}
    assert {kind for kind, each in writes.items() if each.unchecked} == {
        "queueActivity", "triggerActivity", "processImport", "importSubscribers",
    }  # fmt: skip
    assert {kind for kind, each in writes.items() if each.repeatable} == {
        kind for kind in writes if kind.startswith(("update", "delete", "upsert", "set", "unsub", "resub"))
    }
    assert [kind for kind, each in writes.items() if each.read_back is None] == ["extractList"]
    assert all(each.section for each in writes.values())
