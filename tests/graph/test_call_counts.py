"""
What operations cost: the very calls the vendor received, and that they brought the right answer.

The calls come from the sandbox's own log and must be those of the plan. Expected rows are read from the vendor itself,
past everything of ours.
"""

import json
import time
from typing import Any

import pytest

from tests.graph.conftest import Graph
from tests.graph.vendor_side import Row, ask, node_id, read_rows

SUBSCRIBERS = "subscriber by id, 101"
PEOPLE = "vendorId campaign { name } memberships { list { name } }"


def ids_of(page: Any) -> list[int]:
    """The vendor's ids on a page."""
    return [int(node["vendorId"]) for node in page["nodes"]]


def window(resource: str, ids: set[int]) -> str:
    """The one call that reads near ids."""
    low, high = min(ids), max(ids)
    return f"{resource} where id-gte-{low} & id-lte-{high} by id, {high - low + 1}"


def campaign_ids(rows: list[Row]) -> set[int]:
    return {row["campaign_id"] for row in rows if row["campaign_id"] is not None}


def list_ids(rows: list[Row]) -> set[int]:
    return {entry["list_id"] for row in rows for entry in row["lists"]}


def names(rows: list[Row]) -> dict[int, str]:
    return {row["id"]: row["name"] for row in rows}


async def expected_people(graph: Graph, rows: list[Row]) -> list[Row]:
    """What `PEOPLE` selects, put together from the vendor's rows."""
    campaigns, lists = names(await read_rows(graph, "campaign")), names(await read_rows(graph, "list"))
    named: dict[int | None, Row | None] = {key: {"name": name} for key, name in campaigns.items()}
    return [
        {
            "vendorId": str(row["id"]),
            "campaign": named.get(row["campaign_id"]),
            "memberships": [
                {"list": {"name": lists[entry["list_id"]]} if entry["list_id"] in lists else None}
                for entry in row["lists"]
            ],
        }
        for row in rows
    ]


# pages


async def test_a_page_of_100_is_one_call(graph: Graph) -> None:
    """Every further call would be paid by every page of every client."""
    rows = await read_rows(graph, "subscriber", limit=100)

    data = await ask(graph, "{ subscribers(first: 100) { nodes { vendorId email } } }", SUBSCRIBERS)

    assert data["subscribers"]["nodes"] == [{"vendorId": str(row["id"]), "email": row["email"]} for row in rows]


async def test_a_page_with_campaigns_and_lists_is_three_calls(graph: Graph) -> None:
    """The N+1 problem: a hundred people lead to dozens of campaigns and lists."""
    rows = await read_rows(graph, "subscriber", limit=100)
    people = await expected_people(graph, rows)

    data = await ask(
        graph,
        f"{{ subscribers(first: 100) {{ nodes {{ {PEOPLE} }} }} }}",
        SUBSCRIBERS,
        window("campaign", campaign_ids(rows)),
        window("list", list_ids(rows)),
    )

    assert data["subscribers"]["nodes"] == people


async def test_a_relation_reached_in_two_ways_is_loaded_once(graph: Graph) -> None:
    """A subscriber's campaign and its memberships' campaigns are the same sixty records."""
    rows = await read_rows(graph, "subscriber", limit=100)
    through_lists = {entry["campaign_id"] for row in rows for entry in row["lists"]} - {None}

    data = await ask(
        graph,
        "{ subscribers(first: 100) { nodes { campaign { vendorId } memberships { campaign { vendorId } } } } }",
        SUBSCRIBERS,
        window("campaign", campaign_ids(rows) | through_lists),
    )

    there = set(names(await read_rows(graph, "campaign")))
    assert [(node["campaign"] or {}).get("vendorId") for node in data["subscribers"]["nodes"]] == [
        str(row["campaign_id"]) if row["campaign_id"] in there else None for row in rows
    ]


