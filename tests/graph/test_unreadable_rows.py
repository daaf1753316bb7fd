"""
A record that cannot be read, wherever it stands: the sound ones beside it, an error at its place, a bounded cost.

Expected rows come from the sandbox's own store.
"""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox import Fault
from tests.graph.real_vendor import Answered, OpenGraph, RealVendor, describe_source, open_graph, serving_vendor
from tests.graph.vendor_side import node_id

NOON = "2024-05-01T12:00:00"
PERSON = 1
PAGE = "nodes { vendorId } pageInfo { hasNextPage endCursor } completeness { state reason }"
NAMED = PAGE.replace("vendorId", "vendorId name")
PEOPLE = PAGE.replace("vendorId", "vendorId email state unsubscribedAt birthDate memberships { listId }")
"""A field costs its record where it is asked for."""


@pytest.fixture(scope="module")
def vendor() -> Iterator[RealVendor]:
    """The vendor behind its own server, with a person of twelve events, each the cause of the next but one."""
    with serving_vendor() as served:
        for token in range(1, 13):
            event = {"id": token, "subscriber_id": PERSON, "event_ref": "o", "timestamp": NOON, "data": f"d{token:02}"}
            served.sandbox.store.insert_event({**event, "parent_id": token - 2 if token > 2 else None})
        yield served


@pytest.fixture(autouse=True)
def _sound_again(vendor: RealVendor) -> Iterator[None]:
    yield
    vendor.behave()


@pytest.fixture
async def graph(vendor: RealVendor, tmp_path: Path) -> AsyncIterator[OpenGraph]:
    """A graph that has never seen its source."""
    async with open_graph(tmp_path, describe_source("retail", vendor.url, "full_pages = true")) as opened:
        vendor.behave()
        yield opened


def spoil(vendor: RealVendor, field: str, *only: int | str, value: Any = None, match: str = "") -> None:
    """Make a field of some rows unreadable."""
    vendor.misbehave(Fault("retyped_field", field=field, value=[1] if value is None else value, only=only, match=match))


def told(answered: Answered) -> list[tuple[list[str | int], str]]:
    """Where errors stand, and why."""
    return [(error["path"], error["extensions"]["reason"]) for error in answered.errors]


def numbers(page: Any) -> list[int]:
    """The ids on a page."""
    return [int(node["vendorId"]) for node in page["nodes"]]


def states(page: Any) -> list[str]:
    """What a page says of its sources."""
    return [each["state"] for each in page["completeness"]]


ORDERS = {
    "by id": "",
    "by id, backwards": "orderBy: {field: VENDOR_ID, direction: DESC}",
    "by a text": "orderBy: {field: EMAIL}",
    "by a text with ties": "orderBy: {field: STATE, direction: DESC}",
    "by a time": "orderBy: {field: UNSUBSCRIBED_AT}",
}
DAMAGE = ["id", "email", "state", "unsubscribed", "dob", "lists"]


@pytest.mark.parametrize("field", DAMAGE)
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
async def test_pages_lead_past_it_in_every_order(vendor: RealVendor, graph: OpenGraph, order: str, field: str) -> None:
    """No sound row is lost or shown twice, whatever is wrong with the others, and a page says what it lacks."""
    query = f"query ($after: String) {{ subscribers(first: 40, after: $after, {order}) {{ {PEOPLE} }} }}"

    async def walk() -> tuple[list[int], list[str], int, list[tuple[list[str | int], str]]]:
        shown: list[int] = []
        found: list[str] = []
        calls, errors, after, more = 0, [], None, True
        while more:
            answered = await graph.ask(query, after=after)
            page = answered.data["subscribers"]
            shown += numbers(page)
            found += states(page)
            errors += told(answered)
            calls += len(answered.calls)
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        return shown, found, calls, errors

    whole, _, sound_calls, _ = await walk()
    bad = [whole[7], whole[8], whole[120]]
    spoil(vendor, field, *bad)
    shown, found, calls, errors = await walk()

    assert shown == [number for number in whole if number not in bad]
    assert set(found) == {"OK", "PARTIAL"}
    assert set(map(str, errors)) == {str((["subscribers"], "RECORD_UNREADABLE"))}
    assert calls <= sound_calls + 6


