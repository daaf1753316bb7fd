"""Mutations of Taguchi V5 and Talon.One by HTTP, over their emulators: from the document to what the vendor holds."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.sandbox import Fault
from adapters.sandbox.cast import CAST
from adapters.vendors.taguchi_v5.sandbox import OPENAPI_FILE, SandboxOptions
from adapters.vendors.taguchi_v5.sandbox import create_sandbox as create_endpoint
from adapters.vendors.talon_one.sandbox import Keys
from adapters.vendors.talon_one.sandbox import create_sandbox as create_tenant
from graph.server.app import create_app
from graph.settings import load_settings
from resolvers.ids import encode_id
from resolvers.principal import LOCAL, Principal, Scope
from tests.graph.conftest import connect
from tests.graph.mutating import Mutating

THOMAS, THOMAS_NUMBER = CAST[0], "121293458"
TABLES = f"""
[sources.web]
vendor = "taguchi_v5"
base_url = "http://127.0.0.1/abc123/prod"
organization_id = 482
auth = {{ token = {{ env = "WEB_TOKEN" }} }}
openapi = {{ file = "{OPENAPI_FILE}" }}
region = "AU"
identify_by = "email"
allow_retrieval = true
allow_creation = true
allow_updates = true
allow_anonymization = true
allow_events = true
allow_messages = true
identify_partitions_by = "ref"
allow_partition_retrieval = true
allow_partition_creation = true
allow_partition_updates = true

[sources.promo]
vendor = "talon_one"
base_url = "http://127.0.0.1"
deployment = "sandbox.europe-west1.talon.one"
platform_name = "Marketing Graph"
auth = {{ key = {{ env = "PROMO_KEY" }} }}
management = {{ key = {{ env = "PROMO_KEY" }} }}

