"""The sandbox's event feeds: against the document's example, and against every event the store holds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox

Row = dict[str, Any]
Key = tuple[str, int]

EXAMPLE: list[Row] = json.loads((Path(__file__).parent / "sandbox_examples" / "event-feed.json").read_text())
AT = "2024-04-10T03:44:10"
EVERYTHING = "limit=1000000"


@pytest.fixture(scope="module")
def seeded() -> Sandbox:
    """The made-up account with a fifth of its events, rows unclamped."""
    return create_sandbox(subscribers=1000, events=20_000, options=SandboxOptions(page_clamp=None))


@pytest.fixture(scope="module")
def every(seeded: Sandbox) -> list[Row]:
    """Every event, printed once."""
    return list(seeded.store.event_rows())


def bare(**options: Any) -> Sandbox:
    """An account with two subscribers and no events."""
    return create_sandbox(subscribers=2, events=0, options=SandboxOptions(**options))


@pytest.fixture(scope="module")
def idle() -> Sandbox:
    """An account for requests that find nothing."""
    return bare()


async def reply_to(sandbox: Sandbox, path: str, method: str = "GET") -> httpx.Response:
    """The reply to a request."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="https://edm2.example") as client:
        joint = "&" if "?" in path else "?"
        return await client.request(method, f"/admin/api/1/{path}{joint}auth=sandbox-token")


async def feed(sandbox: Sandbox, path: str, *predicates: str, rest: str = EVERYTHING) -> list[Row]:
    """The events a query of a feed selects."""
    query = "&".join([rest, *(f"query={quote(predicate, safe='')}" for predicate in predicates)])
    reply = await reply_to(sandbox, f"{path}?{query}")
    assert reply.status_code == 200, reply.text
    rows: list[Row] = reply.json()
    return rows


def keys(rows: list[Row]) -> list[Key]:
    """What tells events apart: the kind and the id."""
    return [(row["type"], row["id"]) for row in rows]


# --- shapes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["subscriber/1", "activity/5", "campaign/2"])
async def test_document_example(path: str) -> None:
    """The example's two events, inserted, must be printed as the example in each of the feeds they belong to."""
    sandbox = bare()
    for event in EXAMPLE:
        assert sandbox.store.insert_event(event) == (event["type"], event["id"])

    assert await feed(sandbox, f"{path}/subject-feed") == EXAMPLE
    assert list(sandbox.store.event_rows()) == EXAMPLE == sandbox.store.feed_rows("subscriber", 1, "subject-feed")


async def test_ids_are_printed_as_integers_to_the_last_digit(seeded: Sandbox, every: list[Row]) -> None:
    """A client that reads tokens as floats must lose some: they are there, odd and above 2^53."""
    row = next(row for row in every if row["id"] > 2**53 and row["id"] % 2)

    reply = await reply_to(seeded, f"subscriber/{row['subscriber_id']}/subject-feed?query=id-eq-{row['id']}")

    assert f'"id":{row["id"]},' in reply.text
    assert int(float(row["id"])) != row["id"]


# --- which feeds there are --------------------------------------------------------------------------------------------

SUBJECTS = ("activity", "campaign", "subscriber")
OBJECTS = (*SUBJECTS, "list", "import", "view", "template")


@pytest.mark.parametrize("resource", [*OBJECTS, "event"])
async def test_feeds_there_are(idle: Sandbox, resource: str) -> None:
    """The document names them; the rest, and feeds of nothing, are unknown."""
    key = "s" if resource == "event" else 1
    for name, owners in (("subject-feed", SUBJECTS), ("object-feed", OBJECTS)):
        expected = 200 if resource in owners else 404
        assert (await reply_to(idle, f"{resource}/{key}/{name}")).status_code == expected
        assert (await reply_to(idle, f"{resource}/{key}/{name}/")).status_code == expected
        assert (await reply_to(idle, f"{resource}/999999/{name}")).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["list/17/object-feed", "campaign/23/subject-feed", "activity/x/subject-feed", "activity/1/feed", "event-feed/",
     "activity/1/subject-feed/123", "nothing/1/object-feed", "subject-feed", "activity/subject-feed"],
)  # fmt: skip
async def test_feeds_there_are_not(idle: Sandbox, path: str) -> None:
    """Deleted records have no feeds either, and the address in the document's XML leads nowhere."""
    assert (await reply_to(idle, path)).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