async def test_aliases_of_relations_cost_nothing(graph: Graph) -> None:
    """Two components of one page that both want the campaign must not read it twice."""
    rows = await read_rows(graph, "subscriber", limit=100)
    below = "a: campaign { name } b: campaign { vendorId } memberships { c: list { name } d: list { vendorId } }"

    data = await ask(
        graph,
        f"{{ subscribers(first: 100) {{ nodes {{ {below} }} }} }}",
        SUBSCRIBERS,
        window("campaign", campaign_ids(rows)),
        window("list", list_ids(rows)),
    )

    found = names(await read_rows(graph, "campaign"))
    for node, row in zip(data["subscribers"]["nodes"], rows, strict=True):
        known = row["campaign_id"] in found
        assert node["a"] == ({"name": found[row["campaign_id"]]} if known else None)
        assert node["b"] == ({"vendorId": str(row["campaign_id"])} if known else None)


async def test_the_same_connection_under_several_names_is_one_call(graph: Graph) -> None:
    """Gateways and components rename fields; the page is the same."""
    ask_page = 'subscribers(first: 10, filter: {state: {eq: "VIC"}})'

    data = await ask(
        graph,
        f"{{ a: {ask_page} {{ nodes {{ vendorId }} }} b: {ask_page} {{ nodes {{ email }} }} "
        f"c: {ask_page} {{ pageInfo {{ hasNextPage }} }} }}",
        "subscriber where state-eq-VIC by id, 11",
    )

    assert (len(data["a"]["nodes"]), len(data["b"]["nodes"]), data["c"]["pageInfo"]) == (10, 10, {"hasNextPage": True})


async def test_other_arguments_are_another_page(graph: Graph) -> None:
    """Sharing more than equal questions would answer one with the other's rows."""
    data = await ask(
        graph,
        "{ a: subscribers(first: 2) { nodes { vendorId } } b: subscribers(first: 3) { nodes { vendorId } } }",
        "subscriber by id, 3",
        "subscriber by id, 4",
    )

    assert (ids_of(data["a"]), ids_of(data["b"])) == ([1, 2], [1, 2, 3])


async def test_the_second_page_is_one_call_after_the_first(graph: Graph) -> None:
    """Keyset: nothing before the cursor is read again."""
    query = "query($c: String) { subscribers(first: 100, after: $c) { nodes { vendorId } pageInfo { endCursor } } }"
    rows = await read_rows(graph, "subscriber", limit=200)

    first = await ask(graph, query, SUBSCRIBERS)
    cursor = first["subscribers"]["pageInfo"]["endCursor"]
    second = await ask(graph, query, f"subscriber where id-gt-{rows[99]['id']} by id, 101", c=cursor)

    assert ids_of(first["subscribers"]) + ids_of(second["subscribers"]) == [row["id"] for row in rows]


async def test_the_last_page_is_one_call_too(graph: Graph) -> None:
    """Read backwards, not through everything before it."""
    data = await ask(
        graph,
        "{ subscribers(last: 5) { nodes { vendorId } pageInfo { hasPreviousPage } } }",
        "subscriber by id desc, 6",
    )

    await_rows = await read_rows(graph, "subscriber", "id-gt-5100")
    assert ids_of(data["subscribers"]) == [row["id"] for row in await_rows][-5:]
    assert data["subscribers"]["pageInfo"] == {"hasPreviousPage": True}


async def test_a_page_that_holds_everything_is_one_call(graph: Graph) -> None:
    """No call only to learn that nothing follows."""
    rows = await read_rows(graph, "campaign")

    data = await ask(
        graph,
        "{ campaigns(first: 60) { nodes { vendorId } pageInfo { hasNextPage } totalCount } }",
        "campaign by id, 61",
    )

    assert ids_of(data["campaigns"]) == [row["id"] for row in rows]
    assert (data["campaigns"]["pageInfo"], data["campaigns"]["totalCount"]) == ({"hasNextPage": False}, None)


# relations below many parents


async def test_members_of_lists_are_one_call_a_list_side_by_side(graph: Graph) -> None:
    """The vendor takes one `list_id` in a call; one after the other they would add up."""
    (vendor,) = graph.vendors
    expected = {
        number: [row["id"] for row in await read_rows(graph, "subscriber", f"list_id-eq-{number}", limit=3)]
        for number in range(1, 7)
    }
    await vendor.post("/_sandbox/faults", json={"kind": "delay", "seconds": 0.2, "match": "list_id-eq"})
    try:
        started = time.monotonic()
        data = await ask(
            graph,
            "{ lists(first: 6) { nodes { vendorId members(first: 3) { nodes { vendorId } } } } }",
            "list by id, 7",
            *(f"subscriber where list_id-eq-{number} by id, 4" for number in range(1, 7)),
        )
        spent_s = time.monotonic() - started
    finally:
        await vendor.delete("/_sandbox/faults")

    assert {int(node["vendorId"]): ids_of(node["members"]) for node in data["lists"]["nodes"]} == expected
    assert spent_s < 6 * 0.2


