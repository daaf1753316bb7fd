"""Writes over a vendor that fails: sent once, and told as what is known of them."""

from typing import Any

import pytest

from adapters.contract import Outcome, WriteCommand
from adapters.sandbox.faults import Fault
from tests.adapters.vendors.taximail.world import World, scope
from tests.adapters.vendors.taximail.written import (
    Notes,
    build_writing_world,
    command,
    importing,
    lines,
    look_again,
    prepare,
    send,
    writes,
)

BELOW = "/v2/list/314/subscribers"
ANN = {"email": "ann@example.com", "first_name": "Ann"}

CHANGING: dict[str, tuple[WriteCommand, str]] = {
    "importing": (importing(ANN), "/commit/"),
    "making": (
        command("createSubscriber", fields=ANN | {"memberships": [{"list_id": "314"}]}),
        "/commit/",
    ),
    "changing": (command("updateSubscriber", target="314/3", fields={"first_name": "Jon"}), f"PUT {BELOW}/3"),
    "opting out": (command("unsubscribe", target="314/3"), "/unsubscribe"),
    "leaving": (
        command("setListMembership", target="314/3", list_id="314", subscribed=False),
        "/unsubscribe",
    ),
    "deleting": (command("deleteContacts", items=[{"id": "314/3"}]), "DELETE "),
}
"""Each write, and what its call that changes something is known by."""

PREPARING = {
    "importing": (importing(ANN), f"POST {BELOW}/import"),
    "deleting": (command("deleteContacts", items=[{"id": "314/3"}]), f"POST {BELOW}/selection"),
}
"""Writes of two steps, and the first one, which changes nothing."""

LOST = {
    "reset": Fault("reset", applied=True),
    "server error": Fault("status", status=502, applied=True),
    "unavailable": Fault("status", status=503, applied=True),
    "web page": Fault("html", applied=True),
    "nothing": Fault("empty", applied=True),
    "null": Fault("json", body="null", applied=True),
    "half": Fault("truncate"),
    "redirect": Fault("redirect", location="https://evil.example/", applied=True),
    "neither": Fault("json", body='{"status":"fine"}', applied=True),
    "outage inside 200": Fault("json", body='{"status":"error","code":500}', applied=True),
}
"""Ways to do what was asked, and not say so."""


def strike(world: World, fault: Fault, match: str, **more: Any) -> None:
    """Let a fault strike the calls that match."""
    names = ("kind", "status", "body", "location", "applied", "retry_after")
    world.sandbox.faults.add(Fault(**{name: getattr(fault, name) for name in names}, match=match, **more))


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
@pytest.mark.parametrize(("asked", "match"), CHANGING.values(), ids=CHANGING)
async def test_what_was_done_and_not_said_is_unknown_and_sent_once(asked, match, fault):
    """Never a success by assumption, never a plain failure, and never a second time."""
    world = build_writing_world()
    strike(world, fault, match)

    result = await send(world, asked)
    sent = [line for line in lines(world) if "commit" in line or match in line]
    world.sandbox.faults.clear()
    found = await look_again(world, asked)

    assert (result.outcome, len(sent)) == (Outcome.UNKNOWN, 1)
    assert result.check is not None
    assert {item.outcome for item in result.items} <= {Outcome.UNKNOWN}
    assert (found.outcome, found.error) == (Outcome.APPLIED, None)


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
@pytest.mark.parametrize(("asked", "match"), PREPARING.values(), ids=PREPARING)
async def test_what_was_lost_before_the_second_step_was_not_done(asked, match, fault):
    """The first step changes nothing, whatever became of it."""
    world = build_writing_world()
    strike(world, fault, match)

    result = await send(world, asked)

    assert (result.outcome, [item.outcome for item in result.items]) == (Outcome.NOT_SENT, [Outcome.NOT_SENT])
    assert len(writes(world)) == 1
    assert len(world.sandbox.store.lists[314].contacts) == 5


REFUSALS = {
    "malformed": (
        400,
        "The request is malformed or missing some required parameters.",
        "VENDOR_REJECTED",
        "NOT_ACCEPTED",
    ),
    "no file": (400, "Can't read file contact or no contact in file.", "VENDOR_REJECTED", "NOT_ACCEPTED"),
    "no list": (404, "The list not found.", "NOT_FOUND", "LIST_NOT_FOUND"),
    "file missing": (404, "Missing contact file.", "NOT_FOUND", "FILE_NOT_FOUND"),
    "key used": (404, "This key has been used or invalid.", "NOT_FOUND", "KEY_USED"),
    "token used": (404, "This token has been used or invalid.", "NOT_FOUND", "TOKEN_USED"),
    "no contact": (404, "The contact not found.", "NOT_FOUND", "CONTACT_NOT_FOUND"),
    "duplicate key": (409, "Duplicate custom field key in list.", "CONFLICT", "STATE_CONFLICT"),
    "duplicate field": (503, "Field duplicate.", "VENDOR_REJECTED", "NOT_ACCEPTED"),
}
"""Every text of the document's tables for these calls. Source: Response Code."""


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize(("asked", "match"), CHANGING.values(), ids=CHANGING)
async def test_a_refusal_is_told_in_the_vendor_s_words(asked, match, refusal):
    """And with the item it is about; a refusal changed nothing."""
    world, (code, text, word, reason) = build_writing_world(), refusal
    strike(world, Fault("json", body=f'{{"status":"error","code":{code},"err_msg":"{text}"}}'), match)

    result = await send(world, asked)

    error = result.error
    assert (result.outcome, error.code, error.reason) == (Outcome.REJECTED, word, reason)
    assert text in (getattr(error, "vendor_message", None) or error.message)
    assert {(item.place, item.outcome, item.error) for item in result.items} <= {(0, Outcome.REJECTED, error)}
    assert len([line for line in lines(world) if "commit" in line or match in line]) == 1


