"""Webhooks by HTTP: what is kept, and what is learnt of the write it is about."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox import Fault
from adapters.vendors.sendios.webhooks import MOST_EVENTS
from resolvers.ids import encode_id
from resolvers.principal import Principal, Scope
from tests.graph.conftest import Connection, play, reason_of
from tests.graph.webhook_world import HELD, LISTED, SECRET, World, build_event, close, hear, open_world


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    for made in open_world(tmp_path, monkeypatch):
        yield made
        await close(made)


async def test_a_message_told_as_sent_is_applied(world: World) -> None:
    """Broken, nobody would ever learn what became of a message the vendor only took."""
    payload = await world.send()
    assert payload["outcome"] == "ACCEPTED"

    told = await world.tell(build_event())

    assert (told.status_code, told.content) == (200, b"")
    assert await world.learn(payload) == {"outcome": "APPLIED", "errors": []}
    (event,) = await world.list_events()
    assert event["operationId"] == payload["operation"]["id"]
    assert event["payload"] == build_event()
    assert await world.list_events(unmatched=True) == []


@pytest.mark.parametrize("kind", ["reject", "lost"])
async def test_a_message_that_never_arrives_is_told_with_its_reason(world: World, kind: str) -> None:
    """Broken, a message would be believed sent for ever."""
    payload = await world.send()

    await world.tell(build_event(kind, reject_reason="validation", user_id=0))

    learnt = await world.learn(payload)
    assert learnt["outcome"] == "REJECTED"
    (error,) = learnt["errors"]
    assert (error["code"], error["reason"]) == ("VENDOR_REJECTED", kind.upper())
    assert "validation" in error["message"]


async def test_a_lost_answer_is_made_good(world: World) -> None:
    """Broken, a message whose answer was lost would stay unknown although the vendor has told of it."""
    world.sandbox.faults.add(Fault("reset", match="push", applied=True))
    payload = await world.send()
    assert payload["outcome"] == "UNKNOWN"

    await world.tell(build_event())

    assert (await world.learn(payload))["outcome"] == "APPLIED"


async def test_an_event_may_come_before_the_answer(world: World) -> None:
    """Broken, what the vendor tells while its answer is on its way would be missed for good."""
    world.sandbox.faults.add(Fault("delay", match="push", seconds=0.6))
    sending = asyncio.create_task(world.send())
    async with asyncio.timeout(10):
        while not any("push" in call.line for call in world.sandbox.calls.entries):  # noqa: ASYNC110 - it is a log
            await asyncio.sleep(0.02)

    told = await world.tell(build_event())
    assert (told.status_code, sending.done()) == (200, False), "nobody keeps the vendor waiting"
    payload = await sending

    await world.wait_for("APPLIED", payload)
    (event,) = await world.list_events()
    assert event["operationId"] == payload["operation"]["id"]


async def test_what_is_told_again_is_kept_once(world: World) -> None:
    """Broken, a replay would be taken for news, or a known outcome be written over."""
    payload = await world.send()
    await world.tell(build_event())

    again = await asyncio.gather(*(world.tell(build_event()) for _ in range(10)))
    later = await world.tell(build_event("reject"), build_event())

    assert {reply.status_code for reply in (*again, later)} == {200}
    assert (await world.learn(payload))["outcome"] == "APPLIED"
    assert [event["payload"]["event"] for event in await world.list_events()] == ["reject", "sent"]


async def test_what_was_sent_and_lost_did_not_arrive(world: World) -> None:
    """Broken, a message that never arrived would be told as done."""
    payload = await world.send()
    await world.tell(build_event())
    assert (await world.learn(payload))["outcome"] == "APPLIED"

    await world.tell(build_event("lost"))

    learnt = await world.learn(payload)
    assert (learnt["outcome"], learnt["errors"][0]["reason"]) == ("REJECTED", "LOST")


async def test_what_was_lost_is_about_one_message_or_none(world: World) -> None:
    """Broken, a message that has arrived would be told as lost because another one was."""
    payloads = []
    for _ in range(2):
        payloads.append(await world.send())
        await world.tell(build_event(mail_id=None))

    await world.tell(build_event("lost", mail_id=None))

    assert "REJECTED" not in [(await world.learn(each))["outcome"] for each in payloads]


async def test_what_is_told_of_a_mail_again_is_about_the_same_message(world: World) -> None:
    """Broken, news of a mail that was sent long ago would tell of the next message to that person as sent."""
    first = await world.send()
    await world.tell(build_event(mail_id=7))
    second = await world.send()

    await world.tell(build_event(mail_id=7, server="mail130"))

    assert (await world.learn(second))["outcome"] == "ACCEPTED"
    assert {event["operationId"] for event in await world.list_events()} == {first["operation"]["id"]}
    await world.tell(build_event(mail_id=8))
    await world.tell(build_event("lost", mail_id=7))
    assert [(await world.learn(each))["outcome"] for each in (first, second)] == ["REJECTED", "APPLIED"]


async def test_an_event_that_may_be_about_two_is_about_none(world: World) -> None:
    """Broken, a message would be told as sent because another one was."""
    first, second = await world.send(), await world.send()

    await world.tell(build_event())

    assert [(await world.learn(each))["outcome"] for each in (first, second)] == ["ACCEPTED", "ACCEPTED"]
    assert len(await world.list_events(unmatched=True)) == 1


@pytest.mark.parametrize(
    "event",
    [
        build_event(to="other@gmail.com"),
        build_event(project_id=2),
        build_event(type_id=3),
        build_event("created", type_id=None),
        build_event(ts=1_500_000_000),
    ],
    ids=["address", "project", "type", "created", "too old"],
)
async def test_what_is_about_no_write_is_kept_and_listed(world: World, event: dict[str, Any]) -> None:
    """Broken, what a vendor tells of others would be lost, or believed of a message of ours."""
    payload = await world.send()

    await world.tell(event)

    assert (await world.learn(payload))["outcome"] == "ACCEPTED"
    (listed,) = await world.list_events(unmatched=True)
    assert (listed["payload"], listed["operationId"], listed["sourceId"]) == (event, None, "mails")


async def test_an_event_that_proves_nothing_changes_nothing(world: World) -> None:
    """Broken, an opening of an older mail would prove the newest."""
    payload = await world.send()

    await world.tell(build_event("open"))

    assert (await world.learn(payload))["outcome"] == "ACCEPTED"


async def test_other_methods_are_refused(world: World) -> None:
    """A webhook is told, never asked."""
    assert (await world.client.get(f"/webhooks/mails/{SECRET}")).status_code == 405


async def test_what_cannot_be_read_is_kept_and_refused(world: World) -> None:
    """Broken, a truncated telling would be lost, or be taken for whole."""
    body = json.dumps({"0": build_event(), "sign": None})[:-20]

    refused = [await world.client.post(f"/webhooks/mails/{SECRET}", content=body) for _ in range(2)]

    assert [reply.status_code for reply in refused] == [400, 400]
    assert reason_of(refused[0].json()) == "BODY_UNREADABLE"
    (event,) = await world.list_events(unmatched=True)
    assert event["payload"] == {"unreadable": body}


@pytest.mark.parametrize("deep", [70, 1_000, 3_000])
async def test_what_is_nested_too_deeply_is_kept_and_refused(world: World, deep: int) -> None:
    """Broken, whoever knows the path could have us fail, and what was told would be lost."""
    body = f'{{"0": {{"event": "sent", "x": {"[" * deep}{"]" * deep}}}}}'

    refused = await world.client.post(f"/webhooks/mails/{SECRET}", content=body)

    assert (refused.status_code, reason_of(refused.json())) == (400, "BODY_UNREADABLE")
    (event,) = await world.list_events(unmatched=True)
    assert event["payload"] == {"unreadable": body}


async def test_a_body_of_very_many_events_is_refused(world: World) -> None:
    """Broken, whoever knows the path could keep the ledger from everybody for as long as a body has events."""
    most = {str(place): {"event": f"e{place}"} for place in range(MOST_EVENTS)}
    more = {**most, str(MOST_EVENTS): {"event": "e"}}

    refused = await world.client.post(f"/webhooks/mails/{SECRET}", content=json.dumps(more))
    taken = await world.client.post(f"/webhooks/mails/{SECRET}", content=json.dumps(most))

    assert [refused.status_code, taken.status_code] == [400, 200]
    counted = await world.run("{ webhookEvents(unmatched: true) { totalCount } }")
    assert counted["data"] == {"webhookEvents": {"totalCount": MOST_EVENTS + 1}}


async def test_too_long_a_body_is_not_read(world: World) -> None:
    """Broken, whoever knows the path could fill the ledger."""
    refused = await world.client.post(f"/webhooks/mails/{SECRET}", content=b"x" * 10_000_000)

    assert refused.status_code == 413
    assert await world.list_events() == []


async def test_a_body_that_does_not_come_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken, slow senders would hold the server's places."""
    monkeypatch.setenv("MARKETING_GRAPH_LIMIT_BODY_S", "0.2")
    (world,) = open_world(tmp_path, monkeypatch)
    connection = Connection([{"type": "http.request", "body": b'{"0"', "more_body": True}])

    await play(world.app, connection, path=f"/webhooks/mails/{SECRET}")

    assert connection.status == 408
    await close(world)


