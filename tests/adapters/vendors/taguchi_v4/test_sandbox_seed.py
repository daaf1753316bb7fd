"""The made-up account: the same on every run, as large as promised, and nasty."""

import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox, create_sandbox
from adapters.vendors.taguchi_v4.sandbox.events import SUBJECT_FEED, EventLog, Feed

START_UP = """
import time
def resident_kb():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])
from adapters.vendors.taguchi_v4.sandbox import create_sandbox
before_kb, started = resident_kb(), time.process_time()
sandbox = create_sandbox()
events, schedule = sandbox.store.events, sandbox.store.schedule
print(time.process_time() - started, (resident_kb() - before_kb) / 1024)
"""


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    """The account as it is served."""
    return create_sandbox()


@pytest.fixture(scope="module")
def people(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Every subscriber, printed once."""
    return sandbox.store.rows("subscriber")


def _rows(sandbox: Sandbox, resource: str) -> list[dict[str, Any]]:
    return sandbox.store.rows(resource)


def test_sizes(sandbox: Sandbox) -> None:
    """The numbers others build and measure on."""
    sizes = {name: len(_rows(sandbox, name)) for name in ("subscriber", "list", "campaign", "activity")}

    assert sizes == {"subscriber": 5000, "list": 40, "campaign": 60, "activity": 300}
    assert len(sandbox.store.events) == 100_000
    assert all(_rows(sandbox, name) for name in ("template", "import", "view", "event"))


def test_start_up_is_quick_and_small() -> None:
    """The sandbox starts with the server, so it must cost little, its events too: 3 s of work and 25 MB at most."""
    done = subprocess.run([sys.executable, "-c", START_UP], capture_output=True, text=True, check=True)

    seconds, megabytes = map(float, done.stdout.split())
    assert seconds < 3
    assert megabytes < 25


def test_same_seed_same_account(sandbox: Sandbox) -> None:
    """Failures must be repeatable; another seed must be another account."""
    again, other = create_sandbox(), create_sandbox(seed=2, subscribers=500, events=0)

    for name in sandbox.store.tables:
        assert _rows(sandbox, name) == _rows(again, name)
    assert sandbox.store.events == again.store.events
    assert sandbox.store.schedule == again.store.schedule
    assert _rows(sandbox, "subscriber")[:500] != _rows(other, "subscriber")


def test_events_are_about_what_there_was_at_first() -> None:
    """An account would have another past in each run, depending on what was written before it was asked about."""
    early, late = (create_sandbox(subscribers=30, events=200) for _ in range(2))
    assert len(early.store.events) == 200

    for sandbox in (early, late):
        sandbox.store.soft_delete("activity", 1)
        sandbox.store.soft_delete("subscriber", 2)
        sandbox.store.insert("subscriber", {"email": "later@example.com"})

    assert early.store.events == late.store.events
    assert early.store.schedule == late.store.schedule


def test_ids_are_dense_with_gaps(sandbox: Sandbox) -> None:
    """Batching is measured on dense ids, and gaps must be there to be survived."""
    for name, last in (("list", 42), ("campaign", 63), ("subscriber", 5124)):
        ids = [row["id"] for row in _rows(sandbox, name)]
        assert (ids[0], ids[-1]) == (1, last)
        assert 0.9 < len(ids) / last < 1


NEVER_NULL = {"id", "organization_id"}
ALWAYS_SET = {
    "event": {"ref"},
    "import": {"total", "invalid", "bounced", "global_new", "list_new"},
    "activity": {"type", "throttle"},
    "template": {"type"},
}


def test_every_nullable_field_is_null_somewhere_and_set_somewhere(sandbox: Sandbox) -> None:
    """A field that is never null, or always, is a field whose null handling nobody tests."""
    for name, table in sandbox.store.tables.items():
        rows = _rows(sandbox, name)
        for field in table.resource.positions.keys() - NEVER_NULL - ALWAYS_SET.get(name, set()):
            values = {row[field] is None for row in rows}
            assert (name, field, values) == (name, field, {True, False})


@pytest.mark.parametrize(
    "text",
    ["", "null", "100%", "a_b", "back\\slash", "state-eq-VIC", "O'Neil", 'say "hi"', "(group)", "\u212aelvin",
     "\u017fmith", "SMITH", "日本語", "🦘", "line\nbreak", " leading", "a&b=c", "<b>bold</b>"],
)  # fmt: skip
def test_nasty_texts(people: list[dict[str, Any]], text: str) -> None:
    """Each text somebody trips over must be in the account, in a queryable field and in a custom field."""
    assert any(row["firstname"] == text for row in people)
    assert any(item["data"] == text for row in people for item in row["custom_fields"])


def test_people_are_realistic(people: list[dict[str, Any]]) -> None:
    """Shared e-mails only where a ref tells people apart, ties in times, and every kind of membership."""
    shared = {email for email, count in Counter(row["email"] for row in people).items() if email and count > 1}
    memberships = [item for row in people for item in row["lists"]]

    assert shared
    assert all(row["ref"] is not None for row in people if row["email"] in shared)
    refs = Counter(row["ref"] for row in people if row["ref"] is not None)
    assert refs.most_common(1)[0][1] == 1
    assert max(Counter(row["unsubscribed"] for row in people if row["unsubscribed"]).values()) > 3
    assert {item["unsubscribed"] is None for item in memberships} == {True, False}
    assert {item["option"] for item in memberships} == {None, "weekly", "", "null"}
    assert any(item["data"] is None for row in people for item in row["custom_fields"])
    assert any(len(row["lists"]) >= 4 for row in people)
    assert any(not row["lists"] for row in people)


def test_references_hold(sandbox: Sandbox) -> None:
    """References point at records, at deleted ones, and at one that never was: all three happen."""
    campaigns = {row["id"] for row in _rows(sandbox, "campaign")}
    wanted = {row["campaign_id"] for row in _rows(sandbox, "subscriber")} - {None}

    assert campaigns <= wanted
    assert wanted - campaigns == {23, 41, 58, 999999}
    events = {row["ref"] for row in _rows(sandbox, "event")}
    assert {row["success_event_ref"] for row in _rows(sandbox, "campaign")} - {None} <= events


# --- events -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def events(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Every event, printed once."""
    return list(sandbox.store.event_rows())


COMMON = (
    "type id test parent_id event_ref subscriber_id activity_id revision_id configuration_id campaign_id trackurl_id "
    "trackurl_index trackurl_destination data custom_fields"
)
FIELDS = {
    "logged": f"{COMMON} processed timestamp",
    "scheduled": f"{COMMON} oneshot schedule next_timestamp last_timestamp start_timestamp",
}
NULL_IN_FUTURE = {"trackurl_id", "trackurl_index", "trackurl_destination"}  # nobody follows a link ahead of time


def test_events_of_both_kinds(events: list[dict[str, Any]]) -> None:
    """Each kind has its fields, each nullable one null somewhere and set somewhere, each flag up and down."""
    for kind, fields in FIELDS.items():
        rows = [event for event in events if event["type"] == kind]
        assert all(set(event) == set(fields.split()) for event in rows)
        for name in set(fields.split()) - {"type", "id", "event_ref", "subscriber_id", "timestamp", "custom_fields"}:
            values = {event[name] for event in rows}
            is_flag = name in {"test", "processed", "oneshot"}
            assert is_flag or None in values
            assert (name, len(values) > 1) == (name, kind == "logged" or name not in NULL_IN_FUTURE)
        assert {bool(event["custom_fields"]) for event in rows} == {True, False}
    assert Counter(event["type"] for event in events) == {"logged": 100_000, "scheduled": 2000}


def test_tokens(events: list[dict[str, Any]]) -> None:
    """Tokens are large, the old ones small, and those of scheduled events collide with them, in one feed even."""
    logged = [event["id"] for event in events if event["type"] == "logged"]
    by_feed = Counter((event["subscriber_id"], event["id"]) for event in events)

    assert logged == sorted(set(logged))
    assert logged[0] == 1
    assert 90_000 < sum(token > 2**53 for token in logged) < 99_000
    assert set(range(1, 2001)) <= set(logged)
    assert sorted(event["id"] for event in events if event["type"] == "scheduled") == list(range(1, 2001))
    assert sum(number == 2 for number in by_feed.values()) > 400


def test_causes(events: list[dict[str, Any]]) -> None:
    """Chains lead back through the same person's feed, in time and in kind; some causes are not to be found."""
    logged = {event["id"]: event for event in events if event["type"] == "logged"}
    caused = [event for event in events if event["parent_id"] is not None]
    missing = [event for event in caused if event["parent_id"] not in logged]
    steps: Counter[str] = Counter()
    for event in caused:
        parent = logged.get(event["parent_id"])
        if parent is not None:
            assert parent["subscriber_id"] == event["subscriber_id"]
            assert event["type"] == "scheduled" or parent["timestamp"] <= event["timestamp"]
            assert event["type"] == "scheduled" or parent["id"] < event["id"]
            assert parent["test"] == event["test"]
            steps[parent["event_ref"] + event["event_ref"]] += event["type"] == "logged"

    assert steps.keys() >= {"so", "oc", "cp", "sb", "su"}
    assert {step for step, number in steps.items() if number} <= {"so", "oc", "cp", "sb", "su", "sv", "sf"}
    assert 1000 < len(missing) < 4000
    assert any(event["parent_id"] is None for event in events if event["event_ref"] == "s")


def test_audits(sandbox: Sandbox, events: list[dict[str, Any]]) -> None:
    """Every kind of record has an audit log somewhere, kept by users, and every code of the log is an event type."""
    known = {row["ref"] for row in _rows(sandbox, "event")}
    assert {event["event_ref"] for event in events} <= known
    for kind in ("activity", "campaign", "subscriber", "list", "import", "view", "template"):
        feeds = [sandbox.store.feed_rows(kind, row["id"], "object-feed") for row in _rows(sandbox, kind)]
        users = {event["subscriber_id"] for feed in feeds for event in feed}
        assert sum(map(len, feeds)) > 100
        assert len(users) <= 20


def test_clicks_have_links(events: list[dict[str, Any]]) -> None:
    """A tracking link is a pair of destination and index, and clicks alone have one."""
    links: dict[int, set[tuple[int, str]]] = {}
    for event in events:
        assert (event["trackurl_id"] is not None) == (event["type"] == "logged" and event["event_ref"] == "c")
        if event["trackurl_id"] is not None:
            pair = (event["trackurl_index"], event["trackurl_destination"])
            links.setdefault(event["trackurl_id"], set()).add(pair)
    assert all(len(pairs) == 1 for pairs in links.values())


def test_memberships(sandbox: Sandbox, people: list[dict[str, Any]]) -> None:
    """Reference counts of lists start from here."""
    found = list(sandbox.store.memberships())

    assert len(found) == sum(len(person["lists"]) for person in people)
    assert found[0].keys() == {
        "subscriber_id", "bounced", "list_id", "import_id", "campaign_id", "timestamp", "unsubscribed", "option"
    }  # fmt: skip


class CountingLog:
    """A log that counts the rows it is asked for."""

    def __init__(self, log: EventLog) -> None:
        """Nothing asked yet."""
        self._log = log
        self.built = 0

    def find_subject(self, column: str, key: int) -> Any:
        """The positions of a subject's events."""
        return self._log.find_subject(column, key)

    def row(self, position: int) -> Any:
        """One row, counted."""
        self.built += 1
        return self._log.row(position)


@pytest.mark.parametrize("resource", ["subscriber", "activity", "campaign"])
def test_feeds_touch_no_event_of_others(sandbox: Sandbox, resource: str) -> None:
    """A feed reads its own events and no more, however many there are, and its first page not even those."""
    log: Any = CountingLog(sandbox.store.events)
    feed = Feed(log, sandbox.store.schedule, resource, SUBJECT_FEED, 5)

    assert next(feed.rows()) is not None
    assert log.built <= 1
    log.built = 0
    assert sum(row.values[0] == "logged" for row in feed.rows()) == log.built > 10