async def test_subscribers_of_campaigns_share_one_call(graph: Graph) -> None:
    """A page of campaigns with the people each brought: a window over all of them, not one call each."""
    rows = await read_rows(graph, "subscriber", "campaign_id-gte-1", "campaign_id-lte-5", limit=300)

    data = await ask(
        graph,
        "{ campaigns(first: 5) { nodes { vendorId subscribers(first: 3) { nodes { vendorId } } } } }",
        "campaign by id, 6",
        "subscriber where campaign_id-gte-1 & campaign_id-lte-5 by id, 40",
    )

    for node in data["campaigns"]["nodes"]:
        brought = [row["id"] for row in rows if row["campaign_id"] == int(node["vendorId"])]
        assert ids_of(node["subscribers"]) == brought[:3]


async def test_only_parents_that_stay_short_are_read_again(graph: Graph) -> None:
    """Shares of a window are never even, and a reply may be cut: whoever has enough must not be read for again."""
    (vendor,) = graph.vendors
    rows = await read_rows(graph, "subscriber", "campaign_id-gte-1", "campaign_id-lte-5", limit=300)
    brought = {number: [row["id"] for row in rows if row["campaign_id"] == number] for number in range(1, 6)}
    last = rows[19]["id"]
    short = {number: 4 - len(ids) for number, ids in _up_to(brought, last).items() if len(ids) < 4}
    assert 1 <= len(short) <= 2

    await vendor.post("/_sandbox/faults", json={"kind": "clamp", "count": 20, "match": "campaign_id-gte"})
    try:
        data = await ask(
            graph,
            "{ campaigns(first: 5) { nodes { vendorId subscribers(first: 3) { nodes { vendorId } } } } }",
            "campaign by id, 6",
            "subscriber where campaign_id-gte-1 & campaign_id-lte-5 by id, 40",
            *(
                f"subscriber where campaign_id-eq-{number} & id-gt-{last} by id, {missing}"
                for number, missing in short.items()
            ),
        )
    finally:
        await vendor.delete("/_sandbox/faults")

    for node in data["campaigns"]["nodes"]:
        assert ids_of(node["subscribers"]) == brought[int(node["vendorId"])][:3]


def _up_to(brought: dict[int, list[int]], last: int) -> dict[int, list[int]]:
    return {number: [each for each in ids if each <= last] for number, ids in brought.items()}


async def test_the_same_children_under_several_names_cost_nothing(graph: Graph) -> None:
    """Members are a call a list; a second name for them must not double that."""
    data = await ask(
        graph,
        "{ lists(first: 3) { nodes { a: members(first: 2) { nodes { vendorId } } "
        "b: members(first: 2) { nodes { vendorId email } } } } }",
        "list by id, 4",
        *(f"subscriber where list_id-eq-{number} by id, 3" for number in (1, 2, 3)),
    )

    assert all(ids_of(node["a"]) == ids_of(node["b"]) and node["a"]["nodes"] for node in data["lists"]["nodes"])


async def test_what_a_page_brought_is_not_read_again(graph: Graph) -> None:
    """The campaigns of the page are the parents' own: going back up costs nothing."""
    data = await ask(
        graph,
        "{ campaigns(first: 5) { nodes { vendorId subscribers(first: 3) { nodes { campaign { vendorId } } } } } }",
        "campaign by id, 6",
        "subscriber where campaign_id-gte-1 & campaign_id-lte-5 by id, 40",
    )

    for node in data["campaigns"]["nodes"]:
        assert {child["campaign"]["vendorId"] for child in node["subscribers"]["nodes"]} == {node["vendorId"]}


# single records


KINDS = {"subscriber": 60, "list": 16, "campaign": 22}