@pytest.mark.parametrize("asked", [CHANGING["importing"][0], CHANGING["deleting"][0]], ids=["import", "deletion"])
async def test_a_token_that_was_used_is_a_refusal(asked):
    """Somebody else was first; what they did, they did."""
    world = build_writing_world()
    first, second = await prepare(world, asked), await prepare(world, asked)

    async def use(call: Any, notes: Notes) -> Any:
        return await world.adapter.send_write(call, scope(), notes)

    class Thief(Notes):
        """Uses the tokens of every step before it is sent."""

        async def note_sending(self, step: str, places: Any = ()) -> None:
            if step in {"commit", "delete"}:
                world.sandbox.store.imports.clear()
                world.sandbox.store.selections.clear()

    robbed = await use(first, Thief())
    sound = await use(second, Notes())

    assert (robbed.outcome, robbed.error.reason) == (Outcome.REJECTED, "TOKEN_USED")
    assert [item.outcome for item in robbed.items] == [Outcome.REJECTED]
    assert sound.outcome is Outcome.APPLIED


@pytest.mark.parametrize(("asked", "match"), CHANGING.values(), ids=CHANGING)
async def test_a_session_that_ended_between_the_steps_is_renewed(asked, match):
    """A refusal for the session says that nothing was done, so the step is sent once more."""
    world = build_writing_world()
    await prepare(world, command("unsubscribe", target="314/1"))  # opens a session
    prepared = await prepare(world, asked)
    last = len(prepared.requests) - 1

    class Sleepy(Notes):
        """Ends every session before the last step."""

        async def note_sending(self, step: str, places: Any = ()) -> None:
            await super().note_sending(step, places)
            if len(self.sending) == last + 1:
                world.sandbox.credentials.end_sessions()

    world.forget()
    result = await world.adapter.send_write(prepared, scope(), Sleepy())

    assert result.outcome is Outcome.APPLIED
    assert world.log_ins == 1
    assert len([call for call in writes(world) if call.status == 401]) == 1
    assert len(writes(world)) == len(prepared.requests) + 1


async def test_credentials_that_are_refused_again_are_sent_twice_and_told():
    """At most two sends; nothing was done."""
    world = build_writing_world()
    prepared = await prepare(world, CHANGING["changing"][0])
    world.sandbox.faults.add(Fault("status", match="PUT ", status=401))

    result = await world.adapter.send_write(prepared, scope(), Notes())

    assert (result.outcome, result.error.code, len(writes(world))) == (Outcome.REJECTED, "VENDOR_AUTH", 2)


@pytest.mark.parametrize(("asked", "match"), CHANGING.values(), ids=CHANGING)
async def test_a_vendor_that_asks_to_wait_was_not_asked_to_do_it(asked, match):
    """429, and 503 that names a time: provably not done."""
    world = build_writing_world()
    prepared = await prepare(world, asked)
    world.sandbox.faults.add(Fault("status", match=match, status=503, retry_after="3000"))

    result = await world.adapter.send_write(prepared, scope(), Notes())

    assert (result.outcome, result.error.code) == (Outcome.NOT_SENT, "VENDOR_UNAVAILABLE")
    assert world.sandbox.store.lists[314].contacts[3].status == "Subscribed"


@pytest.mark.parametrize(("asked", "match"), CHANGING.values(), ids=CHANGING)
@pytest.mark.parametrize("option", ["errors_in_200", "code_as_text", "numbers_as_text", "countless"])
async def test_writes_are_read_under_every_choice_the_document_leaves(asked, match, option):
    """Codes come as text, refusals inside 200, pages without counts."""
    world = build_writing_world(**{option: True})

    result = await send(world, asked)

    assert (result.outcome, result.error) == (Outcome.APPLIED, None)
    assert match


@pytest.mark.parametrize(
    "data",
    [
        "[]",
        "{}",
        '{"success":1}',
        '{"success":"x","duplicate":0,"failed":0}',
        '{"success":-1,"duplicate":0,"failed":0}',
        "5",
    ],
)
async def test_counts_that_cannot_be_read_leave_an_import_unknown(data):
    """It was committed, and nobody knows what came of it."""
    world = build_writing_world()
    body = f'{{"status":"success","code":200,"data":{data}}}'
    world.sandbox.faults.add(Fault("json", match="/commit/", body=body, applied=True))

    result = await send(world, importing(ANN))

    assert (result.outcome, result.error.code) == (Outcome.UNKNOWN, "VENDOR_BAD_RESPONSE")