async def test_a_page_of_one_row_leads_past_it(vendor: RealVendor, graph: OpenGraph) -> None:
    """Where the next row is the bad one, the cursor would otherwise be the end of the world."""
    spoil(vendor, "name", 2, 3)
    first = await graph.ask(f"{{ lists(first: 1) {{ {NAMED} }} }}")
    after = first.data["lists"]["pageInfo"]["endCursor"]
    second = await graph.ask(f'{{ lists(first: 1, after: "{after}") {{ {NAMED} }} }}')

    assert (numbers(first.data["lists"]), first.errors, states(first.data["lists"])) == ([1], [], ["OK"])
    assert (numbers(second.data["lists"]), states(second.data["lists"])) == ([4], ["PARTIAL"])
    assert told(second) == [(["lists"], "RECORD_UNREADABLE")] * 2
    assert len(second.calls) == 2


async def test_a_last_page_of_nothing_else_is_empty_and_says_so(vendor: RealVendor, graph: OpenGraph) -> None:
    """The pages before were sound; what is left is told, and nothing follows."""
    last = vendor.rows("list")[-1]["id"]
    before = len(vendor.rows("list")) - 1
    spoil(vendor, "name", last)
    first = await graph.ask(f"{{ lists(first: {before}) {{ {NAMED} }} }}")
    page = first.data["lists"]
    second = await graph.ask(f'{{ lists(first: 5, after: "{page["pageInfo"]["endCursor"]}") {{ {NAMED} }} }}')

    assert len(page["nodes"]) == before
    assert (second.data["lists"]["nodes"], states(second.data["lists"])) == ([], ["PARTIAL"])
    assert not second.data["lists"]["pageInfo"]["hasNextPage"]
    assert told(second) == [(["lists"], "RECORD_UNREADABLE")]


async def test_places_that_ask_alike_lose_it_alike(vendor: RealVendor, graph: OpenGraph) -> None:
    """One of them asks for what cannot be read: what they show would depend on which of them stands first."""
    spoil(vendor, "dob", 1)
    little, much = f"a: subscribers(first: 3) {{ {PAGE} }}", f"b: subscribers(first: 3) {{ {PEOPLE} }}"
    lists = f"lists(first: 1) {{ nodes {{ a: members(first: 1) {{ {PAGE} }} b: members(first: 1) {{ {PEOPLE} }} }} }}"

    for query in (f"{{ {little} {much} }}", f"{{ {much} {little} }}"):
        answered = await graph.ask(query)
        assert numbers(answered.data["a"]) == numbers(answered.data["b"]) == [2, 3, 4]
        assert sorted(map(str, told(answered))) == [str(([place], "RECORD_UNREADABLE")) for place in "ab"]
        assert len(answered.calls) == 1

    (first,) = (await graph.ask(f"{{ {lists} }}")).data["lists"]["nodes"]
    spoil(vendor, "dob", *numbers(first["a"]))
    (second,) = (await graph.ask(f"{{ {lists} }}")).data["lists"]["nodes"]
    assert numbers(second["a"]) == numbers(second["b"]) != numbers(first["a"])


async def test_a_filter_that_only_finds_it_fails(vendor: RealVendor, graph: OpenGraph) -> None:
    """There is a record; an empty page would say that there is none."""
    spoil(vendor, "name", 2)

    answered = await graph.ask(f'{{ lists(filter: {{vendorId: {{eq: "2"}}}}) {{ {NAMED} }} }}')

    assert answered.data == {"lists": None}
    assert told(answered) == [(["lists"], "RECORD_UNREADABLE")]


async def test_branches_of_a_filter_tell_it_once(vendor: RealVendor, graph: OpenGraph) -> None:
    """It stands in both branches; the one that finds nothing else must not fail the other."""
    spoil(vendor, "name", 2)
    either = 'or: [{vendorId: {eq: "2"}}, {vendorId: {lte: "4"}, name: {isNull: false}}]'

    answered = await graph.ask(f"{{ lists(filter: {{{either}}}) {{ {NAMED} }} }}")

    assert numbers(answered.data["lists"]) == [1, 3, 4]
    assert told(answered) == [(["lists"], "RECORD_UNREADABLE")]


# below parents


def people_of(vendor: RealVendor, campaign: int) -> list[int]:
    """The people a campaign brought."""
    return [row["id"] for row in vendor.rows("subscriber") if row["campaign_id"] == campaign]