async def test_feeds_are_read_only(idle: Sandbox, method: str) -> None:
    """Events cannot be written, and a tunnelled read is a read."""

    assert (await reply_to(idle, "subscriber/1/subject-feed", method)).status_code == 405
    assert (await reply_to(idle, "subscriber/1/subject-feed?_method=GET", method)).status_code == 200


# --- what is in them --------------------------------------------------------------------------------------------------


async def test_subject_feeds_hold_what_names_them(seeded: Sandbox, every: list[Row]) -> None:
    """Each feed is exactly the events with the record's id, in the order of creation."""
    for resource in SUBJECTS:
        for row in seeded.store.rows(resource)[:10]:
            expected = [event for event in every if event[f"{resource}_id"] == row["id"]]
            assert await feed(seeded, f"{resource}/{row['id']}/subject-feed") == expected


async def test_object_feeds_share_out_the_audit_events(seeded: Sandbox, every: list[Row]) -> None:
    """Each audit event is in one object feed, of the kind its code says, done by somebody; nothing else is in any."""
    letters = dict(zip(OBJECTS, "acslivt", strict=True))
    found = []
    for resource in OBJECTS:
        for record in seeded.store.rows(resource):
            rows = seeded.store.feed_rows(resource, record["id"], "object-feed")
            assert {row["event_ref"][:2] for row in rows} <= {f"a{letters[resource]}"}
            assert all(row["subscriber_id"] is not None for row in rows)
            found += keys(rows)
    audits = [event for event in every if event["event_ref"].startswith("a")]

    assert sorted(found) == sorted(keys(audits))
    assert {kind for kind, _ in found} == {"logged", "scheduled"}
    busy = next(
        row["id"] for row in seeded.store.rows("list") if seeded.store.feed_rows("list", row["id"], "object-feed")
    )
    assert await feed(seeded, f"list/{busy}/object-feed") == seeded.store.feed_rows("list", busy, "object-feed")


async def test_inserted_events_show_at_once() -> None:
    """Tests add events between reads: every feed they belong to must have them, in the order they came."""
    sandbox = bare()
    about = {"subscriber_id": 1, "activity_id": 1}
    assert await feed(sandbox, "activity/1/subject-feed") == []

    first = sandbox.store.insert_event({**about, "event_ref": "s", "timestamp": AT})
    second = sandbox.store.insert_event({**about, "type": "scheduled", "event_ref": "s"})
    third = sandbox.store.insert_event({**about, "event_ref": "aau", "timestamp": AT}, done_to=("list", 1))

    assert keys(await feed(sandbox, "activity/1/subject-feed")) == [first, second, third]
    assert keys(await feed(sandbox, "list/1/object-feed")) == [third]
    assert keys(await feed(sandbox, "subscriber/1/subject-feed", rest="limit=9&order=desc")) == [third, second, first]
    assert second == ("scheduled", 1)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "soon"}, {"typo": 1}, {"event_ref": "s"}, {"timestamp": AT}, {"event_ref": "s", "timestamp": "soon"},
        {"event_ref": "s", "timestamp": AT, "id": 5}, {"event_ref": "s", "timestamp": AT, "oneshot": True},
        {"type": "scheduled", "id": 5}, {"type": "scheduled", "timestamp": AT},
        {"event_ref": "s", "timestamp": AT, "subscriber_id": 2**31}, {"event_ref": "s", "timestamp": AT, "id": 2**63},
        {"event_ref": "s", "timestamp": AT, "custom_fields": [{"typo": 1}]},
        {"event_ref": "s", "timestamp": AT, "parent_id": -1},
    ],
)  # fmt: skip
def test_store_refuses_events_it_cannot_hold(event: Row) -> None:
    """A mistyped event must fail and leave nothing behind."""
    sandbox = bare()
    sandbox.store.insert_event({"event_ref": "s", "timestamp": AT, "id": 5})
    sandbox.store.insert_event({"type": "scheduled", "event_ref": "s", "id": 5})
    before = list(sandbox.store.event_rows())

    with pytest.raises(ValueError, match=r"."):
        sandbox.store.insert_event(event)

    assert list(sandbox.store.event_rows()) == before
    assert sandbox.store.insert_event({"event_ref": "s", "timestamp": AT})[1] > 2**53


# --- queries ----------------------------------------------------------------------------------------------------------