async def read_keys(graph: Graph) -> dict[str, list[int]]:
    return {kind: [row["id"] for row in await read_rows(graph, kind, limit=limit)] for kind, limit in KINDS.items()}


async def test_a_hundred_nodes_of_three_types_are_three_calls(graph: Graph) -> None:
    """One window a type, whatever the order of the ids, twice the same id included."""
    keys = await read_keys(graph)
    wanted = [node_id(kind, each) for kind, ids in keys.items() for each in ids] + [node_id("list", 1)] * 2
    mixed = wanted[::3] + wanted[1::3] + wanted[2::3]

    data = await ask(
        graph,
        f"{{ nodes(ids: {json.dumps(mixed)}) {{ id }} }}",
        *(window(kind, set(ids)) for kind, ids in keys.items()),
    )

    assert len(mixed) == 100
    assert [node["id"] for node in data["nodes"]] == mixed


TYPES = {"subscriber": "Subscriber", "list": "SubscriberList", "campaign": "Campaign"}


async def test_a_hundred_entities_cost_what_nodes_cost(graph: Graph) -> None:
    """A gateway's references must not be read one by one."""
    keys = await read_keys(graph)
    wanted = [
        {"__typename": TYPES[kind], "sourceId": "sandbox", "vendorId": str(each)}
        for kind, ids in keys.items()
        for each in ids
    ]
    wanted = [*wanted, *wanted[:2]]

    data = await ask(
        graph,
        "query($r: [_Any!]!) { _entities(representations: $r) { __typename "
        "... on Subscriber { vendorId } ... on SubscriberList { vendorId } ... on Campaign { vendorId } } }",
        *(window(kind, set(ids)) for kind, ids in keys.items()),
        r=wanted,
    )

    assert len(wanted) == 100
    assert data["_entities"] == [{"__typename": each["__typename"], "vendorId": each["vendorId"]} for each in wanted]


async def test_entities_lead_on_like_any_record(graph: Graph) -> None:
    """Below a reference the same loaders work."""
    rows = await read_rows(graph, "subscriber", limit=40)
    people = await expected_people(graph, rows)
    wanted = [{"__typename": "Subscriber", "sourceId": "sandbox", "vendorId": str(row["id"])} for row in rows]

    data = await ask(
        graph,
        f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Subscriber {{ {PEOPLE} }} }} }}",
        window("subscriber", {row["id"] for row in rows}),
        window("campaign", campaign_ids(rows)),
        window("list", list_ids(rows)),
        r=wanted,
    )

    assert data["_entities"] == people


async def test_sparse_ids_are_never_more_than_a_call_each(graph: Graph) -> None:
    """Windows over thousands of unwanted rows would cost more than the calls they save."""
    wanted = [12, 1_500, 3_000, 4_812]

    data = await ask(
        graph,
        f"{{ nodes(ids: {json.dumps([node_id('subscriber', each) for each in wanted])}) {{ id }} }}",
        *(f"subscriber {each}" for each in wanted),
    )

    assert [node["id"] for node in data["nodes"]] == [node_id("subscriber", each) for each in wanted]


async def test_clusters_of_ids_are_a_call_each(graph: Graph) -> None:
    """Near ids share a window, a lonely one is a single read."""
    wanted = [1, 2, 5, 3_000, 3_003, 4_812]

    data = await ask(
        graph,
        f"{{ nodes(ids: {json.dumps([node_id('subscriber', each) for each in wanted])}) {{ id }} }}",
        "subscriber where id-gte-1 & id-lte-5 by id, 5",
        "subscriber where id-gte-3000 & id-lte-3003 by id, 4",
        "subscriber 4812",
    )

    assert [node["id"] for node in data["nodes"]] == [node_id("subscriber", each) for each in wanted]


async def test_a_missing_record_is_null_in_the_same_call(graph: Graph) -> None:
    """Subscriber 41 does not exist; finding that out costs nothing of its own."""
    wanted = [40, 41, 42]

    data = await ask(
        graph,
        f"{{ nodes(ids: {json.dumps([node_id('subscriber', each) for each in wanted])}) {{ id }} }}",
        "subscriber where id-gte-40 & id-lte-42 by id, 3",
    )

    assert [node is None for node in data["nodes"]] == [False, True, False]


