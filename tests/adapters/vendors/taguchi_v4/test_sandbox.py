"""The sandbox against the document's examples, and what it refuses."""

import re
from collections.abc import AsyncIterator
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox
from tests.adapters.vendors.taguchi_v4.sandbox_client import AUTH, ROOT, USER_AUTH, client_of


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    """A small account shared by tests that only read."""
    return create_sandbox(subscribers=300, events=0)


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the shared account."""
    async with client_of(sandbox) as client:
        yield client


async def _rows(client: httpx.AsyncClient, resource: str, *parameters: str) -> list[dict[str, Any]]:
    reply = await client.get(f"{ROOT}/{resource}?{'&'.join((AUTH, *parameters))}")
    assert reply.status_code == 200, reply.text
    rows: list[dict[str, Any]] = reply.json()
    return rows


# --- the document's JSON examples -------------------------------------------------------------------------------------

EXAMPLES: dict[str, dict[str, Any]] = {
    "activity": {
        "status": None, "name": "Test Activity 1", "subtype": None, "data": None, "campaign_id": 1, "template_id": 1,
        "organization_id": 1, "target_lists": None, "target_views": None, "type": "broadcast", "date": None,
        "throttle": 0,
        "revisions": [
            {"content": "<edition><channel/></edition>", "combinations": [{"id": 1, "fragment_ids": "1|2|3"}], "id": 1,
             "template_revision_id": 2, "approval_status": None, "timestamp": "2010-04-10T03:44:10"},
            {"content": "<edition><channel2/></edition>", "combinations": [{"id": 2, "fragment_ids": "1|2|4"}], "id": 2,
             "template_revision_id": 2, "approval_status": "approved", "timestamp": "2010-04-10T03:44:20"},
        ],
        "ref": None, "id": 1, "approval_status": None,
    },
    "campaign": {
        "status": None, "name": "Test Campaign 1", "ref": "campaign-1", "organization_id": 1, "date": None,
        "success_event_ref": "s", "data": None, "id": 1,
    },
    "subscriber": {
        "import_id": None, "cluster_id": None, "firstname": "Example", "extra": None, "lastname": "Person",
        "address2": None, "address3": None, "campaign_id": None,
        "lists": [
            {"import_id": None, "option": None, "timestamp": "2010-04-11T00:00:00", "campaign_id": None,
             "unsubscribed": None, "list_id": 5},
            {"import_id": None, "option": None, "timestamp": "2010-04-11T00:00:00", "campaign_id": None,
             "unsubscribed": "2010-04-12T00:00:00", "list_id": 6},
        ],
        "organization_id": 1, "phone": "0400312312", "suburb": None, "postcode": "3000", "address": None, "data": None,
        "id": 2, "custom_fields": [{"field": "examplekey", "data": "val"}], "bounced": None, "title": "Mr",
        "dob": "1970-04-01", "user_class_id": 1, "state": None, "unsubscribed": None, "gender": "M", "country": "AU",
        "ref": None, "email": "person@example.org", "notifications": None,
    },
    "list": {
        "status": None, "organization_id": 1, "ref": "notifications.tm", "name": "Notifications - Taguchi Support",
        "timestamp": "2010-04-14T17:23:44", "data": None, "id": 3,
    },
    "import": {
        "status": None, "total": 0, "list_new": 0, "name": "Test Import 1", "timestamp": None, "invalid": 0,
        "manifest": '<manifest xmlns="dummy"><source/></manifest>', "organization_id": 1, "source": None,
        "global_new": 0, "bounced": 0, "ref": None, "id": 1,
    },
    "view": {
        "status": None, "organization_id": 1, "predicate": "s.state = 'VIC'", "name": "Example View", "ref": None,
        "id": 1,
    },
    "template": {
        "status": None, "name": "Test Template 1", "data": None, "organization_id": 1, "subtype": None,
        "type": "broadcast", "ref": None, "id": 1,
        "revisions": [
            {"content": "<abc></abc>", "id": 1, "format": "<def></def>", "timestamp": "2010-04-10T03:44:10"},
            {"content": "<abc></abc>", "id": 2, "format": "<def></def>", "timestamp": "2010-04-10T03:44:20"},
        ],
    },
}  # fmt: skip
BEYOND_THE_EXAMPLES = {
    "subscriber": {"mobile", "social_rating", "social_profile"},
    "import": {"params"},
    "list": {"type"},
}


@pytest.mark.parametrize("resource", EXAMPLES)
async def test_document_example_round_trip(resource: str) -> None:
    """A record with the example's values must be printed as the example, plus only the fields the prose adds."""
    sandbox = create_sandbox(subscribers=0, events=0)
    table = sandbox.store.tables[resource]
    table._rows.clear()  # the example brings its own id
    example = EXAMPLES[resource]
    sandbox.store.insert(resource, example)

    async with client_of(sandbox) as client:
        rows = await _rows(client, f"{resource}/{example['id']}", "revisions=history")

    extra = BEYOND_THE_EXAMPLES.get(resource, set())
    assert rows == [{**example, **dict.fromkeys(extra)}]


