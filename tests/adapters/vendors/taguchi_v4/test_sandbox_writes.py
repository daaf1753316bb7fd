"""The sandbox's writes: the document's examples, the requests recorded from real clients, and what is refused."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox
from tests.adapters.vendors.taguchi_v4.sandbox_client import AUTH, ROOT, USER_AUTH, client_of, put_in, send
from tests.adapters.vendors.taguchi_v4.test_sandbox import EXAMPLES

NOW = "2025-01-17T00:00:00"
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


# --- the document's examples ------------------------------------------------------------------------------------------

ASSIGNED = {
    "activity": {"approval_status"},
    "subscriber": {"user_class_id", "campaign_id", "import_id"},
    "list": {"timestamp"},
    "import": {"timestamp", "total", "invalid", "bounced", "global_new", "list_new"},
}


@pytest.mark.parametrize("resource", EXAMPLES)
async def test_document_example_can_be_made(client: httpx.AsyncClient, sandbox: Sandbox, resource: str) -> None:
    """The example's writable fields must arrive, and what the vendor assigns must not be taken from the body."""
    example = {**EXAMPLES[resource], "ref": "made-up", "id": 999_999, "organization_id": 77}
    if "revisions" in example:
        example["revisions"] = [
            {name: value for name, value in each.items() if name != "id"} for each in example["revisions"]
        ]

    made = await put_in(client, resource, example)

    assert made["id"] != 999_999
    assert made["organization_id"] == 1
    kept = sandbox.store.row(resource, made["id"])
    assert kept is not None
    unchecked = {"id", "organization_id", "lists", "revisions", *ASSIGNED.get(resource, ())}
    assert {name: kept[name] for name in example if name not in unchecked} == {
        name: value for name, value in example.items() if name not in unchecked
    }
    if resource == "list":
        assert made["timestamp"] == NOW
    if resource == "subscriber":
        assert [(each["list_id"], each["unsubscribed"], each["timestamp"]) for each in made["lists"]] == [
            (5, None, NOW),
            (6, "2010-04-12T00:00:00", NOW),
        ]


@pytest.mark.parametrize("resource", EXAMPLES)
async def test_whole_record_sent_back(client: httpx.AsyncClient, resource: str) -> None:
    """Wrappers send back all they got, read-only fields included, and change one."""
    made = await put_in(client, resource, {**PERSON, "ref": "mine"} if resource == "subscriber" else {"name": "One"})
    name = "lastname" if resource == "subscriber" else "name"

    reply = await send(client, "PUT", f"{resource}/{made['id']}", {**made, name: "Two", "xml_data": "", "x": [1]})

    assert reply.json() == [{**made, name: "Two"}]
    assert (await client.get(f"{ROOT}/{resource}/{made['id']}?{AUTH}")).json() == reply.json()


@pytest.mark.parametrize("body", [b'{"name":"One"}', b'[{"name":"One"}]'], ids=["object", "array"])
@pytest.mark.parametrize("tunnelled", [False, True])
async def test_verbs_and_tunnels(client: httpx.AsyncClient, body: bytes, tunnelled: bool) -> None:
    """The document has verbs, the wrappers tunnels; a record may stand alone or in an array."""
    verb = "GET" if tunnelled else "POST"
    tunnel = "&_method=POST" if tunnelled else ""

    made = await client.request(verb, f"{ROOT}/list?{AUTH}{tunnel}", content=body)

    assert made.json()[0]["name"] == "One"
    key = made.json()[0]["id"]
    changed = await client.put(f"{ROOT}/list/{key}/?{AUTH}", content=body.replace(b"One", b"Two"))
    assert changed.json()[0]["name"] == "Two"
    assert (await client.delete(f"{ROOT}/list/{key}?{AUTH}")).status_code == 204
    assert (await client.get(f"{ROOT}/list/{key}?{AUTH}")).status_code == 404


# --- requests recorded from real clients (facts, 1.8) -----------------------------------------------------------------


async def recorded(client: httpx.AsyncClient, path: str, body: str) -> httpx.Response:
    """Send a recorded request."""
    separator = "&" if "?" in path else "?"
    headers = {"content-type": "application/json", "accept": "application/json"}
    return await client.post(f"{ROOT}/{path}{separator}{USER_AUTH}", content=body, headers=headers)


async def test_recorded_update(client: httpx.AsyncClient) -> None:
    """PUT through POST, with the whole record in an array."""
    person = await put_in(client, "subscriber", PERSON)
    body = json.dumps([{**person, "firstname": "Ada"}])

    reply = await recorded(client, f"subscriber/{person['id']}?_method=PUT", body)

    assert reply.json() == [{**person, "firstname": "Ada"}]