@pytest.mark.parametrize("token", ['""', "null", "[1]", '".."', '"a\\u0000b"'])
async def test_a_first_step_without_a_token_has_no_second(token):
    """There is nothing to send, and nothing was done."""
    world = build_writing_world()
    body = f'{{"status":"success","code":201,"data":{{"key_import":"k","token":{token}}}}}'
    world.sandbox.faults.add(Fault("json", match="/import", body=body))

    result = await send(world, importing(ANN))

    assert (result.outcome, result.error.reason, len(writes(world))) == (Outcome.NOT_SENT, "TOKEN_EXPECTED", 1)


async def test_a_failing_import_does_not_stop_the_next():
    """People with other columns go out as an import of their own, each told by itself."""
    world = build_writing_world()
    world.sandbox.faults.add(Fault("reset", match="/commit/", nth=1, applied=True))

    result = await send(world, importing(ANN, {"email": "bob@example.com"}, {"email": "cy@example.com"}))

    assert sorted((item.place, item.outcome) for item in result.items) == [
        (0, Outcome.UNKNOWN),
        (1, Outcome.APPLIED),
        (2, Outcome.APPLIED),
    ]
    assert result.facts == {"subscribersCount": 2, "success": 2, "duplicate": 0, "failed": 0}


STEPS = {f"{name}, {match}": (asked, match) for name, (asked, match) in [*CHANGING.items(), *PREPARING.items()]}
"""Every call of every write: the first of two steps, and those that change something."""


@pytest.mark.parametrize(("asked", "match"), STEPS.values(), ids=STEPS)
async def test_a_vendor_that_asks_for_a_moment_gets_the_call_again(asked, match):
    """It did nothing yet; the other step is not taken twice, and nobody is there twice."""
    world = build_writing_world()
    prepared = await prepare(world, asked)
    before = len(world.sandbox.store.lists[314].contacts)
    world.sandbox.faults.add(Fault("status", match=match, status=429, retry_after="0", times=1))

    result = await world.adapter.send_write(prepared, scope(), Notes())

    assert (result.outcome, result.error) == (Outcome.APPLIED, None)
    assert len(writes(world)) == len(prepared.requests) + 1
    assert len([line for line in lines(world) if "/commit/" in line]) <= (2 if "commit" in match else 1)
    after = len(world.sandbox.store.lists[314].contacts)
    assert after - before == {"importSubscribers": 1, "createSubscriber": 1, "deleteContacts": -1}.get(asked.kind, 0)


@pytest.mark.parametrize("wait", ["0", "3000"])
@pytest.mark.parametrize(("asked", "match"), STEPS.values(), ids=STEPS)
async def test_a_503_that_names_a_time_was_not_done_and_is_told_so(asked, match, wait):
    """At either step: the caller may ask again, and nobody is there twice."""
    world = build_writing_world()
    prepared = await prepare(world, asked)
    world.sandbox.faults.add(Fault("status", match=match, status=503, retry_after=wait, times=1))

    refused = await world.adapter.send_write(prepared, scope(), Notes())
    count = len(world.sandbox.store.lists[314].contacts)
    again = await send(world, asked)

    assert (refused.outcome, refused.error.code) == (Outcome.NOT_SENT, "VENDOR_UNAVAILABLE")
    assert {item.outcome for item in refused.items} <= {Outcome.NOT_SENT}
    assert (count, again.outcome) == (5, Outcome.APPLIED)


@pytest.mark.parametrize(("asked", "match"), STEPS.values(), ids=STEPS)
async def test_a_session_that_ended_is_renewed_once_at_any_step(asked, match):
    """The step is sent once more, the others are not, and an import is committed once."""
    world = build_writing_world()
    await prepare(world, command("unsubscribe", target="314/1"))  # opens a session
    prepared = await prepare(world, asked)
    world.forget()
    world.sandbox.faults.add(Fault("status", match=match, status=401, times=1))

    result = await world.adapter.send_write(prepared, scope(), Notes())

    assert (result.outcome, world.log_ins) == (Outcome.APPLIED, 1)
    assert len(writes(world)) == len(prepared.requests) + 1


@pytest.mark.parametrize("text", ["Field duplicate.", "Duplicate custom field key in list."])
async def test_whoever_is_in_a_refused_import_is_told(text):
    """Taximail refuses the whole: each person in it was not taken, and those of another import were."""
    world = build_writing_world()
    code = 503 if text.startswith("Field") else 409
    body = f'{{"status":"error","code":{code},"err_msg":"{text}"}}'
    world.sandbox.faults.add(Fault("json", match="/import", nth=1, body=body))

    result = await send(world, importing(ANN, {"email": "bob@example.com"}, ANN | {"email": "cy@example.com"}))

    told = {item.place: (item.outcome, getattr(item.error, "vendor_message", None)) for item in result.items}
    assert told[0] == told[2] == (Outcome.REJECTED, text)
    assert told[1] == (Outcome.APPLIED, None)