async def test_single_event_example(client: httpx.AsyncClient) -> None:
    """The document's event has a text key and exactly these values."""
    text = "Logged each time an email, SMS, fax, phone call, or DM is sent to a subscriber."

    assert await _rows(client, "event/s") == [{"priority": None, "ref": "s", "name": "Sent", "description": text}]


async def test_event_search_example(client: httpx.AsyncClient) -> None:
    """The document's LIKE search, with its raw percent sign, finds its twelve events."""
    found = await _rows(client, "event/", "query=ref-like-aa%", "limit=100")

    assert [row["ref"] for row in found] == [
        "aaa",
        "aac",
        "aad",
        "aae",
        "aal",
        "aao",
        "aap",
        "aaq",
        "aar",
        "aat",
        "aau",
        "aav",
    ]
    assert found[0] == {"ref": "aaa", "name": "Approved Activity", "description": "", "priority": 0}


async def test_every_resource_lists_and_reads(client: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """All eight resources answer both reads, with and without the slash, from the same rows."""
    for name, table in sandbox.store.tables.items():
        first = (await _rows(client, f"{name}/"))[0]
        key = first[table.resource.key]
        assert [first] == await _rows(client, name) == await _rows(client, f"{name}/{key}")
        assert [first] == await _rows(client, f"{name}/{key}/")
        assert set(first) == {*table.resource.positions, *table.resource.child_positions}


async def test_links_of_the_document(client: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """The document's XML links to members and to a campaign's activities use these fields: they must be queryable."""
    members = await _rows(client, "subscriber/", "query=list_id-eq-3", "limit=1000")
    activities = await _rows(client, "activity/", "query=campaign_id-eq-5", "limit=1000")
    by_template = await _rows(client, "activity/", "query=template_id-eq-1", "limit=1000")

    people = sandbox.store.rows("subscriber")
    assert [row["id"] for row in members] == [
        row["id"] for row in people if any(item["list_id"] == 3 for item in row["lists"])
    ]
    assert {item["unsubscribed"] is None for row in members for item in row["lists"] if item["list_id"] == 3} == {
        True,
        False,
    }
    assert {row["campaign_id"] for row in activities} == {5}
    assert {row["template_id"] for row in by_template} == {1}


async def test_reply_headers(client: httpx.AsyncClient) -> None:
    """Clients read the body by this type."""
    reply = await client.get(f"{ROOT}/list/?{AUTH}")

    assert reply.headers["content-type"] == "application/json; charset=UTF-8"


# --- requests recorded from real clients (facts, 1.8) -----------------------------------------------------------------
# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/api/1/subscriber/999999", 404),
        ("/admin/api/1/subscriber/abc", 404),
        ("/admin/api/1/subscriber/99999999999999999999", 404),
        ("/admin/api/1/subscriber/-1", 404),
        ("/admin/api/1/event/zzz", 404),
        ("/admin/api/1/list/17", 404),
        ("/admin/api/1/nothing/", 404),
        ("/admin/api/1/subscriber/1/2/3", 404),
        ("/admin/api/1/", 404),
        ("/admin/api/2/subscriber/", 404),
        ("/elsewhere", 404),
        ("/admin/api/1/subscriber/?limit=0", 400),
        ("/admin/api/1/subscriber/?query=%ff", 400),
        ("/admin/api/1/activity/5?revisions=newest", 400),
        ("/admin/api/1/template/5?revisions=deployed", 400),
        ("/admin/api/1/subscriber/1" + "0" * 5000, 404),
        ("/admin/api/1/subscriber/?limit=1" + "0" * 5000, 400),
        ("/admin/api/1/subscriber/1/history", 404),
        ("/admin/api/1/event-feed/", 404),
    ],
)
async def test_refused_reads(client: httpx.AsyncClient, path: str, status: int) -> None:
    """Each wrong read has the document's status, deleted records being unknown ones."""
    reply = await client.get(f"{path}{'&' if '?' in path else '?'}{AUTH}")

    assert reply.status_code == status


@pytest.mark.parametrize("accept", ["application/json", "application/xml", "text/html"])
@pytest.mark.parametrize("path", ["subscriber/1?auth=no", f"subscriber/0?{AUTH}", f"subscriber/?{AUTH}&query=x"])
async def test_refusals_are_xhtml(client: httpx.AsyncClient, path: str, accept: str) -> None:
    """The official client parses a refusal as XML and prints what follows the first line break of the body."""
    reply = await client.get(f"{ROOT}/{path}", headers={"accept": accept})

    line_break = ET.fromstring(reply.content).find(".//body/br")  # noqa: S314 - our own page
    assert line_break is not None
    assert re.match(r"\w", line_break.tail or "")
    assert "html" in reply.headers["content-type"]