async def test_recorded_upsert(client: httpx.AsyncClient) -> None:
    """CREATEORUPDATE with only the fields set: the others stay."""
    person = await put_in(client, "subscriber", {**PERSON, "ref": "crm-1", "firstname": "Ada"})

    reply = await recorded(client, "subscriber/?_method=CREATEORUPDATE", '[{"ref":"crm-1","lastname":"King"}]')

    assert reply.json() == [{**person, "lastname": "King"}]


async def test_recorded_create(client: httpx.AsyncClient) -> None:
    """A campaign made by its name alone."""
    reply = await recorded(client, "campaign/?_method=POST", '[{"name":"Spring"}]')

    assert (reply.status_code, reply.json()[0]["name"]) == (200, "Spring")


@pytest.fixture
async def mailing(client: httpx.AsyncClient) -> int:
    """An approved activity that can be sent."""
    revision = {"content": "<edition/>", "approval_status": "deployed"}
    made = await put_in(client, "activity", {"name": "Mailing", "revisions": [revision]})
    return int(made["id"])


async def test_recorded_trigger(client: httpx.AsyncClient, sandbox: Sandbox, mailing: int) -> None:
    """A test trigger for two people given as texts: one reachable, one not."""
    ada = await put_in(client, "subscriber", PERSON)
    gone = await put_in(client, "subscriber", {"email": "gone@example.org", "unsubscribed": True})
    body = {"id": str(mailing), "test": 1, "request_content": "<a/>", "conditions": [str(ada["id"]), str(gone["id"])]}

    reply = await recorded(client, f"activity/{mailing}?_method=TRIGGER", json.dumps([body]))

    assert reply.status_code == 204
    sent = sandbox.store.feed_rows("subscriber", ada["id"], "subject-feed")
    assert [(each["event_ref"], each["test"], each["activity_id"], each["timestamp"]) for each in sent] == [
        ("s", True, mailing, NOW)
    ]
    assert sandbox.store.feed_rows("subscriber", gone["id"], "subject-feed") == []


async def test_recorded_proof(client: httpx.AsyncClient, sandbox: Sandbox, mailing: int) -> None:
    """A proof to a list, its id a text, leaves its message in the audit log."""
    body = json.dumps([{"id": str(mailing), "list_id": "9", "tag": "[PROOF]", "message": "Please look"}])

    reply = await recorded(client, f"activity/{mailing}?_method=PROOF", body)

    assert reply.status_code == 204
    assert audits(sandbox, mailing) == [("aac", None), ("aap", "Please look")]


async def test_recorded_queue(client: httpx.AsyncClient, sandbox: Sandbox, mailing: int) -> None:
    """The .NET wrapper's keys are unknown to the document and must not hurt."""
    await send(client, "PUT", f"activity/{mailing}", {"date": "2025-02-01T09:00:00", "target_lists": "[1]"})

    reply = await recorded(client, f"activity/{mailing}?_method=QUEUE", '[{"throttle":30,"method":"queue"}]')

    assert reply.status_code == 204
    assert (sandbox.store.row("activity", mailing) or {})["status"] == "queued"


def audits(sandbox: Sandbox, activity: int) -> list[tuple[str, str | None]]:
    """What was done to an activity, with its texts."""
    events = sandbox.store.feed_rows("activity", activity, "object-feed")
    return [(event["event_ref"], event["data"]) for event in events]


# --- people -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "left", "joined_again"),
    [
        ({"list_id": 5}, None, True),
        ({"list_id": "5", "unsubscribed": None}, None, True),
        ({"list_id": 5, "unsubscribed": True}, NOW, False),
        ({"list_id": 5, "unsubscribed": "2024-02-01T00:00:00"}, "2024-02-01T00:00:00", False),
    ],
    ids=["bare", "null", "true", "time"],
)
async def test_memberships_are_merged(
    client: httpx.AsyncClient, sandbox: Sandbox, written: dict[str, Any], left: str | None, joined_again: bool
) -> None:
    """Others stay, none is removed, and a bare list_id puts somebody back who had left."""
    old = {"timestamp": "2020-01-01T00:00:00", "option": "weekly"}
    lists = [{"list_id": 5, "unsubscribed": "2023-01-01T00:00:00", **old}, {"list_id": 6, **old}]
    key = sandbox.store.insert("subscriber", {"ref": "x", "lists": lists})

    row = (await send(client, "PUT", f"subscriber/{key}", {"lists": [written]})).json()[0]

    assert [(each["list_id"], each["unsubscribed"], each["option"]) for each in row["lists"]] == [
        (5, left, "weekly"),
        (6, None, "weekly"),
    ]
    assert row["lists"][0]["timestamp"] == (NOW if joined_again else old["timestamp"])


