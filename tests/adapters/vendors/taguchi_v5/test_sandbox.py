"""The sandbox against the documents: recorded requests, statuses for each item, options, credentials."""

import base64
import hashlib
import hmac
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest

from adapters.sandbox.cast import CAST
from adapters.vendors.taguchi_v5.sandbox import (
    OPENAPI_FILE,
    Sandbox,
    SandboxOptions,
    UnsubscribeRule,
    create_sandbox,
)
from adapters.vendors.taguchi_v5.sandbox.document import build_document, print_document

TOKEN = "sandbox-token"
PROD, TEST = "/abc123/prod", "/abc123/test"
OK = {"code": 200, "name": "OK", "description": ""}
NO_IDENTITY = {
    "code": 400,
    "name": "Bad Request",
    "description": "Subscriber profile object did not contain required identifying fields",
}
U1 = {
    "organizationId": 482,
    "ref": "u1",
    "email": "jane@example.com",
    "firstname": "J",
    "custom": {"tier": "gold"},
    "lists": [
        {"listId": 12, "unsubscribedTimestamp": None},
        {"listId": 13, "unsubscribedTimestamp": "2025-01-15T08:00:00Z"},
    ],
}


async def ask(
    sandbox: Sandbox, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Send one request as the public client does."""
    given = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json", "user-agent": "Segment (Actions)"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="https://v5.example") as client:
        content = None if body is None else orjson.dumps(body)
        return await client.request(method, path, content=content, headers=given if headers is None else headers)


async def post(sandbox: Sandbox, items: Any, path: str = f"{PROD}/subscriber") -> Any:
    """Send items and return the statuses."""
    reply = await ask(sandbox, "POST", path, items)
    assert reply.status_code == 200, reply.text
    return reply.json()


def build(**options: Any) -> Sandbox:
    """Build a sandbox whose page says this."""
    return create_sandbox(options=SandboxOptions(**options))


def find(sandbox: Sandbox, ref: str) -> dict[str, Any] | None:
    """Find a kept profile by its reference."""
    return next((row for row in sandbox.store.rows if row["ref"] == ref), None)


# --- what real clients were seen to send: vendors/facts.md, 2.4 -------------------------------------------------------


async def test_recorded_credential_test_is_answered_and_keeps_nothing() -> None:
    """The vendor's own destination could not be set up against the sandbox."""
    sandbox = create_sandbox()
    body = [{"profile": {"organizationId": 482, "ref": "test-connection", "firstname": "Test"}}]

    assert await post(sandbox, body, f"{TEST}/subscriber") == [OK]
    assert find(sandbox, "test-connection") is None


@pytest.mark.parametrize("identity", ["email", "phone"])
async def test_recorded_credential_test_is_answered_whatever_identifies_people(identity: Any) -> None:
    """It carries a reference alone; its sender looks at the HTTP status only."""
    body = [{"profile": {"organizationId": 482, "ref": "test-connection", "firstname": "Test"}}]

    assert await post(build(identify_by=identity), body, f"{TEST}/subscriber") == [NO_IDENTITY]


async def test_recorded_profile_is_kept() -> None:
    """A write of the public client would be lost."""
    sandbox = create_sandbox()

    assert await post(sandbox, [{"profile": U1}]) == [OK]

    kept = find(sandbox, "u1")
    assert kept is not None
    assert (kept["email"], kept["firstname"], kept["custom"]) == ("jane@example.com", "J", {"tier": "gold"})
    assert [(each["listId"], each["unsubscribedTimestamp"]) for each in kept["lists"]] == [
        (12, None),
        (13, "2025-01-15T08:00:00Z"),
    ]
    assert kept["lists"][0]["subscribedTimestamp"] == "2025-01-17T00:00:00Z"


async def test_recorded_event_is_logged() -> None:
    """A purchase of the public client would be lost."""
    sandbox = create_sandbox()
    await post(sandbox, [{"profile": U1}])
    data = {"total": 12.5, "currency": "AUD", "order_id": "o1", "products": [{"sku": "1290W", "price": 12.5}]}

    target = {"ref": "u1", "email": "jane@example.com"}
    assert await post(sandbox, [{"event": {"target": target, "data": data, "type": "p"}}]) == [OK]

    (event,) = sandbox.store.events
    kept = find(sandbox, "u1")
    assert kept is not None
    assert (event["target"], event["type"], event["data"]) == ({"id": kept["id"]}, "p", data)
    assert event["id"] > 2**53


async def test_recorded_batch_is_answered_item_by_item() -> None:
    """A bad item would fail its neighbours, or be taken for one of them."""
    sandbox = create_sandbox()
    nobody = {"profile": {"organizationId": 482, "firstname": "Nobody"}}
    stranger = {"event": {"target": {"ref": "stranger"}, "data": {}, "type": "f"}}

    statuses = await post(sandbox, [{"profile": U1}, nobody, stranger, {"profile": {**U1, "ref": "u2"}}])

    assert [status["code"] for status in statuses] == [200, 400, 404, 200]
    assert statuses[1] == NO_IDENTITY
    assert find(sandbox, "u2") is not None


# --- whole requests ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {TOKEN}"}])
async def test_wrong_credentials_are_one_status_object(headers: dict[str, str]) -> None:
    """Source: vendors/facts.md, 2.2: a single object with HTTP 401."""
    reply = await ask(create_sandbox(), "POST", f"{PROD}/subscriber", [{"profile": U1}], headers)

    assert (reply.status_code, reply.json()["code"], reply.json()["name"]) == (401, 401, "Unauthorized")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", f"{PROD}/subscriber", {"profile": U1}, 400),
        ("PUT", f"{PROD}/subscriber", [], 405),
        ("GET", f"{PROD}/nothing", None, 404),
        ("GET", "/other/prod/subscriber", None, 404),
        ("GET", "/abc123/staging/subscriber", None, 404),
    ],
)
async def test_wrong_requests_are_one_status_object(method: str, path: str, body: Any, status: int) -> None:
    """An array of statuses would tell of items that there are none of."""
    reply = await ask(create_sandbox(), method, path, body)

    assert (reply.status_code, reply.json()["code"]) == (status, status)


