"""Events over the sandbox: feeds, their pages and filters, what leads on from an event, and what each costs."""

from typing import Any

import pytest

from adapters.contract import SandboxParts, Source
from adapters.errors import CapabilityError, IdError, NotFoundError
from adapters.vendors.taguchi_v4 import ADAPTER
from resolvers.ids import encode_id
from resolvers.principal import Principal, Scope
from tests.adapters.vendors.taguchi_v4.world import SOURCE as RETAIL
from tests.adapters.vendors.taguchi_v4.world import World, build_settings, build_world
from tests.graph.sandbox_asking import SOURCE, Asking, fetch_rows, open_source

Row = dict[str, Any]

CAMPAIGN_EVENTS = """
query ($by: CampaignBy!, $first: Int, $after: String, $filter: FeedEventFilter, $order: FeedEventOrder) {
  campaign(by: $by) { events(first: $first, after: $after, filter: $filter, orderBy: $order) {
    nodes { id kind vendorId eventRef occurredAt subscriberId parentId }
    pageInfo { hasNextPage endCursor } completeness { state }
  } }
}"""


@pytest.fixture
async def graph(parts: SandboxParts) -> Asking:
    return Asking({SOURCE: open_source(parts)})


def ask_world(world: World) -> Asking:
    """Open the graph over a sandbox of one's own."""
    source = Source(RETAIL, ADAPTER, ADAPTER.build_capability(build_settings()), world.adapter)
    return Asking({RETAIL: source})


def campaign_id(id_: object, source: str = SOURCE) -> dict[str, str]:
    """Name a campaign."""
    return {"id": encode_id(source, "campaign", (str(id_),))}


async def busiest(parts: SandboxParts, resource: str, *, skip: int = 0) -> tuple[int, list[Row]]:
    """Find the feed with most events among a few records of a kind."""
    rows = await fetch_rows(parts, resource, limit=20, sort="id", offset=str(skip))
    feeds = [(row["id"], await read_feed(parts, resource, row["id"])) for row in rows]
    return max(feeds, key=lambda feed: len(feed[1]))


async def read_feed(parts: SandboxParts, resource: str, id_: int, side: str = "subject") -> list[Row]:
    """Read a whole feed as the vendor sends it, and put it in the order of id and kind."""
    rows: list[Row] = []
    while page := await fetch_rows(parts, f"{resource}/{id_}/{side}-feed", offset=str(len(rows))):
        rows += page
    return sorted(rows, key=lambda row: (row["id"], row["type"]))


def keys(rows: list[Row]) -> list[tuple[str, str]]:
    """What the vendor's events are known by, as the graph says it."""
    return [(row["type"].upper(), str(row["id"])) for row in rows]


def found(nodes: list[Row]) -> list[tuple[str, str]]:
    """What the graph's events are known by."""
    return [(node["kind"], node["vendorId"]) for node in nodes]


async def test_pages_of_a_feed_are_the_whole_feed_one_call_each(graph: Asking, parts: SandboxParts) -> None:
    """An event lost between pages, or a second call a page, would show here; its ids collide and pass 2^53."""
    id_, rows = await busiest(parts, "campaign")
    pages: list[list[Row]] = []
    after, more = None, True
    while more:
        data = await graph.ask(CAMPAIGN_EVENTS, by=campaign_id(id_), first=100, after=after)
        page = data["campaign"]["events"]
        pages.append(page["nodes"])
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        assert len(graph.calls) == 2
        if len(pages) == 5:
            break

    nodes = [node for page in pages for node in page]
    assert found(nodes) == keys(rows)[: len(nodes)]
    assert len(nodes) > 100
    assert len({node["id"] for node in nodes}) == len(nodes)


async def test_filters_and_orders_are_the_vendors(graph: Asking, parts: SandboxParts) -> None:
    """What marketers ask most, the latest opens first, must be one narrow call."""
    id_, rows = await busiest(parts, "campaign")
    opens = [row for row in rows if row["event_ref"] == "o" and row["type"] == "logged" and not row["test"]]
    opens.sort(key=lambda row: (row["timestamp"], row["id"]), reverse=True)

    data = await graph.ask(
        CAMPAIGN_EVENTS,
        by=campaign_id(id_),
        first=20,
        filter={"eventRef": {"eq": "o"}, "kind": {"eq": "LOGGED"}, "test": {"eq": False}},
        order={"field": "OCCURRED_AT", "direction": "DESC"},
    )

    assert found(data["campaign"]["events"]["nodes"]) == keys(opens[:20])
    (call,) = [call for call in graph.calls if "subject-feed" in call.url]
    assert {"event_ref-eq-o", "type-eq-logged", "test-eq-false"} == set(call.pushed)


