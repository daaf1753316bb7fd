"""
One graph over every vendor's sandbox: pages along all of them, and failures of some.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

import pytest

from tests.graph.every_source import EVERY, THOMAS, OpenGraph, Sources, open_every


@pytest.fixture
async def every(open_graph: OpenGraph) -> AsyncIterator[Sources]:
    """The graph over every vendor, in a hurry."""
    async with open_every(open_graph) as opened:
        yield opened


async def _walk(every: Sources, name: str, size: int) -> tuple[list[tuple[str, str]], dict[str, set[str]]]:
    """Read a whole connection; return (source, id) of its rows and what was said of each source."""
    query = f"""query($after: String) {{ {name}(first: {size}, after: $after) {{ nodes {{ sourceId vendorId }}
      pageInfo {{ hasNextPage endCursor }} completeness {{ sourceId state }} }} }}"""
    rows: list[tuple[str, str]] = []
    states: dict[str, set[str]] = {}
    cursor = None
    for _ in range(60):
        page = (await every.ask(query, after=cursor))[name]
        rows += [(node["sourceId"], node["vendorId"]) for node in page["nodes"]]
        for each in page["completeness"]:
            states.setdefault(each["sourceId"], set()).add(each["state"])
        if not page["pageInfo"]["hasNextPage"]:
            return rows, states
        cursor = page["pageInfo"]["endCursor"]
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("name", ["lists", "campaigns", "audiences"])
@pytest.mark.parametrize("size", [7, 100])
async def test_pages_go_along_all_sources(every: Sources, name: str, size: int):
    """A cursor would lose its place where one source ends and the next begins."""
    rows, states = await _walk(every, name, size)

    listing = [source for source in EVERY if states[source] == {"OK"}]
    assert len(listing) > 1
    assert [source for source, _ in rows] == sorted(source for source, _ in rows)
    assert {source for source, _ in rows} == set(listing)
    assert len(set(rows)) == len(rows)
    for source in listing:
        query = f'{{ {name}(first: 100, source: "{source}") {{ nodes {{ vendorId }} }} }}'
        alone = (await every.ask(query))[name]["nodes"]
        assert [node["vendorId"] for node in alone] == [id_ for each, id_ in rows if each == source]


async def test_what_each_source_gave_is_told(every: Sources):
    """A source that has no list of people would look like one without people."""
    query = "{ subscribers(first: 2) { nodes { sourceId } completeness { sourceId vendor state rows reason } } }"

    page = (await every.ask(query))["subscribers"]

    told = {each["sourceId"]: each for each in page["completeness"]}
    mute = {name for name in EVERY if not _lists_people(name)}
    assert {name for name, each in told.items() if each["state"] == "UNSUPPORTED"} == mute
    assert all(told[name]["reason"] for name in mute)
    assert [(each["rows"], each["state"]) for name, each in told.items() if name not in mute] == [(2, "OK")]
    assert set(await every.count_calls()) == {page["nodes"][0]["sourceId"]}


def _lists_people(vendor: str) -> bool:
    return vendor not in {"sendios", "taguchi_v5"}


@pytest.mark.parametrize("vendor", [name for name in EVERY if not _lists_people(name)])
async def test_a_source_that_cannot_is_an_error_where_it_is_named(every: Sources, vendor: str):
    """Asked for by name, it would answer with an empty list."""
    body = await every.graph.run(f'{{ subscribers(source: "{vendor}") {{ nodes {{ vendorId }} }} }}')

    (error,) = body["errors"]
    assert (error["extensions"]["code"], error["extensions"]["reason"]) == ("BAD_USER_INPUT", "CAPABILITY_MISSING")
    assert await every.count_calls() == {}


async def test_an_order_over_all_sources_is_refused(every: Sources):
    """Rows of several collations would be shuffled together."""
    body = await every.graph.run("{ subscribers(orderBy: {field: EMAIL}) { nodes { vendorId } } }")

    assert body["errors"][0]["extensions"]["reason"] == "ORDER_NEEDS_SOURCE"


FILTERED: Final = f"""{{ subscribers(first: 20, filter: {{email: {{eq: "{THOMAS}", ignoreCase: true}}}}) {{
  nodes {{ sourceId email }} pageInfo {{ hasNextPage endCursor }}
  completeness {{ sourceId state rows reason }} }} }}"""


async def test_one_source_that_hangs_does_not_take_the_others_time(every: Sources):
    """Sources are read one after the other: the first that hangs would leave nothing for the rest."""
    await every.misbehave("taguchi_v4", kind="hang")
    begun = time.monotonic()

    body = await every.graph.run(FILTERED)

    assert time.monotonic() - begun < 3.5
    page = body["data"]["subscribers"]
    states = {each["sourceId"]: each["state"] for each in page["completeness"]}
    assert states["taguchi_v4"] == "FAILED"
    assert {name for name, state in states.items() if state == "OK"} >= {"talon_one"}
    assert [error["extensions"]["code"] for error in body["errors"]] == ["VENDOR_TIMEOUT"]
    assert page["pageInfo"]["hasNextPage"]


PERSON: Final = f"""{{ person(email: "{THOMAS}") {{ profiles {{ sourceId }} subscription
  completeness {{ sourceId state rows reason }} }} }}"""


async def test_one_that_hangs_and_one_that_fails_leave_the_others(every: Sources):
    """Two vendors' trouble would hide what three others know of a person, or hold the answer up for ever."""
    whole = await every.ask(PERSON)
    await every.misbehave("taguchi_v4", kind="hang")
    await every.misbehave("taximail", kind="status", status=403)
    begun = time.monotonic()

    body = await every.graph.run(PERSON)

    person = body["data"]["person"]
    states = {each["sourceId"]: each["state"] for each in person["completeness"]}
    sound = [name for name in EVERY if name not in {"taguchi_v4", "taximail"}]
    assert time.monotonic() - begun < 3.5
    assert {each["sourceId"] for each in whole["person"]["profiles"]} == set(EVERY)
    assert {each["sourceId"] for each in person["profiles"]} == set(sound)
    assert states == {**dict.fromkeys(sound, "OK"), "taguchi_v4": "FAILED", "taximail": "FAILED"}
    errors = {error["extensions"]["source"]: error["extensions"]["code"] for error in body["errors"]}
    assert errors == {"taguchi_v4": "VENDOR_TIMEOUT", "taximail": "VENDOR_AUTH"}
    assert all(error["path"] == ["person"] for error in body["errors"])