async def test_webhook_mode_answers_200_whatever_happens() -> None:
    """The adapter could believe an HTTP status that means nothing."""
    sandbox = build(webhook_mode=True, allow_creation=False)

    refused = await ask(sandbox, "POST", f"{PROD}/subscriber", [], {})
    items = await ask(sandbox, "POST", f"{PROD}/subscriber", [{"profile": U1}])

    assert (refused.status_code, refused.json()["code"]) == (200, 401)
    assert (items.status_code, items.json()[0]["code"]) == (200, 403)


def sign(claims: dict[str, Any], key: str, algorithm: str = "HS256") -> str:
    """Sign a JWT by hand, as RFC 7515 says."""
    parts = [
        base64.urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode() for part in ({"alg": algorithm}, claims)
    ]
    mark = hmac.new(key.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, base64.urlsafe_b64encode(mark).rstrip(b"=").decode()])


@pytest.mark.parametrize(
    ("token", "status"),
    [
        (sign({"exp": 1_100}, "shared-key"), 200),
        (sign({}, "shared-key"), 200),
        (sign({"exp": 999}, "shared-key"), 401),
        (sign({"exp": "soon"}, "shared-key"), 401),
        (sign({"exp": 1_100}, "other-key"), 401),
        (sign({"exp": 1_100}, "shared-key", "none"), 401),
        ("shared-key", 401),
        ("a.b.c", 401),
        ("é.é.é", 401),
    ],
    ids=["good", "endless", "ended", "no end", "other key", "no algorithm", "the key itself", "no JSON", "no ASCII"],
)
async def test_signed_tokens_are_checked(token: str, status: int) -> None:
    """An adapter that signs wrongly would pass."""
    sandbox = create_sandbox(secret="shared-key", options=SandboxOptions(credential="jwt"), now_s=lambda: 1_000)

    header = {"authorization": f"Bearer {token}".encode()}
    reply = await ask(sandbox, "POST", f"{PROD}/subscriber", [], header)  # type: ignore[arg-type]

    assert reply.status_code == status


async def test_an_open_endpoint_asks_for_nothing() -> None:
    """Source: vendors/facts.md, 2.1: web forms call without a credential."""
    reply = await ask(build(credential="none"), "POST", f"{PROD}/subscriber", [], {})

    assert (reply.status_code, reply.json()) == (200, [])


