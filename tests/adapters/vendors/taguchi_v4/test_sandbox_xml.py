"""The sandbox's XML against the document's own examples, and with whatever else records may hold."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox, create_sandbox

EXAMPLES = Path(__file__).parent / "sandbox_examples"
NAMESPACE = "{http://taguchimail.com/api}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
BROWSER = "application/xml,application/xhtml+xml,text/html;q=0.9,text/plain;q=0.8,image/png,*/*;q=0.5"

Node = tuple[str, dict[str, str], str, list[Any]]


@pytest.fixture(scope="module")
def idle() -> Sandbox:
    """An account for tests that only read."""
    return create_sandbox(subscribers=0, events=0)


async def reply_to(sandbox: Sandbox, path: str, accept: str = "application/xml") -> httpx.Response:
    """The reply to a read."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="https://edm2.example") as client:
        joint = "&" if "?" in path else "?"
        return await client.get(f"/admin/api/1/{path}{joint}auth=sandbox-token", headers={"accept": accept})


def tree_of(text: bytes | str) -> Node:
    """A document as data, indentation aside."""
    return _node(ET.fromstring(text))  # noqa: S314 - our own


def _node(element: ET.Element) -> Node:
    assert not (element.tail or "").strip()
    return element.tag, dict(element.attrib), (element.text or "").strip(), [_node(child) for child in element]


def holding(resource: str, record: Mapping[str, Any]) -> Sandbox:
    """An account whose only record of a resource is this."""
    sandbox = create_sandbox(subscribers=0, events=0)
    table = sandbox.store.tables[resource]
    sandbox.store.tables[resource] = type(table)(table.resource)
    sandbox.store.insert(resource, record)
    return sandbox


AT = "2010-04-10T03:44:10"
LATER = "2010-04-10T03:44:20"
RECORDS: dict[str, dict[str, Any]] = {
    "activity": {
        "id": 1, "name": "Test Activity 1", "type": "broadcast", "throttle": 0, "campaign_id": 1, "template_id": 1,
        "revisions": [
            {"id": 1, "template_revision_id": 2, "content": "<edition><channel/></edition>", "timestamp": AT,
             "combinations": [{"id": 1, "fragment_ids": "1|2|3"}]},
            {"id": 2, "template_revision_id": 2, "content": "<edition><channel2/></edition>", "timestamp": LATER,
             "approval_status": "approved", "combinations": [{"id": 2, "fragment_ids": "1|2|4"}]},
        ],
    },
    "campaign": {"id": 1, "ref": "campaign-1", "name": "Test Campaign 1", "success_event_ref": "s"},
    "subscriber": {
        "id": 3, "title": "Ms", "firstname": "Example", "lastname": "Person", "phone": "0400312312",
        "address": "1 Collins St", "suburb": "Melbourne", "state": "VIC", "country": "AU", "postcode": "3000",
        "gender": "F", "email": "person@example.org", "unsubscribed": "2010-04-02T00:00:00", "user_class_id": 1,
        "lists": [
            {"list_id": 1, "timestamp": "2010-04-13T04:49:56"},
            {"list_id": 2, "timestamp": "2010-04-13T04:49:56", "unsubscribed": "2010-04-13T04:49:59"},
        ],
        "custom_fields": [{"field": "examplekey", "data": "value"}],
    },
    "list": {
        "id": 3, "ref": "notifications.tm", "name": "Notifications - Taguchi Support",
        "timestamp": "2010-04-14T17:23:44",
    },
    "import": {
        "id": 1, "name": "Test Import 1", "manifest": '<manifest xmlns="dummy"><source/></manifest>', "total": 0,
        "invalid": 0, "bounced": 0, "global_new": 0, "list_new": 0,
    },
    "view": {"id": 1, "name": "Example View", "predicate": "s.state = 'VIC'"},
    "template": {
        "id": 1, "name": "Test Template 1", "type": "broadcast",
        "revisions": [
            {"id": 1, "content": "<abc></abc>", "format": "<def></def>", "timestamp": AT},
            {"id": 2, "content": "<abc></abc>", "format": "<def></def>", "timestamp": LATER},
        ],
    },
    "event": {
        "ref": "s", "name": "Sent",
        "description": "Logged each time an email, SMS, fax, phone call, or DM is sent to a subscriber.",
    },
}  # fmt: skip


