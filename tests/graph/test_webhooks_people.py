"""What Taximail tells of people: which open write it is about, and what a read then proves of that."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.ledger.store import open_ledger
from adapters.sandbox import Fault
from adapters.vendors.taximail.sandbox import create_sandbox
from graph.server.app import create_app
from graph.settings import load_settings
from resolvers.ids import encode_id
from tests.graph.conftest import connect
from tests.graph.mutating import Mutating
from tests.graph.webhook_world import HELD, LISTED, SECRET, hear

TABLE = """
[sources.shop]
vendor = "taximail"
base_url = "http://127.0.0.1/v2"
auth = { api_key = { env = "SHOP_KEY" }, secret_key = { env = "SHOP_SECRET" } }
webhook = { secret = { env = "SHOP_WEBHOOK" } }
"""
LEARNT = "query ($id: ID!) { writeOperation(id: $id) { outcome facts counts { outcome count } } }"
ROW = "GET /list/{id}/subscribers"


class World(Mutating):
    """The real app over the emulator, its ledger in a file, and a vendor who tells it things."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sandbox = create_sandbox()
        (folder / "sources.toml").write_text(TABLE)
        contacts = self.sandbox.store.lists[402].contacts.values()
        self.present = next(each for each in contacts if each.status == "Subscribed" and "Not" in each.bounce)
        self.start()

    def start(self) -> None:
        """Start the app, or another one over the same ledger."""
        transports = {"shop": httpx.ASGITransport(self.sandbox.app)}
        self.app = create_app(load_settings(sources=self.folder / "sources.toml"), transports=transports)
        self.client = connect(self.app)

    async def close(self) -> None:
        await self.client.aclose()
        await self.app.state.desks.aclose()

    async def lose(self, match: str, name: str, **given: Any) -> str:
        """Carry out a mutation whose answer is lost, and return its id."""
        self.sandbox.faults.add(Fault("reset", match=match, applied=True, times=1))
        payload = await self.run(name, **given)
        assert payload["outcome"] == "UNKNOWN", payload
        id_: str = payload["operation"]["id"]
        return id_

    async def leave(self) -> str:
        """Have a person leave a list, and lose the answer."""
        named = {"source": "shop", "email": self.present.email, "listId": "402"}
        return await self.lose("/unsubscribe", "unsubscribe", byEmail=named)

    async def tell(self, body: Any, **headers: str) -> httpx.Response:
        told = {"content": body} if isinstance(body, str | bytes) else {"json": body}
        return await self.client.post(f"/webhooks/shop/{SECRET}", headers=headers, **told)

    async def wait_for(self, id_: str, outcome: str) -> Any:
        """Wait until the ledger says by itself what became of a write; nobody asks for it by its id."""
        async with asyncio.timeout(10):
            while True:
                nodes = (await self.ask(HELD))["data"]["writeOperations"]["nodes"]
                found = next(each for each in nodes if each["id"] == id_)
                if found["outcome"] == outcome:
                    return found
                await asyncio.sleep(0.1)

    async def list_events(self, *, unmatched: bool = False) -> list[Any]:
        found = await self.ask(LISTED, unmatched=unmatched)
        nodes: list[Any] = found["data"]["webhookEvents"]["nodes"]
        return nodes

    @property
    def reads(self) -> int:
        return len(self.sandbox.calls.entries)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("SHOP_KEY", "sandbox-key")
    monkeypatch.setenv("SHOP_SECRET", "sandbox-secret")
    monkeypatch.setenv("SHOP_WEBHOOK", SECRET)
    made = World(tmp_path)
    yield made
    await made.close()


def build_bodies(email: str) -> dict[str, Any]:
    return {
        "object": {"webhooks_type": "unsubscription", "list_id": "402", "email": email},
        "list": [{"type": "unsubscription", "data": {"who": {"address": email.upper()}, "list_id": 402}}],
        "form": f"webhooks_type=unsubscription&data%5Blist_id%5D=402&data%5Bmail%5D={email.replace('@', '%40')}",
    }


@pytest.mark.parametrize("shape", ["object", "list", "form"])
async def test_an_unsubscription_that_was_lost_is_done(world: World, shape: str) -> None:
    """Broken, an opt-out would stay unknown although the vendor has told of it and its list shows it."""
    id_ = await world.leave()

    told = await world.tell(build_bodies(world.present.email)[shape])

    assert (told.status_code, told.content) == (200, b"")
    found = await world.wait_for(id_, "APPLIED")
    assert found["facts"] == {"webhook": "unsubscription", "read": ROW}
    assert (await world.ask(LEARNT, id=id_))["data"]["writeOperation"]["outcome"] == "APPLIED"
    (event,) = await world.list_events()
    assert event["operationId"] == id_


async def test_an_import_that_was_lost_is_done(world: World) -> None:
    """Broken, nobody would learn of people who were imported, one and all."""
    people = [{"email": "a@example.com"}, {"email": "b@example.com"}]
    id_ = await world.lose("/commit/", "importSubscribers", source="shop", listId="402", items=people)

    await world.tell({"webhooks_type": "subscription", "email": "b@example.com"})

    found = await world.wait_for(id_, "APPLIED")
    assert found["facts"]["webhook"] == "subscription"
    learnt = (await world.ask(LEARNT, id=id_))["data"]["writeOperation"]
    assert learnt["counts"] == [{"outcome": "APPLIED", "count": 2}]


async def test_an_id_names_a_person_of_its_list(world: World) -> None:
    """Broken, an event that tells ids alone would find no write."""
    key = encode_id("shop", "subscriber", (f"402/{world.present.id}",))
    id_ = await world.lose("PUT", "updateSubscriber", id=key, fields={"firstName": "New"})

    await world.tell(f"list_id=402&subscriber_id={world.present.id}")

    assert (await world.wait_for(id_, "APPLIED"))["facts"]["webhook"] == "webhook"