# --- profile items ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"organizationId": 1},
        {"organizationId": "482"},
        {"ref": None},
        {"ref": " "},
        {"firstname": 5},
        {"custom": []},
        {"lists": {}},
        {"lists": [{"listId": "12"}]},
        {"lists": [{"listId": 12, "unsubscribedTimestamp": "yesterday"}]},
        {"unsubscribedTimestamp": True},
    ],
    ids=str,
)
async def test_wrong_profiles_are_refused(changes: dict[str, Any]) -> None:
    """A lenient sandbox would let the adapter send what the vendor refuses."""
    sandbox = create_sandbox()

    (status,) = await post(sandbox, [{"profile": {**U1, **changes}}])

    assert status["code"] == 400
    assert find(sandbox, "u1") is None


@pytest.mark.parametrize("item", [{}, [], "profile", {"profile": U1, "event": {}}, {"person": U1}, {"profile": []}])
async def test_items_have_one_known_wrapper(item: Any) -> None:
    """Source: vendors/facts.md, 2.2: each item has one wrapper key."""
    assert [status["code"] for status in await post(create_sandbox(), [item])] == [400]


async def test_an_identifier_once_sent_is_required_later() -> None:
    """Source: vendors/facts.md, 2.2, identifier rule."""
    sandbox = create_sandbox()
    await post(sandbox, [{"profile": U1}])

    without, with_it = await post(
        sandbox,
        [
            {"profile": {"organizationId": 482, "ref": "u1", "firstname": "Jo"}},
            {"profile": {"organizationId": 482, "ref": "u1", "email": "jane@example.com", "firstname": "Joan"}},
        ],
    )

    assert (without, with_it) == (NO_IDENTITY, OK)
    kept = find(sandbox, "u1")
    assert kept is not None
    assert (kept["firstname"], kept["custom"]) == ("Joan", {"tier": "gold"})


async def test_people_are_found_by_what_the_page_says() -> None:
    """An update would create a second person."""
    sandbox = build(identify_by="email")
    before = len(sandbox.store.people)

    await post(sandbox, [{"profile": {"organizationId": 482, "email": CAST[0].email.upper(), "ref": "moved"}}])

    kept = find(sandbox, "moved")
    assert kept is not None
    assert (kept["lastname"], len(sandbox.store.people)) == ("Williams", before)


@pytest.mark.parametrize(
    ("options", "ref", "code"),
    [
        ({"allow_creation": False}, "u1", 403),
        ({"allow_creation": False}, "crm-000001", 200),
        ({"allow_updates": False}, "crm-000001", 403),
        ({"allow_updates": False}, "u1", 200),
    ],
)
async def test_creation_and_updates_have_switches(options: dict[str, Any], ref: str, code: int) -> None:
    """A source's switches could not be tested against it."""
    (status,) = await post(build(**options), [{"profile": {"organizationId": 482, "ref": ref}}])

    assert status["code"] == code


async def test_new_people_join_the_lists_of_the_page() -> None:
    """Source: Add subscriber profiles to main list, and to other lists."""
    sandbox = build(main_list_id=5, other_list_ids=(6, 7))

    await post(sandbox, [{"profile": {"organizationId": 482, "ref": "u1", "lists": [{"listId": 6}]}}])

    kept = find(sandbox, "u1")
    assert kept is not None
    assert [each["listId"] for each in kept["lists"]] == [5, 6, 7]


@pytest.mark.parametrize(
    ("operator", "sent", "leaves"),
    [("==", "no", True), ("==", "yes", False), ("!=", "yes", True), ("!=", "no", False), ("!=", None, False)],
)
@pytest.mark.parametrize("mode", ["global", "main_list"])
async def test_a_custom_field_unsubscribes(mode: Any, operator: Any, sent: str | None, leaves: bool) -> None:
    """Source: Custom field to unsubscribe subscribers; it must be part of the request."""
    rule = UnsubscribeRule("optin", operator, "no")
    sandbox = build(unsubscribe_rule=rule, unsubscribe_mode=mode, main_list_id=5)

    custom = {} if sent is None else {"optin": sent}
    await post(sandbox, [{"profile": {"organizationId": 482, "ref": "u1", "custom": custom}}])

    kept = find(sandbox, "u1")
    assert kept is not None
    left = kept["unsubscribedTimestamp"], kept["lists"][0]["unsubscribedTimestamp"]
    now = "2025-01-17T00:00:00Z" if leaves else None
    assert left == ((now, None) if mode == "global" else (None, now))


