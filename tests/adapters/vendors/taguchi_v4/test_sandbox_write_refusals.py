"""What the sandbox refuses to write, and what a write leaves behind in the log."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox
from tests.adapters.vendors.taguchi_v4.sandbox_client import AUTH, ROOT, client_of, put_in, send

PERSON = {"email": "ada@example.org", "lists": [], "custom_fields": []}


@pytest.fixture
def sandbox() -> Sandbox:
    """An account of the test's own."""
    return create_sandbox(subscribers=0, events=0)


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the account."""
    async with client_of(sandbox) as client:
        yield client


REFUSED = [
    ("POST", "list/1", {"name": "x"}, 400),
    ("PUT", "list/", {"name": "x"}, 400),
    ("DELETE", "list/", None, 400),
    ("CREATEORUPDATE", "subscriber/1", {"email": "x@example.org"}, 400),
    ("PUT", "list/999999", {"name": "x"}, 404),
    ("DELETE", "list/17", None, 404),
    ("PUT", "list/abc", {"name": "x"}, 404),
    ("COMMENT", "activity/999999", {"message": "x"}, 404),
    ("DELETE", "subscriber/1", None, 405),
    ("PROOF", "campaign/1", {}, 405),
    ("POST", "event/", {"ref": "x"}, 405),
    ("PUT", "list/1", None, 400),
    ("PUT", "list/1", [{"name": "a"}, {"name": "b"}], 400),
    ("PUT", "list/1", [], 400),
    ("PUT", "list/1", ["a"], 400),
    ("PUT", "list/1", {"name": ["a"]}, 400),
    ("PUT", "list/1", {"name": True}, 400),
    ("PUT", "list/1", {"name": "a\u0000"}, 400),
    ("POST", "campaign/", {"date": "soon"}, 400),
    ("POST", "activity/", {"throttle": "fast"}, 400),
    ("POST", "activity/", {"campaign_id": 999999}, 400),
    ("POST", "activity/", {"revisions": [{"id": 999999}]}, 400),
    ("POST", "activity/", {"revisions": [{"approval_status": "maybe"}]}, 400),
    ("POST", "subscriber/", {"custom_fields": None}, 400),
    ("POST", "subscriber/", {"custom_fields": [{"data": "x"}]}, 400),
    ("POST", "subscriber/", {"lists": [{"list_id": 999999}]}, 400),
    ("POST", "subscriber/", {"lists": [{"unsubscribed": None}]}, 400),
    ("POST", "subscriber/", {"dob": "31/12/1999"}, 400),
    ("POST", "list/", {"ref": "notifications.tm"}, 400),
    ("COMMENT", "activity/5", {}, 400),
    ("PROOF", "activity/5", {}, 400),
    ("PROOF", "activity/5", {"list_id": 999999}, 400),
    ("PROOF", "activity/5", {"list_id": 1, "protocol": "fax"}, 400),
    ("PROOF", "activity/5", {"list_id": 1, "protocol": "sms", "format": "mime"}, 400),
    ("PROOF", "activity/5", {"list_id": 1, "revision_id": 999999}, 400),
    ("APPROVAL", "activity/5", {}, 400),
    ("TRIGGER", "activity/5", {"test": 1}, 400),
    ("TRIGGER", "activity/5", {"test": 2, "conditions": [1]}, 400),
    ("TRIGGER", "activity/5", {"test": 1, "conditions": ["x"]}, 400),
    ("TRIGGER", "activity/5", {"test": 1, "conditions": [1], "date": "soon"}, 400),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: " ".join(map(str, case))[:60])
async def test_refused_writes(client: httpx.AsyncClient, sandbox: Sandbox, case: tuple[str, str, Any, int]) -> None:
    """What is refused has the document's status and has changed nothing."""
    method, path, body, status = case
    before = snapshot(sandbox)

    reply = await send(client, method, path, body)

    assert reply.status_code == status
    assert snapshot(sandbox) == before


def snapshot(sandbox: Sandbox) -> tuple[Any, ...]:
    """Everything the sandbox holds."""
    rows = {name: list(sandbox.store.every_row(name)) for name in sandbox.store.tables if name != "event"}
    return rows, list(sandbox.store.event_rows())


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(b"{", "application/json"), (b"[{\xff}]", "application/json"), (b"<list/>", "application/xml")],
)
async def test_unreadable_bodies(client: httpx.AsyncClient, content: bytes, media_type: str) -> None:
    """A body that cannot be read is 400, never half a record."""
    reply = await client.post(f"{ROOT}/list/?{AUTH}", content=content, headers={"content-type": media_type})

    assert reply.status_code == 400


async def test_references_are_unique(client: httpx.AsyncClient) -> None:
    """A reference belongs to one record for good; an e-mail address to one person among those without reference."""
    made = await put_in(client, "campaign", {"ref": "mine"})
    await send(client, "DELETE", f"campaign/{made['id']}")
    assert (await send(client, "POST", "campaign/", {"ref": "mine"})).status_code == 400

    person = await put_in(client, "subscriber", PERSON)
    assert (await send(client, "POST", "subscriber/", PERSON)).status_code == 400
    assert (await send(client, "POST", "subscriber/", {**PERSON, "ref": "x"})).status_code == 200
    assert (await send(client, "POST", "subscriber/", {**PERSON, "ref": "x"})).status_code == 400
    assert (await send(client, "PUT", f"subscriber/{person['id']}", {"email": PERSON["email"]})).status_code == 200


@pytest.mark.parametrize(("silent", "expected"), [("204", (204, b"")), ("[]", (200, b"[]"))])
async def test_what_says_nothing(silent: Any, expected: tuple[int, bytes]) -> None:
    """All readings of a reply the document leaves out exist, since clients must live with each."""
    sandbox = create_sandbox(subscribers=0, events=0, options=SandboxOptions(silent=silent))
    async with client_of(sandbox) as client:
        commented = await send(client, "COMMENT", "activity/5", {"message": "x"})
        deleted = await send(client, "DELETE", "activity/5")

    assert [(reply.status_code, reply.content) for reply in (commented, deleted)] == [expected, expected]


async def test_commands_may_answer_with_the_record() -> None:
    """The third reading."""
    sandbox = create_sandbox(subscribers=0, events=0, options=SandboxOptions(silent="record"))
    async with client_of(sandbox) as client:
        commented = await send(client, "COMMENT", "activity/5", {"message": "x"})

    assert commented.json()[0]["id"] == 5


async def test_writes_are_logged_with_their_bodies(client: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """Whoever counts writes reads this log; the secret is not in it."""
    await send(client, "POST", "list/", {"name": "One"})

    (call,) = sandbox.calls.entries
    assert (call.method, call.path, call.body) == ("POST", f"{ROOT}/list/", '[{"name": "One"}]')
    assert "token" not in repr(call)


async def test_two_sandboxes_share_nothing(client: httpx.AsyncClient) -> None:
    """A test that writes must leave the next one alone."""
    other = create_sandbox(subscribers=0, events=0)
    before = snapshot(other)

    await send(client, "DELETE", "list/1")
    await send(client, "COMMENT", "activity/5", {"message": "x"})

    assert snapshot(other) == before