async def test_one_record_under_several_names_is_one_call(graph: Graph) -> None:
    """`node`, `nodes` and the look-up by id go through one loader."""
    wanted = node_id("subscriber", 7)

    data = await ask(
        graph,
        f'{{ a: node(id: "{wanted}") {{ id }} b: node(id: "{wanted}") {{ id }} nodes(ids: ["{wanted}"]) {{ id }} '
        f'subscriber(by: {{id: "{wanted}"}}) {{ vendorId }} }}',
        "subscriber 7",
    )

    assert (data["a"], data["b"], data["nodes"]) == ({"id": wanted}, {"id": wanted}, [{"id": wanted}])
    assert data["subscriber"] == {"vendorId": "7"}


LOOKUPS = {
    "id": (f'subscriber(by: {{id: "{node_id("subscriber", 1)}"}})', "subscriber 1"),
    "reference": ('subscriber(by: {ref: "crm-000001"})', "subscriber where ref-eq-crm-000001 by id, 1000"),
    "a list's reference": ('list(by: {ref: "notifications.tm"})', "list where ref-eq-notifications.tm by id, 1000"),
    "a campaign's reference": ('campaign(by: {ref: "campaign-1"})', "campaign where ref-eq-campaign-1 by id, 1000"),
    "email": (
        'subscriber(by: {email: "Thomas_1@example.com"})',
        "subscriber where email-eq-Thomas_1@example.com by id, 1000",
    ),
}


@pytest.mark.parametrize(("field", "line"), LOOKUPS.values(), ids=LOOKUPS)
async def test_a_look_up_is_one_call(graph: Graph, field: str, line: str) -> None:
    """Once a source has shown that it gives more than one row, a single row is known to be all there is."""
    await graph.run("{ lists(first: 2) { nodes { id } } }")

    data = await ask(graph, f"{{ found: {field} {{ vendorId }} }}", line)

    assert data["found"] == {"vendorId": "1"}


async def test_many_look_ups_are_one_call(graph: Graph) -> None:
    """A form that checks twelve addresses asks the vendor once."""
    rows = await read_rows(graph, "subscriber", "email-nt-null", "email-re-^[a-z.0-9]*@example.org$", limit=12)
    emails = [row["email"] for row in rows] + ["nobody@example.org"]
    fields = " ".join(
        f"p{place}: subscriber(by: {{email: {json.dumps(email)}}}) {{ vendorId }}" for place, email in enumerate(emails)
    )
    pattern = "|".join(email.replace(".", "\\.") for email in emails)

    data = await ask(graph, f"{{ {fields} }}", f"subscriber where email-re-^(?:{pattern})$ by id, 1000")

    assert [data[f"p{place}"] for place in range(13)] == [*({"vendorId": str(row["id"])} for row in rows), None]


async def test_a_look_up_leads_on(graph: Graph) -> None:
    """One person, the campaign, three others it brought and back: the way back is known already."""
    (row,) = await read_rows(graph, "subscriber", "ref-eq-crm-000001")
    number = row["campaign_id"]
    await graph.run("{ lists(first: 2) { nodes { id } } }")

    data = await ask(
        graph,
        '{ subscriber(by: {ref: "crm-000001"}) { campaign { vendorId '
        "subscribers(first: 3) { nodes { campaign { vendorId } } } } } }",
        "subscriber where ref-eq-crm-000001 by id, 1000",
        f"campaign {number}",
        f"subscriber where campaign_id-eq-{number} by id, 4",
    )

    campaign = data["subscriber"]["campaign"]
    assert campaign["vendorId"] == str(number)
    assert [child["campaign"] for child in campaign["subscribers"]["nodes"]] == [{"vendorId": str(number)}] * 3


# filters and orders


FREE = {
    "nothing can match": "subscribers(filter: {or: []})",
    "an empty list": "subscribers(filter: {email: {in: []}})",
    "the complement of everything": "subscribers(filter: {not: {}})",
    "impossible branches": 'subscribers(filter: {or: [{email: {in: []}}, {and: [{or: []}, {ref: {eq: "a"}}]}]})',
    "nothing can match below": "campaigns(filter: {not: {}})",
}