EVENTS: list[Row] = [
    {"id": 7, "event_ref": "s", "timestamp": AT, "processed": True, "campaign_id": 2, "data": ""},
    {"id": 8, "event_ref": "o", "timestamp": "2024-04-11T00:00:00", "parent_id": 7, "test": True},
    {"type": "scheduled", "id": 7, "event_ref": "s", "oneshot": True, "next_timestamp": AT, "data": "null"},
    {"type": "scheduled", "id": 8, "event_ref": "s", "oneshot": False, "schedule": "FREQ=DAILY", "last_timestamp": AT},
    {"id": 9_100_000_000_000_001, "event_ref": "c", "timestamp": AT, "parent_id": 8, "trackurl_id": 3,
     "trackurl_index": 0, "trackurl_destination": "https://shop.example.com/?a=1-eq-2", "processed": True},
    {"id": 9_100_000_000_000_002, "event_ref": "p", "timestamp": "2024-05-01T00:00:00",
     "parent_id": 9_100_000_000_000_001, "data": "100%"},
]  # fmt: skip
A, B, C, D, E, F = range(6)


@pytest.fixture(scope="module")
def six() -> Sandbox:
    """Six events of one subscriber, two of each id."""
    sandbox = bare()
    for event in EVENTS:
        sandbox.store.insert_event({"subscriber_id": 1, **event})
    return sandbox


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("id-eq-7", [A, C]),
        ("id-lt-9", [A, B, C, D]),
        ("id-eq-9100000000000001", [E]),
        ("id-gte-9100000000000002", [F]),
        ("id-eq-9223372036854775807", []),
        ("parent_id-eq-9100000000000001", [F]),
        ("parent_id-is-null", [A, C, D]),
        ("type-eq-scheduled", [C, D]),
        ("type-like-log%", [A, B, E, F]),
        ("type-neq-logged", [C, D]),
        ("timestamp-is-null", [C, D]),
        ("timestamp-nt-null", [A, B, E, F]),
        (f"timestamp-eq-{AT}", [A, E]),
        ("timestamp-gt-2024-04-11", [F]),
        ("processed-eq-true", [A, E]),
        ("processed-eq-false", [B, F]),
        ("processed-neq-true", [B, F]),
        ("processed-is-null", [C, D]),
        ("processed-lt-TRUE", [B, F]),
        ("test-eq-t", [B]),
        ("test-eq-0", [A, C, D, E, F]),
        ("oneshot-eq-yes", [C]),
        ("oneshot-neq-on", [D]),
        ("oneshot-nt-null", [C, D]),
        (f"next_timestamp-eq-{AT}", [C]),
        ("last_timestamp-is-null", [A, B, C, E, F]),
        ("start_timestamp-nt-null", []),
        ("schedule-re-^FREQ", [D]),
        ("event_ref-eq-s", [A, C, D]),
        ("event_ref-re-^(o|c)$", [B, E]),
        ("campaign_id-eq-2", [A]),
        ("activity_id-is-null", [A, B, C, D, E, F]),
        ("trackurl_id-eq-3", [E]),
        ("trackurl_index-eq-0", [E]),
        ("trackurl_destination-like-%1-eq-2", [E]),
        ("data-eq-", [A]),
        ("data-eq-null", []),
        ("data-re-^null$", [C]),
        ("data-is-null", [B, D, E]),
    ],
)
async def test_predicates(six: Sandbox, predicate: str, expected: list[int]) -> None:
    """Every column can be asked for; one that the event's kind lacks is null."""
    keyed = [(event.get("type", "logged"), event["id"]) for event in EVENTS]

    assert keys(await feed(six, "subscriber/1/subject-feed", predicate)) == [keyed[number] for number in expected]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "offset=-1", "sort=nothing", "sort=custom_fields", "sort=revisions", "order=up", "query=x",
        "query=custom_fields-is-null", "query=list_id-eq-1", "query=id-eq-x", "query=id-eq-9223372036854775808",
        "query=id-re-1",
        "query=processed-eq-maybe", "query=processed-eq-o", "query=processed-eq-", "query=test-is-true",
        "query=processed-like-t%25", "query=timestamp-re-2", "query=subscriber_id-eq-2147483648", "query=parent-eq-1",
    ],
)  # fmt: skip
async def test_bad_parameters(six: Sandbox, query: str) -> None:
    """What PostgreSQL would not execute is 400, as everywhere."""
    assert (await reply_to(six, f"subscriber/1/subject-feed?{query}")).status_code == 400


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize(
    "field",
    ["type", "id", "processed", "test", "parent_id", "timestamp", "data", "oneshot", "schedule", "next_timestamp"],
)
async def test_orders(seeded: Sandbox, every: list[Row], field: str, order: str) -> None:
    """Sorting loses and repeats nothing, puts nulls at the large end, and keeps no promise among equals."""
    user = seeded.store.feed_rows("subscriber", 1, "subject-feed")

    rows = await feed(seeded, "subscriber/1/subject-feed", rest=f"{EVERYTHING}&sort={field}&order={order}")

    assert sorted(keys(rows)) == sorted(keys(user))
    values = [row.get(field) for row in rows]
    known = [value for value in values if value is not None]
    unknown = [None] * (len(values) - len(known))
    assert values == (known + unknown if order == "asc" else unknown + known)
    if field not in {"data", "schedule"}:
        assert known == sorted(known, reverse=order == "desc")