async def test_a_hundred_events_with_their_records_are_four_calls() -> None:
    """Bar: people, activities and campaigns of a hundred events are few calls more, not three hundred."""
    people = [{"id": number, "email": f"p{number}@example.com"} for number in range(1, 101)]
    mailings = [{"id": number, "campaign_id": 1 + number % 3} for number in range(1, 11)]
    world = build_world({"subscriber": people, "activity": mailings, "campaign": [{"id": n} for n in (1, 2, 3)]})
    for number in range(120):
        links = {"subscriber_id": 1 + number % 100, "activity_id": 1 + number % 10, "campaign_id": 1}
        world.sandbox.store.insert_event({"event_ref": "o", "timestamp": "2024-05-01T10:00:00", **links})
    graph = ask_world(world)

    data = await graph.ask(
        """query ($by: CampaignBy!) { campaign(by: $by) { events(first: 100) { nodes {
             subscriber { email } activity { vendorId } campaign { vendorId } } } } }""",
        by=campaign_id(1, RETAIL),
    )

    nodes = data["campaign"]["events"]["nodes"]
    assert [node["subscriber"]["email"] for node in nodes] == [row["email"] for row in people]
    assert [node["activity"]["vendorId"] for node in nodes] == [str(1 + place % 10) for place in range(100)]
    assert {node["campaign"]["vendorId"] for node in nodes} == {"1"}
    assert [call.purpose for call in graph.calls] == [
        "campaign",
        "campaign.events",
        "campaign.events.nodes.subscriber",
        "campaign.events.nodes.activity",
    ]


async def test_causes_and_consequences_are_found_in_the_persons_feed(graph: Asking, parts: SandboxParts) -> None:
    """Broken, nobody could tell which message a click came from, or the graph would ask once for each event."""
    id_, rows = await busiest(parts, "subscriber", skip=100)  # the first ones are users
    logged = {row["id"]: row for row in rows if row["type"] == "logged"}

    data = await graph.ask(
        """query ($id: ID!) { node(id: $id) { ... on Subscriber { events(first: 100, filter: {kind: {eq: LOGGED}}) {
             nodes { kind vendorId parentId parent { kind vendorId eventRef }
                     children(first: 100) { nodes { kind vendorId } pageInfo { hasNextPage } } } } } } }""",
        id=encode_id(SOURCE, "subscriber", (str(id_),)),
    )

    nodes = data["node"]["events"]["nodes"]
    assert {node["vendorId"] for node in nodes} == {str(key) for key in logged}
    for node in nodes:
        row = logged[int(node["vendorId"])]
        cause = logged.get(row["parent_id"])
        caused = [each for each in rows if each["parent_id"] == row["id"]]
        assert node["parent"] == (
            cause and {"kind": "LOGGED", "vendorId": str(cause["id"]), "eventRef": cause["event_ref"]}
        )
        assert found(node["children"]["nodes"]) == keys(caused)
    assert any(node["parent"] for node in nodes)
    assert len(graph.calls) == 4


async def test_an_event_is_found_again_by_its_id(graph: Asking, parts: SandboxParts) -> None:
    """Two events of one number must keep two ids, and each lead back to itself in one call."""
    id_, rows = await busiest(parts, "campaign")
    data = await graph.ask(CAMPAIGN_EVENTS, by=campaign_id(id_), first=100)
    twins = data["campaign"]["events"]["nodes"]

    again = await graph.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on FeedEvent { id kind vendorId } } }",
        ids=[node["id"] for node in twins],
    )

    assert again["nodes"] == [{name: node[name] for name in ("id", "kind", "vendorId")} for node in twins]
    one = await graph.ask("query ($id: ID!) { node(id: $id) { id } }", id=twins[0]["id"])
    assert one["node"] == {"id": twins[0]["id"]}
    assert len(graph.calls) == 1
    assert f"subject-feed?query=id-eq-{rows[0]['id']}&query=type-eq-{rows[0]['type']}&" in graph.calls[0].url