@pytest.mark.parametrize("resource", RECORDS)
async def test_document_example(resource: str) -> None:
    """A record with the example's values must be printed as the example."""
    record = RECORDS[resource]
    path = f"{resource}/{record.get('id', record.get('ref'))}?revisions=history"

    reply = await reply_to(holding(resource, record), path)

    assert reply.headers["content-type"] == "application/xml; charset=UTF-8"
    assert tree_of(reply.content) == tree_of((EXAMPLES / f"{resource}.xml").read_text())


async def test_document_search_example() -> None:
    """The document's second example request, as the browser it was made with sends it."""
    sandbox = create_sandbox(subscribers=0, events=0)

    reply = await reply_to(sandbox, "event/?query=ref-like-aa%&limit=100", BROWSER)

    assert tree_of(reply.content) == tree_of((EXAMPLES / "events.xml").read_text())


FIELDS_OF_OWN: dict[str, dict[str, Any]] = {
    "subscriber": {"mobile": "0400", "social_rating": 7, "social_profile": "{}"},
    "import": {"source": "Fair", "params": "1"},
    "list": {"type": "proof"},
}


@pytest.mark.parametrize("resource", FIELDS_OF_OWN)
async def test_what_no_example_shows(resource: str) -> None:
    """Fields the JSON has and the XML examples lack come last, so nothing is lost."""
    reply = await reply_to(holding(resource, {**RECORDS[resource], **FIELDS_OF_OWN[resource]}), f"{resource}/")

    record = ET.fromstring(reply.content)[0]  # noqa: S314 - our own
    last = list(record)[-len(FIELDS_OF_OWN[resource]) :]
    assert {part.tag.removeprefix(NAMESPACE).replace("-", "_"): part.text for part in last} == {
        name: str(value) for name, value in FIELDS_OF_OWN[resource].items()
    }


# --- documents within documents ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        "", "plain", "<a>", "<a/><b/>", "<p:a/>", "a < b & c", "<!DOCTYPE a><a/>",
        '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        "<a>&unknown;</a>", "<a/> and more", "<a xsi:nil='true'/>",
    ],
)  # fmt: skip
async def test_content_that_is_no_document(content: str) -> None:
    """What cannot stand inside another document is escaped: the reply must stay well-formed and lose nothing."""
    revisions = [{"id": 1, "content": content, "timestamp": AT}]
    sandbox = holding("activity", {"id": 1, "revisions": revisions})

    reply = await reply_to(sandbox, "activity/1?revisions=latest")

    printed = ET.fromstring(reply.content).find(f".//{NAMESPACE}content")  # noqa: S314 - our own
    assert printed is not None
    assert (printed.text or "", len(printed)) == (content, 0)


@pytest.mark.parametrize("head", ["", '<?xml version="1.0" encoding="latin-1"?>\n', '\n<?xml version="1.1"?>'])
async def test_content_that_is_a_document(head: str) -> None:
    """A document keeps its own namespace and loses the declaration no element may hold."""
    revisions = [{"id": 1, "content": f'{head}<n:a xmlns:n="urn:n" k="1&lt;2">é<b/></n:a>', "timestamp": AT}]
    sandbox = holding("activity", {"id": 1, "revisions": revisions})

    reply = await reply_to(sandbox, "activity/1?revisions=latest")

    printed = ET.fromstring(reply.content).find(f".//{NAMESPACE}content")  # noqa: S314 - our own
    assert printed is not None
    assert _node(printed[0]) == ("{urn:n}a", {"k": "1<2"}, "é", [(f"{NAMESPACE}b", {}, "", [])])


async def test_null_content() -> None:
    """Null is null, not an empty document."""
    sandbox = holding("import", {"id": 1, "manifest": None})

    reply = await reply_to(sandbox, "import/1")

    manifest = ET.fromstring(reply.content).find(f".//{NAMESPACE}manifest")  # noqa: S314 - our own
    assert manifest is not None
    assert manifest.attrib == {NIL: "true"}


async def test_every_seeded_record_is_well_formed() -> None:
    """The account's nasty texts must survive in XML as they are, those XML has no character for aside."""
    sandbox = create_sandbox(subscribers=500, events=0)
    texts = {}
    for name in sandbox.store.tables:
        root = ET.fromstring((await reply_to(sandbox, f"{name}/?limit=1000&revisions=history")).content)  # noqa: S314
        assert len(root) == len(sandbox.store.rows(name))
        texts[name] = [part.text or "" for part in root.iter(f"{NAMESPACE}firstname") if NIL not in part.attrib]

    assert texts["subscriber"] == [
        row["firstname"] for row in sandbox.store.rows("subscriber") if row["firstname"] is not None
    ]