async def test_bare_list_id_subscribes(client: httpx.AsyncClient) -> None:
    """What a wrapper sends to unsubscribe somebody who is on no list puts the person on it."""
    person = await put_in(client, "subscriber", {**PERSON, "lists": [{"list_id": 5}]})

    assert [(each["list_id"], each["unsubscribed"]) for each in person["lists"]] == [(5, None)]


async def test_custom_fields_are_merged(client: httpx.AsyncClient) -> None:
    """A field is set or emptied, and never removed."""
    fields = [{"field": "pets", "data": "2"}, {"field": "shoes", "data": 44}]
    person = await put_in(client, "subscriber", {**PERSON, "custom_fields": fields})

    reply = await send(client, "PUT", f"subscriber/{person['id']}", {"custom_fields": [{"field": "pets"}]})

    assert reply.json()[0]["custom_fields"] == [{"field": "pets", "data": None}, {"field": "shoes", "data": "44"}]


async def test_opting_out_and_in_again(client: httpx.AsyncClient) -> None:
    """Only the API can clear the flag, and it does."""
    person = await put_in(client, "subscriber", PERSON)

    left = await send(client, "PUT", f"subscriber/{person['id']}", {"unsubscribed": True})
    back = await send(client, "PUT", f"subscriber/{person['id']}", {"unsubscribed": None})

    assert [reply.json()[0]["unsubscribed"] for reply in (left, back)] == [NOW, None]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"ref": "a", "email": "b@example.org"}, "a"),
        ({"ref": "new", "email": "b@example.org"}, "b"),
        ({"email": "a@example.org"}, "a"),
        ({"email": "A@example.org"}, None),
    ],
    ids=["reference first", "then e-mail", "e-mail alone", "case tells apart"],
)
async def test_whom_an_upsert_finds(
    client: httpx.AsyncClient, sandbox: Sandbox, body: dict[str, Any], found: str | None
) -> None:
    """Matching is by reference, then by e-mail, and what matches nobody is made."""
    keys = {
        name: sandbox.store.insert("subscriber", {"ref": name, "email": f"{name}@example.org"}) for name in ("a", "b")
    }

    row = (await send(client, "CREATEORUPDATE", "subscriber/", body)).json()[0]

    assert row["id"] == (keys[found] if found else 3)
    assert len(sandbox.store.rows("subscriber")) == (2 if found else 3)


# --- revisions and approval -------------------------------------------------------------------------------------------


async def test_revisions_are_added(client: httpx.AsyncClient, sandbox: Sandbox) -> None:
    """A revision without an id is new, one with an id is the saved one; combinations come from the template."""
    content = '<xsl><fragment group="A" id="A1"/><fragment group="B" id="B1"/><fragment id="B2" group="B"/></xsl>'
    template = await put_in(client, "template", {"name": "T", "revisions": [{"content": content, "format": "<f/>"}]})
    template_revision = (sandbox.store.row("template", template["id"]) or {})["revisions"][0]["id"]
    first = {"content": "<one/>", "template_revision_id": template_revision}
    activity = await put_in(client, "activity", {"template_id": template["id"], "revisions": [first]})
    assert activity["revisions"] == []
    saved = (await client.get(f"{ROOT}/activity/{activity['id']}?{AUTH}&revisions=latest")).json()[0]["revisions"]

    reply = await send(
        client,
        "PUT",
        f"activity/{activity['id']}",
        {"revisions": [*saved, {"content": "<two/>", "approval_status": "approved"}]},
        "revisions=history",
    )

    one, two = reply.json()[0]["revisions"]
    assert [one] == saved
    assert [each["fragment_ids"] for each in one["combinations"]] == ["A1|B1", "A1|B2"]
    assert (two["content"], two["approval_status"], two["timestamp"]) == ("<two/>", "approved", NOW)
    assert len({one["id"], two["id"]}) == 2