@pytest.mark.parametrize("field", ["dob", "id"])
async def test_children_of_many_are_still_one_call(vendor: RealVendor, graph: OpenGraph, field: str) -> None:
    """Its parent's page lacks it and says so at that parent's place; the call is the same one."""
    query = f"{{ campaigns(first: 12) {{ nodes {{ vendorId subscribers(first: 3) {{ {PEOPLE} }} }} }} }}"
    sound = await graph.ask(query)
    campaigns = numbers(sound.data["campaigns"])
    place = next(place for place, campaign in enumerate(campaigns) if len(people_of(vendor, campaign)) > 4)
    bad = people_of(vendor, campaigns[place])[1]
    spoil(vendor, field, bad, match="/subscriber/")

    answered = await graph.ask(query)

    pages = [node["subscribers"] for node in answered.data["campaigns"]["nodes"]]
    expected = [[each for each in people_of(vendor, campaign) if each != bad][:3] for campaign in campaigns]
    assert [numbers(page) for page in pages] == expected
    assert [states(page) == ["PARTIAL"] for page in pages] == [each == place for each in range(len(pages))]
    assert told(answered) == [(["campaigns", "nodes", place, "subscribers"], "RECORD_UNREADABLE")]
    assert len(answered.calls) <= len(sound.calls) + 1


async def test_a_child_of_nobody_knows_whom_costs_no_sibling(vendor: RealVendor, graph: OpenGraph) -> None:
    """Its parent cannot be read either; each parent asked by itself, the vendor tells whose it is."""
    query = f"{{ campaigns(first: 6) {{ nodes {{ vendorId subscribers(first: 100) {{ {PEOPLE} }} }} }} }}"
    campaigns = numbers((await graph.ask(query)).data["campaigns"])
    place = next(place for place, campaign in enumerate(campaigns) if len(people_of(vendor, campaign)) > 1)
    bad = people_of(vendor, campaigns[place])[0]
    spoil(vendor, "campaign_id", bad, value="x", match="/subscriber/")

    answered = await graph.ask(query)

    pages = [node["subscribers"] for node in answered.data["campaigns"]["nodes"]]
    assert [numbers(page) for page in pages] == [
        [each for each in people_of(vendor, campaign) if each != bad] for campaign in campaigns
    ]
    assert told(answered) == [(["campaigns", "nodes", place, "subscribers"], "RECORD_UNREADABLE")]


async def test_members_of_a_list_are_shown_without_it(vendor: RealVendor, graph: OpenGraph) -> None:
    """Members are checked on the rows, and a row that cannot be read cannot be checked."""
    members = [
        [row["id"] for row in vendor.rows("subscriber") if any(entry["list_id"] == list_ for entry in row["lists"])]
        for list_ in (1, 2)
    ]
    bad = next(each for each in members[1][:5] if each not in members[0])
    spoil(vendor, "dob", bad, match="/subscriber/")

    answered = await graph.ask(f"{{ lists(first: 2) {{ nodes {{ members(first: 5) {{ {PEOPLE} }} }} }} }}")

    pages = [node["members"] for node in answered.data["lists"]["nodes"]]
    assert [numbers(page) for page in pages] == [members[0][:5], [each for each in members[1] if each != bad][:5]]
    assert told(answered) == [(["lists", "nodes", 1, "members"], "RECORD_UNREADABLE")]


# events


EVENTS = "subscriber(by: {id: $id}) { events(first: 20%s) { %s } }"


@pytest.mark.parametrize("field", ["id", "type", "test", "timestamp", "data"])
@pytest.mark.parametrize("order", ["", ", orderBy: {field: OCCURRED_AT}", ", orderBy: {field: DATA}"])
async def test_a_feed_is_shown_without_it(vendor: RealVendor, graph: OpenGraph, order: str, field: str) -> None:
    """One unreadable click is no reason to hide everything a person did."""
    spoil(vendor, field, 5, match="subject-feed")

    answered = await graph.ask(
        f"query ($id: ID!) {{ {EVENTS % (order, PAGE)} }}", id=node_id("subscriber", PERSON, "retail")
    )

    page = answered.data["subscriber"]["events"]
    assert numbers(page) == [token for token in range(1, 13) if token != 5]
    assert states(page) == ["PARTIAL"]
    assert told(answered) == [(["subscriber", "events"], "RECORD_UNREADABLE")]