# --- events and messages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ({"id": 121_293_458}, 200),
        ({"email": "THOMAS_1@example.com"}, 200),
        ({"email": "unknown@example.com", "phone": "+61489701378"}, 200),
        ({"ref": "crm-000001"}, 200),
        ({"ref": "CRM-000001"}, 404),
        ({"id": 1}, 404),
        ({}, 400),
        ({"id": True}, 400),
        ("crm-000001", 400),
    ],
    ids=str,
)
async def test_targets_are_found(target: Any, code: int) -> None:
    """Source: vendors/facts.md, 2.2, target objects."""
    (status,) = await post(create_sandbox(), [{"event": {"target": target, "type": "p"}}])

    assert status["code"] == code


async def test_the_same_item_is_dropped_within_the_window() -> None:
    """Source: Request deduplication period (sec)."""
    sandbox = build(deduplication_s=60)
    item = {"event": {"target": {"ref": "crm-000001"}, "type": "p", "data": {"total": 1}}}

    await post(sandbox, [item])
    await post(sandbox, [item])
    sandbox.clock.advance(60)
    await post(sandbox, [item])

    assert len(sandbox.store.events) == 2


@pytest.mark.parametrize(
    ("options", "message", "code"),
    [
        ({}, {"activityId": 1209}, 200),
        ({}, {}, 400),
        ({"trigger_activity_id": 1209}, {}, 200),
        ({"trigger_activity_id": 1209}, {"activityId": 1209}, 200),
        ({"trigger_activity_id": 1209}, {"activityId": 7}, 400),
        ({"allow_messages": False}, {"activityId": 1209}, 403),
    ],
)
async def test_messages_are_sent_as_the_page_allows(options: dict[str, Any], message: Any, code: int) -> None:
    """Source: Allow messages to be sent; Trigger activity ID."""
    sandbox = build(**options)

    (status,) = await post(sandbox, [{"message": {"target": {"ref": "crm-000001"}, **message}}])

    assert status["code"] == code
    assert len(sandbox.store.messages) == (code == 200)


@pytest.mark.parametrize(("allowed", "code"), [(False, 403), (True, 200)])
async def test_unsubscribed_people_get_messages_only_if_allowed(allowed: bool, code: int) -> None:
    """Source: Allow messages to be sent to unsubscribed users."""
    sandbox = build(allow_unsubscribed_messages=allowed)
    left = next(row for row in sandbox.store.rows if row["unsubscribedTimestamp"])

    (status,) = await post(sandbox, [{"message": {"target": {"id": left["id"]}, "activityId": 1}}])

    assert status["code"] == code


async def test_events_have_a_switch() -> None:
    """A source's switch could not be tested against it."""
    (status,) = await post(build(allow_events=False), [{"event": {"target": {"ref": "crm-000001"}, "type": "p"}}])

    assert status["code"] == 403


# --- reads, anonymising, partitions: inferred -------------------------------------------------------------------------


async def test_a_profile_is_read_by_its_identity_or_id() -> None:
    """Nothing could be looked up."""
    sandbox = build(identify_by="phone")

    by_phone = await ask(sandbox, "GET", f"{PROD}/subscriber?phone=0489%20701%20378")
    by_id = await ask(sandbox, "GET", f"{PROD}/subscriber?id=121293458")

    assert by_phone.json() == by_id.json()
    assert by_phone.json()["ref"] == "crm-000001"


@pytest.mark.parametrize(
    ("query", "status"),
    [("ref=nobody", 404), ("email=thomas_1%40example.com", 400), ("", 400), ("ref=a&id=1", 400), ("id=x", 400)],
)
async def test_other_reads_are_refused(query: str, status: int) -> None:
    """A look-up by something else could seem to work."""
    reply = await ask(create_sandbox(), "GET", f"{PROD}/subscriber?{query}")

    assert (reply.status_code, reply.json()["code"]) == (status, status)


async def test_retrieval_has_a_switch() -> None:
    """A source's switch could not be tested against it."""
    reply = await ask(build(allow_retrieval=False), "GET", f"{PROD}/subscriber?ref=crm-000001")

    assert reply.status_code == 403


async def test_anonymizing_leaves_nobody() -> None:
    """Source: Allow anonymization; what remains is inferred."""
    sandbox = create_sandbox()

    assert (await ask(sandbox, "DELETE", f"{PROD}/subscriber?ref=crm-000001")).json() == OK
    row = sandbox.store.people[121_293_458].row
    assert {row["ref"], row["email"], row["lastname"]} == {None}
    assert (await ask(sandbox, "GET", f"{PROD}/subscriber?ref=crm-000001")).status_code == 404
    refused = await ask(build(allow_anonymization=False), "DELETE", f"{PROD}/subscriber?ref=crm-000001")
    assert refused.status_code == 403