async def test_sources_answer_side_by_side(every: Sources):
    """Five vendors that each take a while would take five times as long."""
    for name in EVERY:
        await every.misbehave(name, kind="delay", seconds=0.2, times=1)
    begun = time.monotonic()

    await every.ask(PERSON)

    assert time.monotonic() - begun < 0.2 * len(EVERY)


async def test_fields_of_all_kinds_answer_at_once(every: Sources):
    """Operations over several sources and kinds would mix their rows or their errors."""
    query = """{ lists(first: 3) { nodes { sourceId } } audiences(first: 3) { nodes { sourceId kind } }
      unsubscribes(first: 3) { nodes { sourceId email } completeness { sourceId state } }
      checkEmail(email: "peter@gmial.com") { sourceId email corrected } sources { id } }"""

    data = await every.ask(query)
    again = await asyncio.gather(*(every.ask(query) for _ in range(3)))

    assert [each["id"] for each in data["sources"]] == EVERY
    assert {each["sourceId"] for each in data["unsubscribes"]["nodes"]} == {"sendios"}
    assert {each["sourceId"]: each["state"] for each in data["unsubscribes"]["completeness"]}["sendios"] == "OK"
    assert [each["sourceId"] for each in data["checkEmail"]] == ["sendios"]
    assert data["checkEmail"][0]["corrected"] == "peter@gmail.com"
    assert again == [data] * 3


PARTLY_READ: Final = {
    "below each list": 'lists(source: "taximail") { nodes { members(state: LEFT, first: 20) { nodes { email } } } }',
    "one list": """subscribers(source: "taximail", filter: {memberships: {listId: {eq: "314"}, state: {eq: LEFT}}}) {
      nodes { email } }""",
    "all lists": 'subscribers(source: "taximail", first: 100, filter: {email: {contains: "a"}}) { nodes { email } }',
    "with their fields": """subscribers(source: "taximail", first: 40, filter: {email: {contains: "a"}}) {
      nodes { customFields { key type } } }""",
}


@pytest.mark.parametrize("field", PARTLY_READ.values(), ids=PARTLY_READ)
async def test_an_operation_asks_nothing_twice(every: Sources, field: str):
    """Rows that are checked here come in slices, which would each pay for the pages of the one before."""
    await every.ask(f"{{ {field} }}")

    lines = [(call["method"], call["path"], str(call["query"])) for call in await every.graph.calls()]
    assert len(lines) > 2
    assert len(set(lines)) == len(lines)


UNTOLD: Final = {
    "subscribers { nodes { id } }": "Taximail does not tell which people a campaign brought.",
    "activities { nodes { id } }": "Taximail does not tell which messages a campaign has.",
    'stats(events: ["s"]) { eventCode }': ("Taximail does not tell how often events happened because of a campaign."),
    "events { nodes { id } }": "Taximail does not tell the events of its campaigns.",
}


@pytest.mark.parametrize(("field", "message"), UNTOLD.items(), ids=[text.split(" ")[0] for text in UNTOLD])
async def test_what_a_source_does_not_tell_below_its_records_is_said_plainly(every: Sources, field: str, message: str):
    """Whoever asked wrote no source and no such filter there, and would look for both in vain."""
    body = await every.graph.run(f'{{ campaigns(source: "taximail", first: 1) {{ nodes {{ {field} }} }} }}')

    (error,) = body["errors"]
    assert error["message"] == message
    assert error["extensions"]["reason"] == "CAPABILITY_MISSING"
    assert "taximail" in error["extensions"]["hint"]
    assert "inputPath" not in error["extensions"]