async def test_the_next_read_sees_what_was_told_of(world: World) -> None:
    """Broken, a person would be shown as they were before, for as long as answers are remembered."""
    query = '{ subscriber(by: {email: "test@example.com"}, source: "mails") { subscription } }'
    before = await world.run(query)
    user = world.sandbox.store.find(8424)
    assert user is not None
    world.sandbox.store.opt_out(user, 4)
    remembered = await world.run(query)

    await world.tell({"event": "unsub", "user_id": 8424, "project_id": 1})

    after = await world.run(query)
    assert before["data"]["subscriber"] == remembered["data"]["subscriber"] == {"subscription": "SUBSCRIBED"}
    assert after["data"]["subscriber"] == {"subscription": "UNSUBSCRIBED"}


LEAVE = "mutation ($who: UnsubscribeInput!) { unsubscribe(input: $who) { outcome operation { id } } }"
BY_ID = {"id": encode_id("mails", "subscriber", ("8424",))}
BY_EMAIL = {"byEmail": {"source": "mails", "email": "test@example.com", "projectId": "1"}}


@pytest.mark.parametrize(
    ("named", "told"), [(BY_ID, {"user_id": 8424}), (BY_EMAIL, {"user": {"email": "TEST@example.com"}})]
)
async def test_an_opt_out_that_is_told_of_is_looked_up(world: World, named: Any, told: dict[str, Any]) -> None:
    """Broken, an opt-out that the vendor only took would stay ACCEPTED although it tells that it is done."""
    message = await world.send("test@example.com")
    payload = (await world.run(LEAVE, who=named))["data"]["unsubscribe"]
    assert payload["outcome"] == "ACCEPTED"

    await world.tell({"event": "unsub_link", "project_id": 1, **told})

    async with asyncio.timeout(10):
        while await world.list_events(unmatched=True):  # noqa: ASYNC110 - the ledger is asked
            await asyncio.sleep(0.1)
    (event,) = await world.list_events()
    assert event["operationId"] == payload["operation"]["id"]
    held = (await world.run(HELD))["data"]["writeOperations"]["nodes"]
    learnt = {each["id"]: (each["outcome"], (each["facts"] or {}).get("webhook")) for each in held}
    assert learnt[payload["operation"]["id"]] == ("APPLIED", "unsub_link")
    assert learnt[message["operation"]["id"]][0] == "ACCEPTED", "it is about no message"


