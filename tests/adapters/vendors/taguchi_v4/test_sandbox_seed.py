"""The made-up account: the same on every run, as large as promised, and nasty."""

import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox, create_sandbox

START_UP = """
import time
def resident_kb():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])
from adapters.vendors.taguchi_v4.sandbox import create_sandbox
before_kb, started = resident_kb(), time.perf_counter()
sandbox = create_sandbox()
print(time.perf_counter() - started, (resident_kb() - before_kb) / 1024)
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
    """The sandbox starts with the server, so it must cost little: 3 s and 25 MB at most."""
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