@pytest.mark.parametrize("word", ["deployed", "approved"])
async def test_approval(word: Any) -> None:
    """APPROVE makes the newest revision one that may be sent; before, only tests may use it."""
    sandbox = create_sandbox(subscribers=0, events=0, options=SandboxOptions(approved_word=word))
    async with client_of(sandbox) as client:
        made = await put_in(client, "activity", {"name": "A", "revisions": [{"content": "<a/>"}]})
        path, person = f"activity/{made['id']}", await put_in(client, "subscriber", PERSON)
        body = {"conditions": [person["id"]]}

        assert (await send(client, "TRIGGER", path, body)).status_code == 400
        assert (await send(client, "TRIGGER", path, {**body, "test": 1})).status_code == 204
        assert (await send(client, "APPROVE", path, {"message": "ok"})).status_code == 204
        assert (await send(client, "TRIGGER", path, body)).status_code == 204
        shown = (await client.get(f"{ROOT}/{path}?{AUTH}&revisions=latest")).json()[0]

    assert (shown["approval_status"], shown["revisions"][0]["approval_status"]) == (word, word)
    assert audits(sandbox, made["id"]) == [("aac", None), ("aat", None), ("aaa", "ok"), ("aat", None)]


async def test_approving_needs_the_privilege() -> None:
    """A user without it cannot slip a revision through in the approved state."""
    sandbox = create_sandbox(subscribers=0, events=0, options=SandboxOptions(may_approve=False))
    async with client_of(sandbox) as client:
        revision = {"content": "<a/>", "approval_status": "approved"}
        assert (await send(client, "POST", "activity/", {"revisions": [revision]})).status_code == 403
        made = await put_in(client, "activity", {"revisions": [{"content": "<a/>"}]})
        assert (await send(client, "APPROVE", f"activity/{made['id']}")).status_code == 403


async def test_trigger_later(client: httpx.AsyncClient, sandbox: Sandbox, mailing: int) -> None:
    """A date to come schedules the message, a date gone by sends it."""
    person = await put_in(client, "subscriber", PERSON)
    for date in ("2025-02-01T00:00:00", "2025-01-01T00:00:00"):
        await send(client, "TRIGGER", f"activity/{mailing}", {"conditions": [person["id"]], "date": date})

    events = sandbox.store.feed_rows("subscriber", person["id"], "subject-feed")

    assert [(each["type"], each.get("next_timestamp")) for each in events] == [
        ("scheduled", "2025-02-01T00:00:00"),
        ("logged", None),
    ]


@pytest.mark.parametrize("conditions", ["s.state = 'VIC'", {"expression": "s.state = 'VIC'"}])
async def test_trigger_by_expression(
    client: httpx.AsyncClient, sandbox: Sandbox, mailing: int, conditions: Any
) -> None:
    """An expression is taken in both its forms."""
    reply = await send(client, "TRIGGER", f"activity/{mailing}", {"conditions": conditions})

    assert reply.status_code == 204
    assert audits(sandbox, mailing)[-1] == ("aat", None)


# --- lists and imports ------------------------------------------------------------------------------------------------


async def test_extract(client: httpx.AsyncClient) -> None:
    """Its parameters stand in the query, and are checked as those of a read."""
    assert (await send(client, "EXTRACT", "list/1", None, "notify=1", "query=state-eq-VIC")).status_code == 204
    assert (await send(client, "EXTRACT", "list/1", None, "query=nothing-eq-1")).status_code == 400
    assert (await send(client, "EXTRACT", "list/1", None, "notify=999999")).status_code == 400


MANIFEST = (
    '<manifest xmlns="http://taguchimail.com/manifest"><source href="https://files.example.com/a.tsv">'
    '<format type="delimited" field-separator="\\t" line-separator="\\n"/><fields><field name="email" select="@0"/>'
    '<field name="custom_pets" select="@1"/></fields><lists><list id="1"/></lists></source></manifest>'
)


@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_import_is_processed(client: httpx.AsyncClient, sandbox: Sandbox, verb: str) -> None:
    """People come from the file, onto the list; the import counts them and says when."""
    sandbox.store.files["https://files.example.com/a.tsv"] = "a@example.org\t2\nb@example.org\t0\na@example.org\t3\n"
    made = await put_in(client, "import", {"name": "I", "manifest": MANIFEST})

    reply = await client.request(verb, f"{ROOT}/import/{made['id']}?{AUTH}&_method=PROCESS")

    assert reply.status_code == 204
    row = sandbox.store.row("import", made["id"]) or {}
    assert (row["total"], row["global_new"], row["invalid"], row["timestamp"]) == (3, 2, 0, NOW)
    people = sandbox.store.rows("subscriber")
    assert [(each["email"], each["custom_fields"][0]["data"], each["lists"][0]["list_id"]) for each in people] == [
        ("a@example.org", "3", 1),
        ("b@example.org", "0", 1),
    ]
