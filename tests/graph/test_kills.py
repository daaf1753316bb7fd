"""
The real server over a real socket, killed with SIGKILL, cut off from its vendor, and twice at once.

Whatever happens: no write is sent twice, none is lost from sight, and what is told is what is so.
"""

import asyncio
import itertools
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox import Fault
from tests.graph.real_vendor import RealVendor, serving_vendor
from tests.killing import Campaign, Job, KilledServer, check_campaign, count_writes

FEW = 15
MANY = 1000
AT_ONCE = 100
DROPS: tuple[dict[str, Any], ...] = (
    {"kind": "reset"},
    {"kind": "reset", "applied": True},
    {"kind": "short_body"},
    {"kind": "truncate"},
    {"kind": "status", "status": 502, "applied": True},
)
"""Connections dropped before, after and in the middle of the vendor's answer."""
SLOW = Fault(kind="delay", match="subscriber", seconds=0.03)
"""So that a kill meets a write at every stage: before, while and after the vendor works on it."""


@pytest.fixture
def vendor() -> Iterator[RealVendor]:
    with serving_vendor(subscribers=10) as served:
        served.misbehave(SLOW)
        yield served


@pytest.mark.parametrize(("count", "longest_s"), [(FEW, 0.3), pytest.param(MANY, 1.5, marks=pytest.mark.bars)])
async def test_a_server_killed_while_it_writes_loses_nothing_and_repeats_nothing(
    vendor: RealVendor, tmp_path: Path, count: int, longest_s: float
) -> None:
    """Broken, a crash would mail somebody twice, or leave a write that nobody can answer for."""
    server = KilledServer(tmp_path, vendor)
    campaign = Campaign(server, [Job(number) for number in range(count)], seed=count, longest_s=longest_s)
    try:
        await campaign.run()
        payloads = await campaign.repeat()
        ledger = await campaign.list_ledger()
        again = await campaign.repeat()
    finally:
        server.stop()

    outcomes = check_campaign(vendor, campaign.jobs, payloads, ledger)
    print(f"\n{count} mutations, {campaign.kills} kills: {outcomes}")  # noqa: T201 - the figure is the point
    assert campaign.kills >= 2
    assert {job: payload["outcome"] for job, payload in again.items()} == {
        job: payload["outcome"] for job, payload in payloads.items()
    }
    for job, first in campaign.answers.items():
        assert first["outcome"] in {payloads[job]["outcome"], "UNKNOWN"}, (job, first, payloads[job])


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.bars)])
async def test_connections_that_drop_lose_nothing_and_repeat_nothing(
    vendor: RealVendor, tmp_path: Path, count: int
) -> None:
    """Broken, a bad line to the vendor would double writes, or tell that one was done that was not."""
    places = random.Random(count)  # noqa: S311 - places, not secrets
    writes, reads = (sorted(places.sample(range(1, most), most // 3)) for most in (count, count // 2))
    kinds = itertools.cycle(DROPS)
    vendor.misbehave(*(Fault(match="POST /", nth=nth, times=1, **next(kinds)) for nth in writes))
    vendor.misbehave(*(Fault(match="GET /", nth=nth, times=1, **next(kinds)) for nth in reads))
    server = KilledServer(tmp_path, vendor)
    campaign = Campaign(server, [Job(number) for number in range(count)], seed=count)
    try:
        await campaign.run(kill=False)
        payloads = await campaign.repeat()
        ledger = await campaign.list_ledger()
    finally:
        server.stop()

    outcomes = check_campaign(vendor, campaign.jobs, payloads, ledger)
    print(f"\n{count} mutations, {len(writes) + len(reads)} connections dropped: {outcomes}")  # noqa: T201 - the figure is the point
    assert any(answer["outcome"] == "UNKNOWN" for answer in campaign.answers.values())


async def test_a_server_that_is_told_to_stop_finishes_what_it_has_begun(vendor: RealVendor, tmp_path: Path) -> None:
    """Broken, every deployment would leave writes that nobody knows the end of."""
    vendor.behave()
    vendor.misbehave(Fault(kind="delay", match="subscriber", seconds=1.0))
    server, job = KilledServer(tmp_path, vendor), Job(0)
    campaign = Campaign(server, [job], seed=0)
    try:
        await asyncio.to_thread(server.start)
        asked = asyncio.ensure_future(campaign.ask_once(job))
        while not count_writes(vendor):  # noqa: ASYNC110 - the vendor lives in another thread
            await asyncio.sleep(0.02)
        await asyncio.to_thread(server.stop, signal.SIGTERM)
        answer = await asked
        await asyncio.to_thread(server.start)
        ledger = await campaign.list_ledger()
    finally:
        server.stop()

    assert answer is not None
    assert answer["outcome"] == "APPLIED"
    assert [(row["outcome"], row["state"]) for row in ledger] == [("APPLIED", "DONE")]


async def test_one_key_at_two_servers_over_one_ledger_is_one_write(
    vendor: RealVendor, tmp_path: Path, postgres_url: str
) -> None:
    """Broken, a load balancer with two replicas behind it would double what one client sends twice."""
    servers = [
        KilledServer(folder, vendor, {"MARKETING_GRAPH_LEDGER_URL": postgres_url})
        for folder in (tmp_path / "one", tmp_path / "two")
    ]
    job = Job(1)
    try:
        await asyncio.gather(*(asyncio.to_thread(server.start) for server in servers))
        clients = [Campaign(server, [job], seed=0) for server in servers]
        payloads = await asyncio.gather(*(clients[number % 2].ask_once(job) for number in range(AT_ONCE)))
    finally:
        for server in servers:
            server.stop()

    assert count_writes(vendor) == {job.ref: 1}
    assert all(payload == payloads[0] for payload in payloads)
    assert payloads[0] is not None
    assert payloads[0]["outcome"] == "APPLIED"
