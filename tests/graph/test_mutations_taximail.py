"""Mutations of Taximail by HTTP, over its emulator: from the document to what the vendor holds."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.sandbox import Fault
from adapters.vendors.taximail.sandbox import create_sandbox
from graph.server.app import create_app
from graph.settings import load_settings
from resolvers.ids import encode_id
from resolvers.principal import LOCAL, Principal, Scope
from tests.graph.conftest import connect
from tests.graph.mutating import Mutating

TABLE = """
[sources.shop]
vendor = "taximail"
base_url = "http://127.0.0.1/v2"
auth = { api_key = { env = "SHOP_KEY" }, secret_key = { env = "SHOP_SECRET" } }
"""
ON_LIST = {"memberships": [{"listId": "402"}]}
_TOKENS = re.compile(r"/[0-9a-f]{32}/commit/[0-9a-f]{32}$|(?<=/selection)/[0-9a-f]{32}$")


class World(Mutating):
    """The real app over the emulator."""

    def __init__(self, folder: Path, principal: Principal = LOCAL) -> None:
        self.sandbox = create_sandbox()
        path = folder / "sources.toml"
        path.write_text(TABLE)
        transports = {"shop": httpx.ASGITransport(self.sandbox.app)}
        self.app = create_app(load_settings(sources=path), transports=transports, principal=principal)
        self.client = connect(self.app)
        contacts = self.sandbox.store.lists[402].contacts.values()
        self.present = next(each for each in contacts if each.status == "Subscribed" and "Not" in each.bounce)
        self.left = next(each for each in contacts if each.status == "Unsubscribed")

    @property
    def written(self) -> list[tuple[str, str, str | None]]:
        """Every write that the vendor received, tokens by their names; a commit is a GET."""
        calls = [call for call in self.sandbox.calls.entries if call.path != "/v2/user/login"]
        kept = [call for call in calls if call.method != "GET" or "/commit/" in call.path]
        return [(call.method, _TOKENS.sub(_name, call.path), call.body or None) for call in kept]


def _name(found: re.Match[str]) -> str:
    return "/{key_import}/commit/{token}" if "commit" in found[0] else "/{token}"


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("SHOP_KEY", "sandbox-key")
    monkeypatch.setenv("SHOP_SECRET", "sandbox-secret")
    return lambda principal=LOCAL: World(tmp_path, principal)


@pytest.fixture
async def world(make: Any) -> AsyncIterator[World]:
    made = make()
    yield made
    await made.client.aclose()
    await made.app.state.desks.aclose()


def contact(number: int, list_id: int = 402) -> str:
    return encode_id("shop", "subscriber", (f"{list_id}/{number}",))


CASES: dict[str, Any] = {
    "createSubscriber": lambda _: {"source": "shop", "fields": {"email": "new@example.com", **ON_LIST}},
    "updateSubscriber": lambda world: {"id": contact(world.present.id), "fields": {"firstName": "Changed"}},
    "upsertSubscriber": lambda world: {
        "source": "shop", "fields": {"email": world.present.email, "lastName": "Changed", **ON_LIST}
    },
    "setListMembership": lambda world: {"id": contact(world.present.id), "listId": "517"},
    "unsubscribe": lambda world: {
        "byEmail": {"source": "shop", "email": world.present.email, "listId": "402"}
    },
    "deleteContacts": lambda _: {"source": "shop", "ids": [contact(1), contact(2), contact(1, 174)]},
    "importSubscribers": lambda _: {
        "source": "shop", "listId": "402", "items": [{"email": "a@example.com"}, {"email": "b@example.com"}],
        "taximail": {"fieldTerminator": "TAB", "notSendOptinEmail": False, "addToSuppressionList": "GLOBAL"},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_a_dry_run_shows_what_is_then_sent_once(world: World, name: str) -> None:
    """A preview would write, or show something else than is done."""
    given = CASES[name](world)

    planned = await world.run(name, **given, dryRun=True)
    assert (planned["outcome"], planned["operation"], world.written) == ("PLANNED", None, [])
    done = await world.run(name, **given, idempotencyKey="once")
    again = await world.run(name, **given, idempotencyKey="once")

    assert (done["outcome"], done["errors"]) == ("APPLIED", []), done
    assert [(each["method"], each["url"], each["body"]) for each in planned["requests"]] == world.written
    assert (again["outcome"], again["operation"]) == ("APPLIED", done["operation"])


async def test_a_person_comes_back_with_the_answer(world: World) -> None:
    """A caller could not go on with whom it has made."""
    made = await world.run(
        "createSubscriber", "subscriber { id email }", source="shop", fields={"email": "new@example.com", **ON_LIST}
    )
    changed = await world.run(
        "updateSubscriber", "subscriber { firstName }", id=made["subscriber"]["id"], fields={"firstName": "New"}
    )

    assert made["subscriber"]["email"] == "new@example.com"
    assert changed["subscriber"] == {"firstName": "New"}
    assert (changed["before"], changed["facts"]) == (None, {})


async def test_items_are_counted_in_the_ledger(world: World) -> None:
    """Who was left out, and who was brought in, must be known afterwards."""
    people = [{"email": world.left.email}, {"email": "a@example.com"}, {"email": "b@example.com"}]

    payload = await world.run("importSubscribers", source="shop", listId="402", items=people)

    assert payload["operation"]["counts"] == [{"outcome": "APPLIED", "count": 2}, {"outcome": "SKIPPED", "count": 1}]
    assert payload["facts"] == {"subscribersCount": 2, "success": 2, "duplicate": 0, "failed": 0}
    assert payload["warnings"][0].startswith("Item 0 is left out")


async def test_an_answer_that_was_lost_is_found_out_by_the_ledger(world: World) -> None:
    """UNKNOWN would stay so although a read tells."""
    world.sandbox.faults.add(Fault("reset", match="/commit/", applied=True, times=1))

    lost = await world.run("importSubscribers", source="shop", listId="402", items=[{"email": "a@example.com"}])
    query = "query ($id: ID!) { writeOperation(id: $id) { outcome counts { outcome count } } }"
    found = await world.ask(query, id=lost["operation"]["id"])

    assert (lost["outcome"], lost["errors"][0]["code"]) == ("UNKNOWN", "OUTCOME_UNKNOWN")
    assert found["data"]["writeOperation"] == {"outcome": "APPLIED", "counts": [{"outcome": "APPLIED", "count": 1}]}
    assert len(world.written) == 2


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("resubscribe", {"id": contact(1), "consent": {"basis": "asked"}}, "CAPABILITY_MISSING"),
        ("eraseSubscriber", {"id": contact(1)}, "CAPABILITY_MISSING"),
        ("deleteContacts", {"source": "shop", "ids": [encode_id("shop", "list", ("402",))]}, "ID_INVALID"),
        ("deleteContacts", {"source": "shop", "ids": [encode_id("other", "subscriber", ("402/1",))]}, "ID_INVALID"),
        ("deleteContacts", {"source": "shop", "ids": [contact(1), contact(1)]}, "DUPLICATE_ITEM"),
        ("deleteContacts", {"source": "shop", "ids": []}, "INPUT_INVALID"),
        ("unsubscribe", {"id": "nonsense"}, "ID_INVALID"),
        ("unsubscribe", {"id": contact(9999)}, "CONTACT_NOT_FOUND"),
        ("importSubscribers", {"source": "shop", "listId": "402", "taximail": {"pathFile": "a.csv",
         "matchedFields": ["email"]}}, "CONSENT_REQUIRED"),
        ("importSubscribers", {"source": "shop", "listId": "402", "items": [{"email": "a@example.com",
         "firstName": "a|:|b"}]}, "SEPARATOR_IN_VALUE"),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_is_refused_before_any_write(
    world: World, name: str, given: Any, reason: str
) -> None:
    """A refusal after half the work would be worse than none."""
    refused = await world.refuse(name, **given)

    assert (refused["reason"], world.written) == (reason, [])


async def test_scopes_are_asked_for(make: Any) -> None:
    """Opt-in mails and undone opt-outs need more than `write`."""
    world = make(Principal("writer", scopes=frozenset({Scope.READ, Scope.PII, Scope.WRITE})))
    people = {"source": "shop", "listId": "402", "items": [{"email": "a@example.com"}]}

    mailing = await world.refuse("importSubscribers", **people, taximail={"notSendOptinEmail": False})
    rejoining = await world.refuse("importSubscribers", **people, consent={"basis": "asked"})
    plain = await world.run("importSubscribers", **people)

    assert (mailing["reason"], rejoining["reason"], plain["outcome"]) == ("SCOPE_MISSING", "SCOPE_MISSING", "APPLIED")
    await world.client.aclose()
    await world.app.state.desks.aclose()
