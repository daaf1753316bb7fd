"""Every mutation of Sendios through the graph: as callers write it, and as the vendor then holds it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.errors import SettingsError
from adapters.vendors.sendios.sandbox import Sandbox, create_sandbox
from graph.server.app import create_app
from graph.server.sources import load_sources
from graph.settings import load_settings
from resolvers.ids import encode_id
from resolvers.principal import LOCAL, Principal, Scope
from tests.graph.bulk_words import read_outcome, tell_outcome
from tests.graph.conftest import connect

TABLE = """
[sources.mails]
vendor = "sendios"
base_url = "http://127.0.0.1"
client_id = 123
auth = { key = { env = "MAILS_KEY" } }
projects = [1, 2]
"""


class World:
    """The real app over one emulator."""

    def __init__(self, folder: Path, principal: Principal = LOCAL) -> None:
        self.sandbox: Sandbox = create_sandbox()
        path = folder / "sources.toml"
        path.write_text(TABLE)
        transports = {"mails": httpx.ASGITransport(self.sandbox.app)}
        settings = load_settings(sources=path)
        self.app = create_app(settings, transports=transports, principal=principal)
        self.client = connect(self.app)

    async def write(self, name: str, parts: str, fields: str = "outcome") -> Any:
        """Send one mutation; return its payload, or its error."""
        query = f"mutation {{ {name}(input: {{{parts}}}) {{ {tell_outcome(name, fields)} }} }}"
        answer = (await self.client.post("/graphql", json={"query": query})).json()
        return answer["errors"][0] if "errors" in answer else read_outcome(answer["data"][name])

    @property
    def writes(self) -> list[str]:
        """What the vendor was told."""
        return [call.line for call in self.sandbox.calls.entries if not call.line.startswith("GET ")]

    async def aclose(self) -> None:
        await self.client.aclose()
        await self.app.state.desks.aclose()


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("MAILS_KEY", "sandbox-key")
    made = World(tmp_path)
    yield made
    await made.aclose()


ID = encode_id("mails", "subscriber", ("8424",))
WHO = f'id: "{ID}"'
BY_EMAIL = 'byEmail: {source: "mails", email: "TEST@example.com", projectId: "1"}'
CONSENT = 'consent: {basis: "Asked at the till."}'
HASH = "dGVzdEBleGFtcGxlLmNvbQ=="
MUTATIONS = {
    "fields": (
        "updateSubscriber",
        f'{WHO}, fields: {{gender: "f", sendios: {{vip: true, platformNumber: 3}}}}',
        "PUT /v1/userfields/user/8424",
    ),
    "fields by address": (
        "updateSubscriber",
        f'{BY_EMAIL}, fields: {{gender: "f"}}',
        f"PUT /v1/userfields/project/1/emailhash/{HASH}",
    ),
    "opt out": ("unsubscribe", f"{WHO}, cause: SETTINGS", "POST /v1/unsub/8424/source/9"),
    "opt out by address": ("unsubscribe", BY_EMAIL, f"POST /v1/unsub/admin/1/email/{HASH}"),
    "opt in": ("resubscribe", f"{WHO}, {CONSENT}", "DELETE /v1/unsub/8424"),
    "types": ("unsubscribeFromTypes", f'{WHO}, change: ADD, typeIds: ["4"]', "POST /v1/unsubtypes/nodiff/8424"),
    "all types": ("unsubscribeFromTypes", f"{WHO}, change: CLEAR, {CONSENT}", "DELETE /v1/unsubtypes/all/8424"),
    "erase": ("eraseSubscriber", f"{WHO}, force: true", "POST /v1/user/erase"),
    "payment": ("recordPayment", f'{WHO}, startsAt: "2026-01-01T00:00:00Z", amount: 20', "POST /v1/lastpayment"),
    "own key": ("linkClientUser", f'{BY_EMAIL}, ref: "shop-1"', "POST /v1/clientuser/create"),
    "confirm": (
        "confirmUser",
        f'{BY_EMAIL}, reactedAt: "2026-01-01T00:00:00Z"',
        f"PUT /v3/users/project/1/email/{HASH}/confirm",
    ),
    "online": ("markOnline", f'{WHO}, seenAt: "2026-01-01T00:00:00Z"', "PUT /v3/users/8424/online"),
    "message": (
        "sendMessage",
        f'source: "mails", recipients: [{{id: "{ID}"}}], content: {{a: 1}}, sendios: {{kind: TRIGGER, typeId: "1"}}',
        "POST /v1/push/trigger",
    ),
}


@pytest.mark.parametrize(("name", "parts", "line"), MUTATIONS.values(), ids=list(MUTATIONS))
async def test_a_mutation_becomes_the_vendors_call_once(world: World, name: str, parts: str, line: str) -> None:
    """Broken, a preview would write, a repeated key would write twice, or a mutation would do something else."""
    key = 'idempotencyKey: "k"'
    fields = "outcome requests { method url body } before operation { id }"

    planned = await world.write(name, f"{parts}, dryRun: true", fields)
    assert world.writes == []
    done = await world.write(name, f"{parts}, {key}", fields)
    again = await world.write(name, f"{parts}, {key}", fields)

    assert planned["outcome"] == "PLANNED", planned
    assert [f"{each['method']} {each['url']}" for each in planned["requests"]] == [line]
    assert (done["outcome"], again["outcome"]) == ("ACCEPTED", "ACCEPTED"), done
    assert done["operation"] == again["operation"]
    assert world.writes == [line]


async def test_a_write_shows_in_the_next_read(world: World) -> None:
    """Broken, a person would be shown as before, out of what is remembered."""
    query = f'{{ node(id: "{ID}") {{ ... on Subscriber {{ gender subscription }} }} }}'
    before = (await world.client.post("/graphql", json={"query": query})).json()

    payload = await world.write("unsubscribe", WHO, "outcome subscriber { subscription } operation { id }")
    after = (await world.client.post("/graphql", json={"query": query})).json()
    look = f'{{ writeOperation(id: "{payload["operation"]["id"]}") {{ outcome }} }}'
    learnt = (await world.client.post("/graphql", json={"query": look})).json()

    assert before["data"]["node"]["subscription"] == "SUBSCRIBED"
    assert payload["subscriber"] == {"subscription": "UNSUBSCRIBED"}
    assert after["data"]["node"]["subscription"] == "UNSUBSCRIBED"
    assert learnt["data"]["writeOperation"] == {"outcome": "APPLIED"}


OTHER = encode_id("mails", "list", ("1",))
FOREIGN = encode_id("others", "subscriber", ("8424",))
REFUSED = {
    "make": ("createSubscriber", 'source: "mails", fields: {email: "a@b.co"}', "CAPABILITY_MISSING"),
    "make or change": ("upsertSubscriber", 'source: "mails", fields: {email: "a@b.co"}', "CAPABILITY_MISSING"),
    "both names": ("unsubscribe", f"{WHO}, {BY_EMAIL}", "INPUT_INVALID"),
    "no name": ("unsubscribe", "cause: LINK", "INPUT_INVALID"),
    "another kind": ("unsubscribe", f'id: "{OTHER}"', "ID_INVALID"),
    "masked": ("unsubscribe", 'id: "***"', "ID_INVALID"),
    "no consent": ("resubscribe", WHO, "CONSENT_REQUIRED"),
    "nobody": ("sendMessage", 'source: "mails", recipients: [], sendios: {kind: SYSTEM, typeId: "1"}', "INPUT_INVALID"),
    "two names": (
        "sendMessage",
        f'source: "mails", recipients: [{{id: "{ID}", email: "a@b.co"}}], sendios: {{kind: SYSTEM, typeId: "1"}}',
        "INPUT_INVALID",
    ),
    "foreign person": (
        "sendMessage",
        f'source: "mails", recipients: [{{id: "{FOREIGN}"}}], sendios: {{kind: SYSTEM, typeId: "1"}}',
        "ID_INVALID",
    ),
}


@pytest.mark.parametrize(("name", "parts", "reason"), REFUSED.values(), ids=list(REFUSED))
async def test_what_cannot_be_is_refused(world: World, name: str, parts: str, reason: str) -> None:
    """Broken, the vendor would be asked, or something be entered in the ledger, for nothing."""
    error = await world.write(name, parts)

    assert error["extensions"]["code"] == "BAD_USER_INPUT", error
    assert error["extensions"]["reason"] == reason
    assert world.writes == []


async def test_nobody_can_be_made_without_a_mail_and_the_reason_is_told(world: World) -> None:
    """Broken, a caller would look for a mistake of its own."""
    error = await world.write(*REFUSED["make"][:2])

    assert "only by sending to them" in error["message"]


async def test_who_has_opted_out_is_left_out(world: World) -> None:
    """Broken, somebody who has left would be written to."""
    user = world.sandbox.store.find(8424)
    assert user is not None
    world.sandbox.store.opt_out(user, 4)
    name, parts, line = MUTATIONS["message"]

    refused = await world.write(name, parts)
    allowed = await world.write(name, f"{parts}, allowUnsubscribed: true")

    assert refused["extensions"]["reason"] == "CONSENT_REQUIRED"
    assert allowed["outcome"] == "ACCEPTED"
    assert world.writes == [line]


@pytest.mark.parametrize(
    ("missing", "case"),
    [(Scope.WRITE, "opt out"), (Scope.SEND, "message"), (Scope.CONSENT, "opt in"), (Scope.CONSENT, "all types")],
)
async def test_scopes_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: Scope, case: str) -> None:
    """Broken, a caller could do what it was not trusted with."""
    monkeypatch.setenv("MAILS_KEY", "sandbox-key")
    world = World(tmp_path, Principal("some", frozenset(Scope) - {missing}))

    error = await world.write(*MUTATIONS[case][:2])
    await world.aclose()

    assert error["extensions"]["code"] == "FORBIDDEN"
    assert world.sandbox.calls.entries == ()


async def test_a_preview_shows_no_person_to_who_may_not_see_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken, a dry run would tell an address to somebody without `pii`."""
    monkeypatch.setenv("MAILS_KEY", "sandbox-key")
    world = World(tmp_path, Principal("some", frozenset(Scope) - {Scope.PII}))

    planned = await world.write("eraseSubscriber", f"{WHO}, dryRun: true", "outcome requests { url body } before after")
    await world.aclose()

    assert planned == {"outcome": "PLANNED", "requests": [{"url": "***", "body": "***"}], "before": None, "after": None}


TABLES = {
    "sendios": TABLE,
    "taguchi_v4": """
[sources.mails]
vendor = "taguchi_v4"
base_url = "http://127.0.0.1"
organization_id = 1
auth = { token = { env = "MAILS_KEY" } }
""",
}


@pytest.mark.parametrize(
    ("vendor", "secret", "told"),
    [("sendios", "short", "guessable"), ("sendios", "a/" * 20, "guessable"), ("taguchi_v4", "x" * 40, "no webhooks")],
)
def test_a_webhook_that_cannot_be_is_refused_at_the_start(tmp_path: Path, vendor: str, secret: str, told: str) -> None:
    """Broken, anybody could guess where a vendor tells us things."""
    path = tmp_path / "sources.toml"
    path.write_text(TABLES[vendor] + 'webhook = { secret = { env = "HOOK" } }\n')

    with pytest.raises(SettingsError, match=told) as caught:
        load_sources(path, {"MAILS_KEY": "k", "HOOK": secret})

    assert secret not in caught.value.message