async def test_limit_defaults_to_one_and_pages_fit(seeded: Sandbox) -> None:
    """Pages are cut from the order of creation, whichever way it is read."""
    user = seeded.store.feed_rows("subscriber", 1, "subject-feed")
    path = "subscriber/1/subject-feed"

    assert await feed(seeded, path, rest="") == user[:1]
    assert await feed(seeded, path, rest="limit=5&offset=3") == user[3:8]
    assert await feed(seeded, path, rest="limit=5&offset=3&order=desc") == user[::-1][3:8]
    assert await feed(seeded, path, rest="limit=9223372036854775807&offset=9223372036854775807") == []


async def test_clamp_and_empty_and_or() -> None:
    """The switches of lists hold for feeds too."""
    clamped, silent, wide = bare(page_clamp=2), bare(empty="204"), bare(or_predicates=True)
    for sandbox in (clamped, wide):
        for event in EVENTS:
            sandbox.store.insert_event({"subscriber_id": 1, **event})

    assert len(await feed(clamped, "subscriber/1/subject-feed")) == 2
    assert (await reply_to(silent, "subscriber/1/subject-feed")).status_code == 204
    assert len(await feed(wide, "subscriber/1/subject-feed", "id-eq-7", "event_ref-eq-p")) == 3


async def test_hidden_fractions_by_option() -> None:
    """Events have times with fractions too, inserted and seeded, logged and scheduled."""
    sandbox = create_sandbox(subscribers=50, events=1000, options=SandboxOptions(subsecond_times=True))
    sandbox.store.insert_event({"subscriber_id": 1, "event_ref": "s", "timestamp": AT})
    sandbox.store.insert_event({"subscriber_id": 1, "type": "scheduled", "event_ref": "s", "next_timestamp": AT})
    path = "subscriber/1/subject-feed"
    rows = await feed(sandbox, path)

    assert [row.get("timestamp", row.get("next_timestamp")) for row in rows[-2:]] == [AT, AT]
    for field in ("timestamp", "next_timestamp"):
        for value in {row[field] for row in rows if row.get(field)}:
            assert await feed(sandbox, path, f"{field}-eq-{value}") == []
            assert await feed(sandbox, path, f"{field}-gt-{value}", f"{field}-lt-{value}.999999")


FACTS: list[tuple[str, Callable[[Row], bool]]] = [
    ("event_ref-eq-c", lambda row: row["event_ref"] == "c"),
    ("test-eq-true", lambda row: row["test"]),
    ("processed-neq-true", lambda row: row.get("processed") is False),
    ("parent_id-is-null", lambda row: row["parent_id"] is None),
    ("id-gt-9100000000000001", lambda row: row["id"] > 9_100_000_000_000_001),
    ("timestamp-lt-2022-06-30", lambda row: row.get("timestamp", "9") < "2022-06-30"),
    ("schedule-is-null", lambda row: row.get("schedule") is None),
    ("trackurl_index-gte-1", lambda row: (row["trackurl_index"] or 0) >= 1),
]


@pytest.mark.parametrize(("predicate", "holds"), FACTS, ids=[predicate for predicate, _ in FACTS])
async def test_over_the_seeded_account(
    seeded: Sandbox, every: list[Row], predicate: str, holds: Callable[[Row], bool]
) -> None:
    """Printed rows and predicates must tell the same story, since reference tests evaluate over the former."""
    feeds = [[row for row in every if row["campaign_id"] == campaign] for campaign in range(1, 16)]
    expected = [[row for row in rows if holds(row)] for rows in feeds]

    assert 0 < sum(map(len, expected)) < sum(map(len, feeds))
    for number, rows in enumerate(expected, 1):
        assert await feed(seeded, f"campaign/{number}/subject-feed", predicate) == rows