@pytest.mark.parametrize(
    "event",
    [
        {"webhooks_type": "unsubscription", "email": "nobody@example.com"},
        {"webhooks_type": "unsubscription", "list_id": "517", "email": "PRESENT"},
        {"webhooks_type": "unsubscription", "note": "PRESENT has left"},
        {"webhooks_type": "unsubscription", "subscriber_id": "PRESENT"},
        {"all": ["PRESENT", *(f"p{number}@example.com" for number in range(20))]},
    ],
    ids=["somebody else", "another list", "within a text", "no id", "a report"],
)
async def test_what_is_about_no_write_is_kept_and_listed(world: World, event: dict[str, Any]) -> None:
    """Broken, what is told of others would be believed of a write of ours, or lost."""
    id_ = await world.leave()
    told = {
        name: value.replace("PRESENT", world.present.email) if isinstance(value, str) else value
        for name, value in event.items()
    }
    if "all" in told:
        told["all"] = [world.present.email, *event["all"][1:]]
    elif "subscriber_id" in told:
        told["subscriber_id"] = str(world.present.id)
    reads = world.reads

    await world.tell(told)
    await hear()

    assert (await world.wait_for(id_, "UNKNOWN"))["facts"] is None
    assert world.reads == reads, "nobody was asked"
    (listed,) = await world.list_events(unmatched=True)
    assert listed["payload"] == told


async def test_what_may_be_about_two_is_about_none(world: World) -> None:
    """Broken, one write would be told as done because another one was."""
    first = await world.leave()
    second = await world.lose(
        "/commit/", "importSubscribers", source="shop", listId="402", items=[{"email": world.present.email}],
        consent={"basis": "asked"},
    )  # fmt: skip

    await world.tell(build_bodies(world.present.email)["object"])
    await hear()

    for id_ in (first, second):
        await world.wait_for(id_, "UNKNOWN")
    assert len(await world.list_events(unmatched=True)) == 1


async def test_a_read_that_does_not_show_it_proves_nothing(world: World) -> None:
    """Broken, an opt-out that never happened would be told as done: whoever knows the path could say anything."""
    id_ = await world.leave()
    world.present.status = "Subscribed"

    await world.tell(build_bodies(world.present.email)["object"])
    await hear()

    assert (await world.wait_for(id_, "UNKNOWN"))["facts"] is None
    (event,) = await world.list_events()
    assert event["operationId"] == id_, "it is about this write, whatever became of that"


async def test_a_vendor_that_cannot_be_read_is_asked_again(world: World) -> None:
    """Broken, what was told while the vendor was in trouble would be of no use."""
    id_ = await world.leave()
    world.sandbox.faults.add(Fault("status", match="GET /v2/list", status=500, times=4))

    told = await world.tell(build_bodies(world.present.email)["object"])

    assert told.status_code == 200
    await world.wait_for(id_, "APPLIED")


async def test_what_is_told_again_is_kept_once_and_may_be_news(world: World) -> None:
    """Broken, a replay would fill the ledger; or a second opt-out, told in the same words, would not be heard of."""
    body = build_bodies(world.present.email)["object"]
    first = await world.leave()
    replies = await asyncio.gather(*(world.tell(body) for _ in range(8)))
    await world.wait_for(first, "APPLIED")
    world.present.status = "Subscribed"
    second = await world.leave()

    again = await world.tell(body)

    assert {reply.status_code for reply in (*replies, again)} == {200}
    await world.wait_for(second, "APPLIED")
    (event,) = await world.list_events()
    assert event["operationId"] == first


async def test_what_was_told_before_a_stop_is_matched_after_the_start(world: World) -> None:
    """Broken, what was told while the server stopped would never be matched to its write."""
    id_ = await world.leave()
    await world.close()
    await keep_only(world, build_bodies(world.present.email)["object"])

    world.start()
    await world.app.state.desks.start()

    assert (await world.wait_for(id_, "APPLIED"))["facts"]["webhook"] == "unsubscription"
    (event,) = await world.list_events()
    assert event["operationId"] == id_


async def keep_only(world: World, payload: dict[str, Any]) -> None:
    """Keep an event as a process does that is killed before it has looked at it."""
    ledger = await open_ledger(f"sqlite:///{world.folder}/marketing-graph-ledger.db")
    await ledger.store_event("shop", "d" * 64, payload)
    await ledger.aclose()


async def test_too_long_a_body_is_refused(world: World) -> None:
    """Broken, whoever knows the path could fill the ledger."""
    assert (await world.tell("email=" + "x" * 10_000_000)).status_code == 413
    assert await world.list_events() == []


async def test_of_very_many_those_are_asked_for_who_were_told_of(world: World) -> None:
    """Broken, a thousand people would be read because of one of them, and others than that one."""
    people = [{"email": f"p{number}@example.com"} for number in range(150)]
    world.sandbox.faults.add(Fault("reset", match="/commit/", applied=True, times=1))
    payload = await world.run("importSubscribers", source="shop", listId="402", items=people)
    id_ = payload["operation"]["id"]
    await world.wait_for(id_, "UNKNOWN")

    await world.tell([{"email": f"p{number}@example.com"} for number in (7, 120)])
    async with asyncio.timeout(10):
        while await world.list_events(unmatched=True):  # noqa: ASYNC110 - the ledger is asked
            await asyncio.sleep(0.1)

    counts = "{ writeOperations { nodes { counts { outcome count } } } }"
    (found,) = (await world.ask(counts))["data"]["writeOperations"]["nodes"]
    assert found["counts"] == [{"outcome": "APPLIED", "count": 2}, {"outcome": "UNKNOWN", "count": 148}]