async def test_characters_xml_has_not() -> None:
    """A control character in a record must not break the document."""
    reply = await reply_to(holding("list", {"id": 1, "name": "a\x01b\x1f\ufffe", "ref": 'q"\t\n<'}), "list/1")

    record = ET.fromstring(reply.content)[0]  # noqa: S314 - our own
    assert record[0].text == "a\ufffdb\ufffd\ufffd"
    assert record.attrib["ref"] == 'q"\t\n<'


# --- feeds ------------------------------------------------------------------------------------------------------------


async def test_document_feed_example() -> None:
    """Both kinds of event, as the document prints them."""
    sandbox = create_sandbox(subscribers=2, events=0)
    for event in FEED_EXAMPLE:
        sandbox.store.insert_event(event)

    reply = await reply_to(sandbox, "subscriber/1/subject-feed?limit=10")

    assert tree_of(reply.content) == tree_of((EXAMPLES / "event-feed.xml").read_text())


COMMON = {"test": True, "subscriber_id": 1, "activity_id": 5, "revision_id": 4, "configuration_id": 8, "campaign_id": 2}
FEED_EXAMPLE: list[dict[str, Any]] = [
    {
        **COMMON, "type": "logged", "id": 123, "processed": True, "parent_id": 15, "event_ref": "c",
        "trackurl_id": 345, "trackurl_index": 5, "trackurl_destination": "http://www.example.org/",
        "timestamp": "2010-04-10T04:33:10", "data": "1234",
        "custom_fields": [{"field": "ip", "data": "192.168.1.1"}],
    },
    {
        **COMMON, "type": "scheduled", "id": 1, "parent_id": 123, "event_ref": "s", "data": "1", "oneshot": True,
        "next_timestamp": "2010-04-10T05:33:10", "start_timestamp": "2010-04-10T04:33:10",
        "custom_fields": [{"field": "reason", "data": "opt-in"}],
    },
]  # fmt: skip


async def test_events_with_nothing_in_them() -> None:
    """Nulls of a feed are null elements, references among them."""
    sandbox = create_sandbox(subscribers=2, events=0)
    sandbox.store.insert_event({"event_ref": "n", "timestamp": AT, "subscriber_id": 1})

    reply = await reply_to(sandbox, "subscriber/1/subject-feed")

    event = ET.fromstring(reply.content)[0]  # noqa: S314 - our own
    null = {part.tag.removeprefix(NAMESPACE) for part in event if part.attrib.get(NIL) == "true"}
    assert null == {"parent", "activity", "campaign", "trackurl", "data"}
    assert event.attrib == {"id": "9100000000000001", "processed": "false", "test": "false"}


async def test_faults_of_rows_reach_xml() -> None:
    """Rows dropped, bent or repeated must be so in XML too, and never break the sandbox."""
    sandbox = create_sandbox(subscribers=3, events=0)
    kinds = [
        {"kind": "missing_field", "field": "lists"},
        {"kind": "retyped_field", "field": "custom_fields", "value": 5},
        {"kind": "duplicate_rows"},
    ]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="https://edm2.example") as client:
        await client.post("/_sandbox/faults", json=kinds)

    reply = await reply_to(sandbox, "subscriber/?limit=3")

    assert len(ET.fromstring(reply.content)) == 4  # noqa: S314 - our own


# --- which format -----------------------------------------------------------------------------------------------------

JSON, XML = "application/json", "application/xml"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("application/json", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json, application/xml", JSON),
        ("application/json;q=0.9, application/xml;q=0.8", JSON),
        ("application/json;q=0.2, application/xml", XML),
        ("application/json;q=0, */*", XML),
        ("application/xml", XML),
        (BROWSER, XML),
        ("text/csv", None),
        ("application/json;q=x", None),
        ("application/json;q=0", None),
    ],
)
@pytest.mark.parametrize("path", ["list/1", "list/", "list/1/object-feed", "stats/aggregate"])
async def test_accept(idle: Sandbox, path: str, accept: str, chosen: str | None) -> None:
    """The preferred format the reply exists in; statistics have no XML form. `_accept` replaces the header."""
    if path.startswith("stats"):
        chosen = {XML: JSON if "*/*;q=0.5" in accept or "q=0.2" in accept else None}.get(chosen or "", chosen)
    escaped = httpx.QueryParams({"_accept": accept, "_content_type": accept})

    for reply in (await reply_to(idle, path, accept), await reply_to(idle, f"{path}?{escaped}", "text/csv")):
        assert reply.status_code == (406 if chosen is None else 200)
        if chosen is not None:
            assert reply.headers["content-type"] == f"{chosen}; charset=UTF-8"
