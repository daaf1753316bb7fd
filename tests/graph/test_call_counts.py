"""
What pages and relations cost: the very calls the vendor received, and that they brought the right answer.

The calls come from the sandbox's own log and must be those of the plan. Expected rows are read from the vendor itself,
past everything of ours.
"""

import asyncio
import json
import time

from tests.graph.conftest import Connection, Graph, play
from tests.graph.vendor_side import (
    PEOPLE,
    ask,
    campaign_ids,
    expected_people,
    ids_of,
    list_ids,
    names,
    read_rows,
    window,
)

SUBSCRIBERS = "subscriber by id, 101"


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


async def test_nothing_is_read_for_a_client_that_has_left(graph: Graph) -> None:
    """Broken, the loaders below a page go on, and a busy vendor is asked again for nobody."""
    (vendor,) = graph.vendors
    body = json.dumps({"query": "{ subscribers(first: 9) { nodes { campaign { name } } } }"}).encode()
    leaving = Connection([{"type": "http.request", "body": body}, {"type": "http.disconnect"}], 0.3)
    before = asyncio.all_tasks()
    await vendor.post("/_sandbox/faults", json={"kind": "hang", "seconds": 30, "match": "/campaign/"})
    try:
        await play(graph.app, leaving)
        await asyncio.sleep(0.1)
        left = asyncio.all_tasks() - before
    finally:
        await vendor.delete("/_sandbox/faults")

    assert [call["path"].rpartition("/1/")[2] for call in await graph.calls()] == ["subscriber/", "campaign/"]
    assert (left, leaving.sent) == (set(), [])