@pytest.mark.parametrize("field", ["test", "id"])
async def test_causes_are_found_beside_it(vendor: RealVendor, graph: OpenGraph, field: str) -> None:
    """It is one event's cause; the others' causes stand in the same reply."""
    spoil(vendor, field, 5, match="id-lte")
    spoil(vendor, field, 5, match="query=id-eq-5")

    answered = await graph.ask(
        f"query ($id: ID!) {{ {EVENTS % ('', 'nodes { vendorId parent { vendorId } }')} }}",
        id=node_id("subscriber", PERSON, "retail"),
    )

    nodes = answered.data["subscriber"]["events"]["nodes"]
    causes = {int(node["vendorId"]): node["parent"] and int(node["parent"]["vendorId"]) for node in nodes}
    assert causes == {token: None if token in {1, 2, 7} else token - 2 for token in range(1, 13)}
    assert told(answered) == [(["subscriber", "events", "nodes", 6, "parent"], "RECORD_UNREADABLE")]
    assert len(answered.calls) == 4  # the person, the feed, the causes, and the one that was not there


async def test_consequences_are_found_beside_it(vendor: RealVendor, graph: OpenGraph) -> None:
    """It is what one event caused; only that event has nothing to show."""
    spoil(vendor, "test", 5, match="parent_id")

    answered = await graph.ask(
        f"query ($id: ID!) {{ {EVENTS % ('', 'nodes { vendorId children { nodes { vendorId } } }')} }}",
        id=node_id("subscriber", PERSON, "retail"),
    )

    nodes = answered.data["subscriber"]["events"]["nodes"]
    caused = [node["children"] and numbers(node["children"]) for node in nodes]
    assert caused == [[token + 2] if token != 3 else None for token in range(1, 11)] + [[], []]
    assert told(answered) == [(["subscriber", "events", "nodes", 2, "children"], "RECORD_UNREADABLE")]


# by key


async def test_a_record_without_an_id_hides_no_neighbour(vendor: RealVendor, graph: OpenGraph) -> None:
    """In a range of ids only those that are missing can be it; one that does not exist is still null."""
    spoil(vendor, "id", 3)
    wanted = [1, 2, 3, 4, vendor.rows("list")[-1]["id"] + 1]
    ids = [node_id("list", each, "retail") for each in wanted]

    answered = await graph.ask(f"{{ nodes(ids: {json.dumps(ids)}) {{ ... on SubscriberList {{ vendorId }} }} }}")

    assert [node and int(node["vendorId"]) for node in answered.data["nodes"]] == [1, 2, None, 4, None]
    assert told(answered) == [(["nodes", 2], "RECORD_UNREADABLE")]
    assert len(answered.calls) <= 4


@pytest.mark.parametrize(("field", "calls"), [("name", 1), ("id", 1), ("ref", 4)])
async def test_a_look_up_fails_for_its_own_value(vendor: RealVendor, graph: OpenGraph, field: str, calls: int) -> None:
    """Several references share a call; where even that of the bad row cannot be read, each is asked for alone."""
    rows = [row for row in vendor.rows("list") if row["ref"]][:3]
    spoil(vendor, field, rows[1]["id"])
    fields = " ".join(f'l{place}: list(by: {{ref: "{row["ref"]}"}}) {{ ref }}' for place, row in enumerate(rows))

    answered = await graph.ask(f"{{ {fields} }}")

    assert answered.data == {"l0": {"ref": rows[0]["ref"]}, "l1": None, "l2": {"ref": rows[2]["ref"]}}
    assert told(answered) == [(["l1"], "RECORD_UNREADABLE")]
    assert len(answered.calls) <= calls + 1


async def test_both_executors_tell_it_at_the_same_places(vendor: RealVendor, graph: OpenGraph) -> None:
    """Whichever of them answers, a front end must find the error at the page it belongs to."""
    spoil(vendor, "dob", *(row["id"] for row in vendor.rows("subscriber")[::4]), match="/subscriber/")
    query = f"{{ campaigns(first: 12) {{ nodes {{ subscribers(first: 5) {{ {PEOPLE} }} }} }} }}"

    answers = [
        (await graph.client.post("/graphql", json={"query": query}, headers=headers)).json()
        for headers in ({}, {"X-Executor": "core"})
    ]

    places = [sorted((error["path"], error["message"]) for error in answer["errors"]) for answer in answers]
    assert answers[0]["data"] == answers[1]["data"]
    assert places[0] == places[1]
    assert len({path[2] for path, _ in places[0]}) > 1