async def test_an_opt_out_of_before_is_about_no_write(world: World) -> None:
    """Broken, an old telling that is repeated would be taken for news of a later write."""
    await world.run(LEAVE, who=BY_ID)

    await world.tell({"event": "unsub", "project_id": 1, "user_id": 8424, "ts": 1_500_000_000})
    await hear()

    assert len(await world.list_events(unmatched=True)) == 1


async def test_events_are_for_who_may_see_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken, anybody could read whom a vendor has told of."""
    (world,) = open_world(tmp_path, monkeypatch, Principal("reader", frozenset(Scope) - {Scope.ADMIN}))
    refused = await world.run(LISTED, unmatched=False)
    await close(world)
    (world,) = open_world(tmp_path, monkeypatch, Principal("keeper", frozenset(Scope) - {Scope.PII}))
    await world.tell(build_event())
    (shown,) = await world.list_events()
    await close(world)

    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert shown["payload"] is None


async def test_what_cannot_be_kept_is_asked_for_again(world: World, tmp_path: Path) -> None:
    """Broken, what was told while the ledger was out of order would be answered as kept, and lost."""
    await world.list_events()
    await asyncio.to_thread(break_ledger, tmp_path / "marketing-graph-ledger.db")

    refused = await world.tell(build_event())

    assert (refused.status_code, reason_of(refused.json())) == (503, "LEDGER_UNAVAILABLE")


def break_ledger(path: Path) -> None:
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute("DROP TABLE webhook_events")
