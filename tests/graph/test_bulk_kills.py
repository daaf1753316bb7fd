"""
Large bulk writes of the real server: killed with SIGKILL in the middle, carried on, and nothing sent twice.
"""

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.bulk_killing import AUDIENCES, PROFILES, Bulk, open_scene

CHUNKS = {"upsertSubscribers": 100, "changeAudiences": 1000}
DELAY_S = 0.15
MOST_MB = 100.0


@pytest.mark.parametrize(
    ("bulk", "count", "kills"),
    [
        (PROFILES, 600, 2),
        pytest.param(PROFILES, 10_000, 8, marks=pytest.mark.bars),
        pytest.param(AUDIENCES, 10_000, 4, marks=pytest.mark.bars),
    ],
    ids=lambda value: value.name if isinstance(value, Bulk) else value,
)
def test_a_bulk_write_that_is_killed_goes_on_and_repeats_no_chunk(
    tmp_path: Path, bulk: Bulk, count: int, kills: int
) -> None:
    """Broken, a crash would write finished chunks again, lose those that waited, or lose sight of one in flight."""
    random_ = random.Random(count)  # noqa: S311 - moments, not secrets
    with open_scene(tmp_path, delay_s=DELAY_S) as scene:
        witness = scene.witnesses[bulk.source]
        id_ = scene.start(bulk, count, "k")
        for _ in range(kills):
            witness.came.clear()
            assert witness.came.wait(60), scene.server.log
            witness.came.wait(random_.uniform(0, 2 * DELAY_S))
            scene.server.stop()
            scene.server.start()
        found = scene.wait_for(id_)
        outcomes = scene.read_outcomes(id_)
        again = scene.ask(bulk.build_body(count, "k"))[bulk.name]

    counts = Counter(outcomes)
    print(f"\n{bulk.name}: {count} items, {kills} kills, {witness.bodies} bodies: {dict(counts)}")  # noqa: T201 - the figure
    assert len(outcomes) == count
    assert counts.keys() <= {"APPLIED", "UNKNOWN"}
    assert counts["UNKNOWN"] <= kills * CHUNKS[bulk.name]
    told = Counter({each["outcome"]: each["count"] for each in found["counts"]})
    assert told.total() == count
    assert told["UNKNOWN"] >= counts["UNKNOWN"], "reading on may have found some at the vendor, and lost none"
    assert max(witness.sent.values()) == 1
    assert all(witness.sent[place] for place, outcome in enumerate(outcomes) if outcome == "APPLIED")
    assert (found["check"] is not None) == (told["UNKNOWN"] > 0)
    assert again["operation"]["id"] == id_


@pytest.mark.parametrize(
    ("bulk", "count"),
    [(PROFILES, 600), pytest.param(AUDIENCES, 10_000, marks=pytest.mark.bars)],
    ids=lambda value: value.name if isinstance(value, Bulk) else value,
)
def test_another_server_takes_over_and_repeats_no_chunk(
    tmp_path: Path, postgres_url: str, bulk: Bulk, count: int
) -> None:
    """Broken, what a replica had begun would lie still until that one comes back, or be sent twice."""
    with open_scene(tmp_path, delay_s=DELAY_S, ledger_url=postgres_url, others=1) as scene:
        witness = scene.witnesses[bulk.source]
        id_ = scene.start(bulk, count, "k")
        while witness.bodies < 2:
            witness.came.clear()
            assert witness.came.wait(60), scene.server.log
        scene.server.stop()
        before, sent = witness.bodies, Counter(witness.sent)
        scene.server = scene.others[0]
        found = scene.wait_for(id_)
        outcomes = Counter(scene.read_outcomes(id_))
        again = scene.ask(bulk.build_body(count, "k"))[bulk.name]

    print(f"\n{bulk.name}: {count} items, {before} bodies before, {witness.bodies} in all: {dict(outcomes)}")  # noqa: T201 - the figure
    assert 0 < len(sent) < count, "the first server had begun, and was not done"
    assert witness.bodies > before
    assert max(witness.sent.values()) == 1
    assert outcomes.total() == count
    assert outcomes.keys() <= {"APPLIED", "UNKNOWN"}
    assert outcomes["UNKNOWN"] <= CHUNKS[bulk.name]
    assert found["outcome"] == ("UNKNOWN" if outcomes["UNKNOWN"] else "APPLIED")
    assert again["operation"]["id"] == id_


@pytest.mark.bars
@pytest.mark.parametrize("bulk", [PROFILES, AUDIENCES], ids=lambda bulk: bulk.name)
def test_ten_thousand_items_stay_within_a_hundred_megabytes(tmp_path: Path, bulk: Bulk) -> None:
    """Broken, a few bulk writes at once would take the server's memory."""
    count = 10_000
    with open_scene(tmp_path) as scene:
        idle_mb = scene.read_memory_mb("VmRSS")
        id_ = scene.start(bulk, count, "k")
        found = scene.wait_for(id_)
        grown_mb = scene.read_memory_mb("VmHWM") - idle_mb
        bodies = scene.witnesses[bulk.source].bodies

    print(f"\n{bulk.name}: {grown_mb:.1f} MB above {idle_mb:.1f} MB idle, {bodies} bodies")  # noqa: T201 - the figure
    assert found["outcome"] == "APPLIED"
    assert found["counts"] == [{"state": "DONE", "outcome": "APPLIED", "count": count}]
    assert bodies == count // CHUNKS[bulk.name]
    assert grown_mb < MOST_MB