async def test_partitions_are_read_and_written() -> None:
    """Source: Identify partitions by; Allow partition retrieval/creation/updates."""
    sandbox = create_sandbox()
    path = f"{PROD}/partition"

    statuses = await post(
        sandbox,
        [{"partition": {"ref": "perth", "name": "Perth"}}, {"partition": {"ref": "sydney", "name": "S"}}, {}],
        path,
    )

    assert [status["code"] for status in statuses] == [200, 200, 400]
    assert (await ask(sandbox, "GET", f"{path}?ref=perth")).json()["name"] == "Perth"
    assert (await ask(sandbox, "GET", f"{path}?id=72")).json()["name"] == "S"
    assert (await ask(sandbox, "GET", f"{path}?ref=nowhere")).status_code == 404


@pytest.mark.parametrize(
    ("options", "ref", "code"),
    [
        ({"allow_partition_creation": False}, "perth", 403),
        ({"allow_partition_updates": False}, "sydney", 403),
        ({"allow_partition_creation": False}, "sydney", 200),
    ],
)
async def test_partitions_have_switches(options: dict[str, Any], ref: str, code: int) -> None:
    """A source's switches could not be tested against it."""
    (status,) = await post(build(**options), [{"partition": {"ref": ref}}], f"{PROD}/partition")

    assert status["code"] == code


async def test_partition_retrieval_has_a_switch() -> None:
    """A source's switch could not be tested against it."""
    reply = await ask(build(allow_partition_retrieval=False), "GET", f"{PROD}/partition?ref=sydney")

    assert reply.status_code == 403


# --- its OpenAPI file, its people -------------------------------------------------------------------------------------


async def test_each_stage_offers_its_openapi_file() -> None:
    """Source: Details: a test and a production file."""
    sandbox = create_sandbox()

    prod = (await ask(sandbox, "GET", f"{PROD}/openapi.json", headers={})).json()
    test = (await ask(sandbox, "GET", f"{TEST}/openapi.json", headers={})).json()

    assert prod["servers"] == [{"url": PROD}]
    assert test["servers"] == [{"url": TEST}]
    assert set(prod["paths"]) == {"/subscriber", "/partition"}
    inferred = {
        operation["operationId"]
        for methods in prod["paths"].values()
        for operation in methods.values()
        if operation.get("x-inferred")
    }
    assert inferred == {"getSubscriber", "anonymizeSubscriber", "getPartition", "postPartition"}


def test_the_file_leaves_out_what_is_off() -> None:
    """A source without a switch would find operations that are refused."""
    off = {name: False for name in SandboxOptions.__slots__ if name.startswith("allow_")}

    document = build_document(SandboxOptions(**off), "abc123", "prod")  # type: ignore[arg-type]

    assert {path: list(methods) for path, methods in document["paths"].items()} == {"/subscriber": ["post"]}


def test_the_kept_file_is_what_the_embedded_endpoint_offers() -> None:
    """Write it anew with `print_document` when the document changes."""
    document = build_document(SandboxOptions(identify_by="email"), "abc123", "prod")

    assert OPENAPI_FILE.read_bytes() == print_document(document)


def test_people_are_the_same_on_every_run_and_overlap_with_other_vendors() -> None:
    """Nothing about a person across vendors could be shown, or repeated."""
    rows = list(create_sandbox().store.rows)
    by_ref = {row["ref"]: row for row in rows}

    assert rows == list(create_sandbox().store.rows)
    assert rows != list(create_sandbox(2).store.rows)
    assert len(rows) > 300
    known = [member for member in CAST if member.ref in by_ref]
    assert len(CAST) > len(known) > len(CAST) / 2
    written = {by_ref[member.ref]["email"] == member.email for member in known}
    assert written == {True, False}
    assert all(by_ref[member.ref]["email"].lower() == member.email for member in known)
    assert {"0467 675 436", "+61 434-874-628", "61486969572", "+61489701378"} <= {row["phone"] for row in rows}
    assert "thomas_1+news@example.com" in {row["email"] for row in rows}


def test_options_do_not_change_under_a_test() -> None:
    """A shared sandbox could be changed by one of its users."""
    with pytest.raises(AttributeError):
        SandboxOptions().webhook_mode = True  # type: ignore[misc]
    assert replace(SandboxOptions(), webhook_mode=True).webhook_mode
