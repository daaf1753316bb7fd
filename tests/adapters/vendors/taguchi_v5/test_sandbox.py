"""The sandbox against the documents: recorded requests, statuses for each item, options, credentials."""

import base64
import hashlib
import hmac
from dataclasses import replace
from typing import Any

import orjson
import pytest

from adapters.sandbox.cast import CAST
from adapters.vendors.taguchi_v5.sandbox import (
    OPENAPI_FILE,
    SandboxOptions,
    create_sandbox,
)
from adapters.vendors.taguchi_v5.sandbox.document import build_document, print_document
from tests.adapters.vendors.taguchi_v5.sandbox_asking import (
    NO_IDENTITY,
    OK,
    PROD,
    TEST,
    TOKEN,
    U1,
    ask,
    build,
    find,
    post,
)

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