@pytest.mark.parametrize(
    ("root", "resource"),
    [
        ("subscribers", "subscriber"),
        ("lists", "list"),
        ("campaigns", "campaign"),
        ("activities", "activity"),
        ("templates", "template"),
        ("imports", "import"),
        ("views", "view"),
    ],
)
async def test_every_audit_log_is_the_vendors_object_feed(
    graph: Asking, parts: SandboxParts, root: str, resource: str
) -> None:
    """A record's history read from another kind's feed would accuse the wrong user."""
    data = await graph.ask(
        f"{{ {root}(first: 5) {{ nodes {{ vendorId auditLog(first: 100) {{ nodes {{ kind vendorId }} }} }} }} }}"
    )

    nodes = data[root]["nodes"]
    for node in nodes:
        rows = await read_feed(parts, resource, int(node["vendorId"]), "object")
        assert found(node["auditLog"]["nodes"]) == keys(rows[:100])
    assert len(graph.calls) == 1 + len(nodes)


async def test_personal_parts_of_events_need_the_scope(parts: SandboxParts) -> None:
    """An address or a free text shown, or guessed by filtering, without `pii` would be a leak."""
    graph = Asking({SOURCE: open_source(parts)}, Principal("analyst", frozenset({Scope.READ})))
    query = """query ($filter: FeedEventFilter) { subscribers(first: 30) { nodes { events(first: 50, filter: $filter) {
      nodes { data link { vendorId url } customFields { key value } } } } } }"""

    data = await graph.ask(query, filter={"eventRef": {"in": ["o", "c", "p", "f"]}})
    refused = [await graph.run(query, filter={name: {"contains": "1"}}) for name in ("data", "linkUrl")]

    events = [event for node in data["subscribers"]["nodes"] for event in node["events"]["nodes"]]
    assert {field["value"] for event in events for field in event["customFields"]} <= {None, "***"}
    assert any(field["value"] for event in events for field in event["customFields"])
    assert {event["data"] for event in events} == {None, "***"}
    links = [event["link"] for event in events if event["link"]]
    assert {link["url"] for link in links} == {"***"}
    assert len({link["vendorId"] for link in links}) > 1
    codes = [{getattr(error.original_error, "code", None) for error in each.errors or ()} for each in refused]
    assert codes == [{"FORBIDDEN"}] * 2


async def test_an_event_without_a_person_says_why_it_has_no_cause() -> None:
    """Null alone would say that nothing caused the event."""
    world = build_world({"campaign": [{"id": 1}]})
    world.sandbox.store.insert_event({"type": "scheduled", "event_ref": "s", "campaign_id": 1, "parent_id": 3})
    graph = ask_world(world)

    result = await graph.run(
        """query ($by: CampaignBy!) { campaign(by: $by) { events {
             nodes { subscriber { id } parent { id } children { nodes { id } } } } } }""",
        by=campaign_id(1, RETAIL),
    )

    assert result.data == {"campaign": {"events": {"nodes": [{"subscriber": None, "parent": None, "children": None}]}}}
    assert [getattr(error.original_error, "reason", None) for error in result.errors or ()] == [
        "EVENT_WITHOUT_SUBSCRIBER",
        "EVENT_NOT_LOGGED",
    ]


@pytest.mark.parametrize(
    ("path", "error"),
    [
        (("list", "1", "subject", "logged", "5"), CapabilityError),
        (("feed_event", "1", "object", "logged", "5"), CapabilityError),
        (("planet", "1", "subject", "logged", "5"), IdError),
        (("subscriber", "1", "both", "logged", "5"), IdError),
        (("subscriber", "1", "subject", "maybe", "5"), IdError),
    ],
)
async def test_ids_of_no_feed_are_refused_without_a_call(
    graph: Asking, path: tuple[str, ...], error: type[Exception]
) -> None:
    """An id made by hand must not reach an address that does not exist."""
    result = await graph.run("query ($id: ID!) { node(id: $id) { id } }", id=encode_id(SOURCE, "feed_event", path))

    assert [type(each.original_error) for each in result.errors or ()] == [error]
    assert graph.calls == []


@pytest.mark.parametrize("token", ["x", "007", "9" * 40])
@pytest.mark.parametrize("holder", ["1", "99999999", "../list", "x"])
async def test_ids_of_no_event_are_null(graph: Asking, holder: str, token: str) -> None:
    """An event or a record that is gone is no failure of the vendor's."""
    id_ = encode_id(SOURCE, "feed_event", ("subscriber", holder, "subject", "logged", token))

    data = await graph.ask("query ($id: ID!) { node(id: $id) { id } }", id=id_)

    assert data == {"node": None}
    assert NotFoundError.code not in {call.error for call in graph.calls}