[sources.small]
vendor = "taguchi_v5"
base_url = "http://127.0.0.1/abc123/prod"
organization_id = 482
auth = {{ token = {{ env = "WEB_TOKEN" }} }}
identify_by = "ref"
allow_events = true
"""


ITEMS = """
query ($id: ID!) {
  writeOperation(id: $id) { itemCount counts { outcome count } items { nodes { outcome error { message } } } }
}
"""


class World(Mutating):
    """The real app over two emulators."""

    def __init__(self, folder: Path, principal: Principal = LOCAL) -> None:
        self.endpoint = create_endpoint(options=SandboxOptions(identify_by="email"))
        key = "sandbox-key"
        self.tenant = create_tenant(keys=Keys(cdp=key, integration=key, management=key))
        path = folder / "sources.toml"
        path.write_text(TABLES)
        web, promo = httpx.ASGITransport(self.endpoint.app), httpx.ASGITransport(self.tenant.app)
        transports = {"web": web, "promo": promo, "small": web}
        self.app = create_app(load_settings(sources=path), transports=transports, principal=principal)
        self.client = connect(self.app)

    @property
    def written(self) -> list[Any]:
        """Every write that the vendors received: method, path and body."""
        calls = [*self.endpoint.calls.entries, *self.tenant.calls.entries]
        kept = [call for call in calls if call.method != "GET" and not call.path.startswith("/v1/")]
        return [(call.method, call.path, json.loads(call.body) if call.body else None) for call in kept]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("WEB_TOKEN", "sandbox-token")
    monkeypatch.setenv("PROMO_KEY", "sandbox-key")
    made = World(tmp_path)
    yield made
    await made.client.aclose()
    await made.app.state.desks.aclose()


def person(number: str = THOMAS_NUMBER) -> str:
    return encode_id("web", "subscriber", (number,))


CASES: list[tuple[str, dict[str, Any]]] = [
    ("createSubscriber", {"source": "web", "fields": {"email": "new@example.com", "birthDate": "1990-02-03"}}),
    ("updateSubscriber", {"id": person(), "fields": {"firstName": "Tom"}}),
    ("createSubscriber", {"source": "promo", "fields": {"ref": "n 1", "email": "new@example.com"}}),
    ("updateSubscriber", {"byKey": {"source": "web", "email": THOMAS.email}, "fields": {"title": "Dr"}}),
    ("upsertSubscriber", {"source": "web", "fields": {"email": "new@example.com", "firstName": "N"}}),
    ("upsertSubscribers", {"source": "web", "items": [{"email": "a@example.com"}, {"email": "b@example.com"}]}),
    ("setListMembership", {"id": person(), "listId": "99", "subscribed": False}),
    ("unsubscribe", {"byEmail": {"source": "web", "email": THOMAS.email}}),
    ("anonymizeSubscriber", {"id": person()}),
    ("sendMessage", {"source": "web", "recipients": [{"id": person()}], "activityId": "7", "content": {"a": 1},
                     "allowUnsubscribed": True, "sendAt": "2999-01-01T00:00:00Z", "test": True}),
    ("logEvent", {"source": "web", "person": {"id": person()}, "type": "p", "data": {"total": 1.5}, "test": True}),
    ("logEvents", {"source": "web", "items": [{"person": {"id": person()}, "type": "p"},
                                              {"person": {"email": THOMAS.email}, "type": "f", "data": [1]}]}),
    ("upsertPartition", {"source": "web", "ref": "perth", "name": "Perth",
                         "customFields": [{"key": "open", "typed": True}]}),
    ("updateCustomerProfile", {"id": encode_id("promo", "subscriber", ("c 1",)), "attributes": {"Tier": "x"},
                               "skipUnknownAttributes": True, "runRules": True, "join": ["1"], "leave": ["2"]}),
    ("changeCustomerAudiences", {"byKey": {"source": "promo", "ref": "c 1"}, "joinRefs": ["e/1"],
                                 "leaveRefs": ["ext 1"]}),
    ("changeAudiences", {"source": "promo", "items": [{"ref": "c 1", "join": ["1"]},
                                                      {"ref": "n", "joinRefs": ["e/1"], "leaveRefs": ["ext 1"]}]}),
    ("createAudience", {"source": "promo", "ref": "winter", "name": "Winter"}),
    ("updateAudience", {"id": encode_id("promo", "audience", ("4",)), "name": "Gone"}),
    ("deleteAudience", {"source": "promo", "ref": "e/1"}),
]  # fmt: skip


def name_present(bodies: list[Any]) -> Any:
    """Bodies with the placeholder for the time at which they were sent; times that the caller gave stay."""
    return json.loads(
        re.sub(r'(unsubscribedTimestamp": ")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', r"\1{now}", json.dumps(bodies))
    )


@pytest.mark.parametrize(("name", "given"), CASES, ids=[name for name, _ in CASES])
async def test_a_dry_run_shows_what_is_then_sent(world: World, name: str, given: dict[str, Any]) -> None:
    """A preview would write, or show something else than is done."""
    for row in world.endpoint.store.rows:
        row["unsubscribedTimestamp"] = None

    planned = await world.run(name, **given, dryRun=True)
    assert (planned["outcome"], planned["operation"], world.written) == ("PLANNED", None, [])
    done = await world.run(name, **given, idempotencyKey="once")
    again = await world.run(name, **given, idempotencyKey="once")

    assert done["outcome"] == "APPLIED", done
    sent = [body for _, _, body in world.written]
    assert name_present(sent) == [each["body"] for each in planned["requests"]]
    assert again == done | {"facts": again["facts"], "after": again["after"], "before": again["before"]}


async def test_a_new_person_comes_back_with_the_answer(world: World) -> None:
    """A caller could not go on with whom it has made."""
    payload = await world.run(
        "createSubscriber", "subscriber { id email birthDate }", source="web",
        fields={"email": "new@example.com", "birthDate": "1990-02-03"},
    )  # fmt: skip

    assert payload["subscriber"]["email"] == "new@example.com"
    found = await world.run(
        "updateSubscriber", "subscriber { firstName email }", id=payload["subscriber"]["id"], fields={"firstName": "N"}
    )
    assert found["subscriber"] == {"firstName": "N", "email": "new@example.com"}


async def test_a_new_audience_and_partition_come_back_with_the_answer(world: World) -> None:
    """The number that changes of members need would be lost."""
    made = await world.run("createAudience", "audience { vendorId ref name }", source="promo", ref="w", name="W")
    shop = await world.run("upsertPartition", "partition { ref name }", source="web", ref="perth", name="Perth")

    number = made["audience"]["vendorId"]
    assert made["audience"] == {"vendorId": number, "ref": "w", "name": "W"}
    assert shop["partition"] == {"ref": "perth", "name": "Perth"}
    joined = await world.run(
        "updateCustomerProfile", "subscriber { ref audiences { audience { name } } }",
        byKey={"source": "promo", "ref": "n"}, join=[number],
    )  # fmt: skip
    assert joined["subscriber"]["audiences"] == [{"audience": {"name": "W"}}]


async def test_who_has_opted_out_is_left_out_of_a_message(world: World) -> None:
    """Somebody who wanted no more mail would get it."""
    rows = [row for row in world.endpoint.store.rows if row["email"]][:3]
    for row, left_at in zip(rows, (None, "2025-01-01T00:00:00Z", None), strict=True):
        row["unsubscribedTimestamp"] = left_at
    recipients = [{"id": person(str(row["id"]))} for row in rows]

    payload = await world.run("sendMessage", source="web", recipients=recipients, activityId="7")
    refused = await world.refuse("sendMessage", source="web", recipients=recipients[1:2], activityId="7")

    sent = [each["message"]["target"]["id"] for each in world.written[0][2]]
    assert sent == [rows[0]["id"], rows[2]["id"]]
    assert payload["outcome"] == "APPLIED"
    assert refused["reason"] == "CONSENT_REQUIRED"
    told = await world.ask(ITEMS, id=payload["operation"]["id"])
    assert told["data"]["writeOperation"] == {
        "itemCount": 3,
        "counts": [{"outcome": "APPLIED", "count": 2}, {"outcome": "SKIPPED", "count": 1}],
        "items": {
            "nodes": [
                {"outcome": "APPLIED", "error": None},
                {"outcome": "SKIPPED", "error": {"message": "This person has opted out."}},
                {"outcome": "APPLIED", "error": None},
            ]
        },
    }


async def test_a_message_whose_answer_is_lost_is_told_of_each_who_was_to_get_it(world: World) -> None:
    """Whoever was to get it would be known to nobody but the caller."""
    world.endpoint.faults.add(Fault("reset", match="POST ", applied=True, times=1))
    rows = [row for row in world.endpoint.store.rows if row["email"]][:2]
    for row in rows:
        row["unsubscribedTimestamp"] = None
    recipients = [{"email": row["email"]} for row in rows]

    payload = await world.run("sendMessage", source="web", recipients=recipients, activityId="7", idempotencyKey="k")
    again = await world.run("sendMessage", source="web", recipients=recipients, activityId="7", idempotencyKey="k")

    assert (payload["outcome"], payload["operation"]["counts"]) == ("UNKNOWN", [{"outcome": "UNKNOWN", "count": 2}])
    assert again == payload
    assert len(world.written) == 1


async def test_an_answer_that_was_lost_is_found_out_by_the_ledger(world: World) -> None:
    """UNKNOWN would stay so although a read tells."""
    world.tenant.faults.add(Fault("reset", match="/cdp/", applied=True, times=1))
    customer = {"source": "promo", "ref": "c 1"}

    lost = await world.run("updateCustomerProfile", byKey=customer, attributes={"Tier": "new"})
    found = await world.ask("query ($id: ID!) { writeOperation(id: $id) { outcome } }", id=lost["operation"]["id"])

    assert lost["outcome"] == "UNKNOWN"
    assert found["data"]["writeOperation"]["outcome"] == "APPLIED"
    assert len(world.written) == 1


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("upsertPartition", {"source": "promo", "ref": "x"}, "CAPABILITY_MISSING"),
        ("createAudience", {"source": "web", "ref": "x", "name": "y"}, "CAPABILITY_MISSING"),
        ("upsertSubscriber", {"source": "small", "fields": {"ref": "x"}}, "CAPABILITY_MISSING"),
        ("anonymizeSubscriber", {"byKey": {"source": "small", "ref": "x"}}, "CAPABILITY_MISSING"),
        ("updateCustomerProfile", {"byKey": {"source": "web", "ref": "x"}, "attributes": {}}, "CAPABILITY_MISSING"),
        ("updateAudience", {"id": person(), "name": "x"}, "ID_INVALID"),
        ("unsubscribe", {"id": "nonsense"}, "ID_INVALID"),
        ("unsubscribe", {"id": person(), "byKey": {"source": "web", "email": "a@b.c"}}, "INPUT_INVALID"),
        ("logEvent", {"source": "web", "person": {"id": encode_id("promo", "subscriber", ("1",))}, "type": "p"},
         "ID_INVALID"),
        ("logEvents", {"source": "web",
                       "items": [{"person": {"id": encode_id("web", "audience", ("1",))}, "type": "p"}]},
         "ID_INVALID"),
        ("changeAudiences", {"source": "promo", "items": [{"ref": "a", "join": ["1"]}] * 2}, "DUPLICATE_ITEM"),
        ("unsubscribe", {"byEmail": {"source": "promo", "email": "a@b.c"}}, "CAPABILITY_MISSING"),
        ("updateSubscriber", {"byEmail": {"source": "promo", "email": "a@b.c"}, "fields": {}}, "CAPABILITY_MISSING"),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_is_refused_before_any_call(
    world: World, name: str, given: dict[str, Any], reason: str
) -> None:
    """A call would be spent on it, or another record changed."""
    refused = await world.refuse(name, **given)

    assert (refused["code"], refused["reason"]) == ("BAD_USER_INPUT", reason)
    assert world.written == []
    assert not world.tenant.calls.entries
    assert not world.endpoint.calls.entries


@pytest.mark.parametrize(
    ("scopes", "name", "given"),
    [
        ({Scope.READ}, "upsertPartition", {"source": "web", "ref": "x"}),
        ({Scope.READ, Scope.WRITE}, "sendMessage", {"source": "web", "recipients": [{"id": person()}]}),
        ({Scope.READ, Scope.WRITE}, "setListMembership",
         {"id": person(), "listId": "5", "consent": {"basis": "till"}}),
    ],
)  # fmt: skip
async def test_scopes_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scopes: set[Scope], name: str, given: dict[str, Any]
) -> None:
    """A reader would write, or a writer send."""
    monkeypatch.setenv("WEB_TOKEN", "sandbox-token")
    monkeypatch.setenv("PROMO_KEY", "sandbox-key")
    world = World(tmp_path, Principal(name="ann", scopes=frozenset(scopes)))

    refused = await world.refuse(name, **given)

    assert (refused["code"], refused["reason"], world.written) == ("FORBIDDEN", "SCOPE_MISSING", [])
    await world.client.aclose()
    await world.app.state.desks.aclose()