async def test_refusal_repeats_hostile_text_safely(client: httpx.AsyncClient) -> None:
    """The page must stay well-formed whatever the request held."""
    reply = await client.get(f"{ROOT}/subscriber/?{AUTH}&query=%3Cb%3E%26%01-is-x&sort=%3C")

    assert reply.status_code == 400
    assert ET.fromstring(reply.content) is not None  # noqa: S314 - our own page


# --- methods and formats ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PATCH", "list/1", "GET, PUT, POST, DELETE, EXTRACT"),
        ("HEAD", "list/1", "GET, PUT, POST, DELETE, EXTRACT"),
        ("DELETE", "subscriber/1", "GET, PUT, POST, CREATEORUPDATE"),
        ("POST", "event/", "GET"),
        ("PUT", "event/s", "GET"),
        ("POST", "activity/5/object-feed", "GET"),
        ("POST", "stats/aggregate", "GET"),
    ],
)
async def test_methods_a_resource_does_not_support(
    client: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    """A write that no document knows must say so and never look done."""
    reply = await client.request(method, f"{ROOT}/{path}?{AUTH}")

    assert (reply.status_code, reply.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize("method", ["CREATEORUPDATE", "TRIGGER", "PROCESS", "get", ""])
async def test_tunnelled_method_wins(client: httpx.AsyncClient, method: str) -> None:
    """`_method` overrides the verb both ways; it is a method's name, in capitals."""
    assert (await client.get(f"{ROOT}/list/1?{AUTH}&_method={method}")).status_code == (405 if method else 200)
    assert (await client.delete(f"{ROOT}/list/1?{AUTH}&_method=GET")).status_code == 200


async def test_no_accept_header_means_json(sandbox: Sandbox) -> None:
    """A client that says nothing gets JSON."""
    async with client_of(sandbox) as client:
        del client.headers["accept"]
        reply = await client.get(f"{ROOT}/list/1?{AUTH}")

    assert reply.headers["content-type"].startswith("application/json")


# --- revisions --------------------------------------------------------------------------------------------------------


async def test_revisions(client: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """Each word selects its revisions, the key is always there, and no other record's revisions slip in."""
    for activity in sandbox.store.rows("activity")[:40]:
        history = activity["revisions"]
        expected = {
            None: [],
            "history": history,
            "latest": history[-1:],
            "approved": [item for item in history if item["approval_status"] == "approved"][-1:],
            "deployed": [item for item in history if item["approval_status"] == "deployed"][-1:],
        }
        for word, revisions in expected.items():
            parameters = () if word is None else (f"revisions={word}",)
            rows = await _rows(client, f"activity/{activity['id']}", *parameters)
            assert rows == [{**activity, "revisions": revisions}]


async def test_revisions_in_lists_and_elsewhere(client: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """Lists take the word too; resources without revisions ignore it."""
    templates = await _rows(client, "template/", "revisions=latest", "limit=100")

    assert [row["revisions"] for row in templates] == [row["revisions"][-1:] for row in sandbox.store.rows("template")]
    assert "revisions" not in (await _rows(client, "list/1", "revisions=latest"))[0]


# --- what the document leaves open ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("empty", "expected"), [("[]", (200, b"[]")), ("204", (204, b""))])
async def test_nothing_found(empty: Any, expected: tuple[int, bytes]) -> None:
    """Both readings of an empty find exist, since clients must live with both."""
    sandbox = create_sandbox(subscribers=0, events=0, options=SandboxOptions(empty=empty))
    async with client_of(sandbox) as client:
        listed = await client.get(f"{ROOT}/subscriber/?{AUTH}")
        single = await client.get(f"{ROOT}/subscriber/1?{AUTH}")

    assert (listed.status_code, listed.content) == expected
    assert single.status_code == 404


async def test_calls_are_logged_without_the_secret(sandbox: Sandbox) -> None:
    """Neither a token nor a password may stand in the log."""
    sandbox.calls.clear()
    async with client_of(sandbox) as client:
        await client.get(f"{ROOT}/list/1?{AUTH}")
        await client.get(f"{ROOT}/list/?{USER_AUTH}&limit=3")

    assert "token" not in repr(sandbox.calls.entries)
    assert "word" not in repr(sandbox.calls.entries)
    assert [(call.rows, call.status) for call in sandbox.calls.entries] == [(1, 200), (3, 200)]