@pytest.mark.parametrize("field", FREE.values(), ids=FREE)
async def test_what_can_match_nothing_costs_nothing(graph: Graph, field: str) -> None:
    """The answer is known before anybody is asked."""
    data = await ask(graph, f"{{ page: {field} {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}")

    assert data["page"] == {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}


LOCAL = {
    "a type name": "{ __typename }",
    "introspection": "{ __schema { types { name fields { name type { name } } } } }",
    "sources": "{ sources { id vendor capabilities { field operator } } }",
    "the subgraph's schema": "{ _service { sdl } }",
    "a field left out": "{ __typename subscribers(first: 100) @skip(if: true) { nodes { id } } }",
}


@pytest.mark.parametrize("query", LOCAL.values(), ids=LOCAL)
async def test_what_is_known_here_costs_nothing(graph: Graph, query: str) -> None:
    """Tools ask these all day."""
    assert await ask(graph, query)


FILTERS: dict[str, tuple[str, list[str], Any]] = {
    "a comparison": ('{state: {eq: "VIC"}}', ["state-eq-VIC"], lambda row: row["state"] == "VIC"),
    "two comparisons": (
        '{state: {eq: "VIC"}, email: {endsWith: ".org"}}',
        ["email-like-%.org & state-eq-VIC"],
        lambda row: row["state"] == "VIC" and (row["email"] or "").endswith(".org"),
    ),
    "a list of texts": (
        '{state: {in: ["VIC", "NSW"]}}',
        ["state-re-^(?:VIC|NSW)$"],
        lambda row: row["state"] in {"VIC", "NSW"},
    ),
    "either of two fields": (
        '{or: [{state: {eq: "VIC"}}, {firstName: {eq: "Zoe"}}]}',
        ["state-eq-VIC", "firstname-eq-Zoe"],
        lambda row: row["state"] == "VIC" or row["firstname"] == "Zoe",
    ),
    "anything but a value": (
        '{state: {neq: "VIC"}}',
        ["state-neq-VIC", "state-is-null"],
        lambda row: row["state"] != "VIC",
    ),
    "dense ids": ("{vendorId: {in: [3, 4, 5, 6]}}", ["id-gte-3 & id-lte-6"], lambda row: row["id"] in {3, 4, 5, 6}),
    "members of a list": (
        '{memberships: {listId: {eq: "3"}}}',
        ["list_id-eq-3"],
        lambda row: 3 in {entry["list_id"] for entry in row["lists"]},
    ),
}


@pytest.mark.parametrize(("filter_", "branches", "keep"), FILTERS.values(), ids=FILTERS)
async def test_a_filter_is_one_call_a_branch(graph: Graph, filter_: str, branches: list[str], keep: Any) -> None:
    """The vendor has no OR: each branch is a call, and nothing else is."""
    rows = [row for row in await read_rows(graph, "subscriber") if keep(row)]

    data = await ask(
        graph,
        f"{{ subscribers(first: 10, filter: {filter_}) {{ nodes {{ vendorId }} }} }}",
        *(f"subscriber where {branch} by id, 11" for branch in branches),
    )

    assert ids_of(data["subscribers"]) == [row["id"] for row in rows][:10]


async def test_an_inexact_answer_is_checked_and_continued(graph: Graph) -> None:
    """The vendor finds members whatever their state; who has left is dropped here, and the page filled up."""
    rows = await read_rows(graph, "subscriber", "list_id-eq-3")
    active = [
        row["id"]
        for row in rows
        if any(entry["list_id"] == 3 and entry["unsubscribed"] is None for entry in row["lists"])
    ]
    first_eleven = rows[10]["id"]

    data = await ask(
        graph,
        '{ list(by: {ref: "none"}) { id } subscribers(first: 10, filter: {memberships: {listId: {eq: 3}, '
        "state: {eq: ACTIVE}}}) { nodes { vendorId } } }",
        "list where ref-eq-none by id, 1000",
        "subscriber where list_id-eq-3 by id, 11",
        f"subscriber where list_id-eq-3 & id-gt-{first_eleven} by id, 50",
    )

    assert ids_of(data["subscribers"]) == active[:10]


async def test_a_scan_ends_with_its_budget_and_goes_on_from_the_cursor(graph: Graph) -> None:
    """A filter nobody passes must not read the whole account in one request, nor start again in the next."""
    query = """query($c: String) {
      subscribers(first: 5, after: $c, filter: {customField: {key: "no", value: {eq: "1"}}})
      { nodes { id } pageInfo { hasNextPage endCursor } completeness { state scannedRows } } }"""
    rows = await read_rows(graph, "subscriber") + await read_rows(graph, "subscriber", "id-gt-1025")
    sizes = [6, 50, 100, 200, 400, 800, 444]
    ends = [0, *(rows[sum(sizes[: place + 1]) - 1]["id"] for place in range(len(sizes)))]

    page = (
        await ask(
            graph,
            query,
            f"subscriber by id, {sizes[0]}",
            *(f"subscriber where id-gt-{end} by id, {size}" for end, size in zip(ends[1:], sizes[1:], strict=False)),
        )
    )["subscribers"]
    await graph.forget_calls()
    await graph.run(query, c=page["pageInfo"]["endCursor"])
    first_call = (await graph.calls())[0]

    assert page["nodes"] == []
    assert page["pageInfo"]["hasNextPage"]
    assert page["completeness"] == [{"state": "TRUNCATED", "scannedRows": 2_000}]
    assert ["query", f"id-gt-{ends[-1]}"] in first_call["query"]


async def test_an_order_by_a_unique_text_is_one_call_a_page(graph: Graph) -> None:
    """The vendor orders by its own collation; each page goes on from the last value."""
    query = """query($c: String) {
      subscribers(first: 10, after: $c, filter: {ref: {isNull: false}}, orderBy: {field: REF})
      { nodes { ref } pageInfo { endCursor } } }"""
    rows = await read_rows(graph, "subscriber", "ref-nt-null", limit=30, sort="ref")
    refs: list[str] = []
    cursor, lines = None, ["subscriber where ref-nt-null by ref, 12"]
    for _ in range(3):
        page = (await ask(graph, query, *lines, c=cursor))["subscribers"]
        refs += [node["ref"] for node in page["nodes"]]
        cursor, lines = page["pageInfo"]["endCursor"], [f"subscriber where ref-nt-null & ref-gte-{refs[-1]} by ref, 13"]

    assert refs == [row["ref"] for row in rows]


async def test_ties_are_two_calls_once_and_one_from_then_on(graph: Graph) -> None:
    """Hundreds share a state: their own order is that of their ids, which the vendor does not promise."""
    query = """query($c: String) { subscribers(first: 10, after: $c, filter: {state: {in: ["VIC", "NSW"]}},
      orderBy: {field: STATE}) { nodes { vendorId } pageInfo { endCursor } } }"""
    rows = await read_rows(graph, "subscriber", "state-eq-NSW", limit=20)
    both = "state-re-^(?:VIC|NSW)$"

    first = (
        await ask(
            graph,
            query,
            f"subscriber where {both} by state, 12",
            f"subscriber where {both} & state-eq-NSW by id, 11",
        )
    )["subscribers"]
    second = (
        await ask(
            graph,
            query,
            f"subscriber where {both} & state-eq-NSW & id-gt-{rows[9]['id']} by id, 11",
            c=first["pageInfo"]["endCursor"],
        )
    )["subscribers"]

    assert ids_of(first) + ids_of(second) == [row["id"] for row in rows]


async def test_an_order_by_text_over_branches_is_one_line(graph: Graph) -> None:
    """Lines ordered by a collation nobody knows cannot be merged: the common part is read and checked."""
    rows = await read_rows(graph, "subscriber", "ref-nt-null", sort="ref")
    wanted = [row["ref"] for row in rows if row["state"] == "VIC" or row["firstname"] == "Zoe"][:2]
    body = await graph.run(
        """{ subscribers(first: 2, filter: {ref: {isNull: false}, or: [{state: {eq: "VIC"}}, {firstName: {eq: "Zoe"}}]},
        orderBy: {field: REF}) { nodes { ref } } }"""
    )

    assert [node["ref"] for node in body["data"]["subscribers"]["nodes"]] == wanted
    assert all(["query", "ref-nt-null"] in call["query"] for call in await graph.calls())
