"""
Vendors that fail, over real sockets: the write column of the fault matrix, at every vendor, from wire to payload.
"""

import itertools
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from adapters.contract import SandboxParts
from adapters.sandbox import Fault
from adapters.sandbox.app import SandboxApp
from graph.server.app import create_app
from graph.server.emulators import Emulator, Emulators, open_emulators
from graph.settings import load_settings
from tests.graph.bulk_words import read_outcome
from tests.graph.conftest import connect
from tests.graph.every_source import EVERY
from tests.graph.every_writer import build_write, fill_small
from tests.graph.real_vendor import free_port, serving
from tests.graph.test_faults import UNSPOKEN
from tests.graph.write_fault_table import APART, BLIND, CELLS, GOOD, INAPPLICABLE, PROBES, Cell, Probe

ATTEMPT_S: Final = 0.5
TRIES: Final = 12
QUICK_S: Final = 0.5
_UNAVAILABLE: Final = 503
WORDS: Final = itertools.count(1)
SHOWN: Final = (
    "outcome errors { code reason message retryable vendorStatus vendorMessage } operation { id outcome check }"
)


@dataclass(frozen=True, slots=True)
class Served:
    """Every vendor's sandbox behind one server."""

    url: str
    emulators: Emulators

    def describe(self, vendor: str, address: str | None) -> str:
        """Write the source of a vendor, at its sandbox or at another address."""
        (emulator,) = (each for each in self.emulators.all if each.vendor == vendor)
        lines = [*emulator.describe(self.url), f"attempt_s = {ATTEMPT_S}"]
        if address is not None:
            origin = address.format(closed=free_port(), open=self.url.rpartition(":")[2])
            lines = [line.replace(self.url, origin) for line in lines if not line.startswith("management")]
            lines.append("allow_private = true")
        return "\n".join(lines)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """All sandboxes, for all tests here."""
    emulators = Emulators(tuple(map(_make_small, open_emulators().all)))
    with serving(emulators) as url:
        yield Served(url, emulators)
    emulators.close()


def _make_small(emulator: Emulator) -> Emulator:
    if emulator.vendor != "taguchi_v4":
        return emulator
    return replace(emulator, parts=SandboxParts(fill_small().app, emulator.parts.table))


@dataclass(frozen=True, slots=True)
class World:
    """The graph over one vendor, and the door to its sandbox."""

    served: Served
    vendor: str
    client: httpx.AsyncClient

    @property
    def sandbox(self) -> SandboxApp:
        """The sandbox's inside: what it received, and its faults."""
        app = next(each.parts.app for each in self.served.emulators.all if each.vendor == self.vendor)
        assert isinstance(app, SandboxApp)
        return app

    def misbehave(self, *faults: Fault) -> None:
        """Put faults in force."""
        self.sandbox._faults.add(*faults)

    def behave(self) -> None:
        """Take every fault back."""
        self.sandbox._faults.clear()

    def count_sent(self, probe: Probe) -> int:
        """How often the call that changes something was received."""
        return sum(probe.call in call.line for call in self.sandbox._calls.entries)

    async def write(self, probe: Probe) -> "Told":
        """Send the vendor's write."""
        name = probe.mutation
        given = {"input": probe.build(f"w{next(WORDS)}")}
        answer = await self.client.post("/graphql", json={"query": build_write(name, SHOWN), "variables": given})
        assert answer.status_code == 200
        assert "retry-after" not in answer.headers
        return Told(answer.json(), name)


@dataclass(frozen=True, slots=True)
class Told:
    """What a client is told of a write; one that is refused before it is recorded was never sent."""

    body: Any
    name: str

    @property
    def outcome(self) -> str:
        payload = self.body["data"][self.name]
        return "NOT_SENT" if payload is None else str(read_outcome({**payload})["outcome"])

    @property
    def error(self) -> Any:
        payload = self.body["data"][self.name]
        told = payload["errors"] if payload else [error["extensions"] for error in self.body["errors"]]
        return told[0] if told else {}

    @property
    def code(self) -> str | None:
        code: str | None = self.error.get("code")
        return code

    @property
    def reason(self) -> str | None:
        reason: str | None = self.error.get("reason")
        return reason

    @property
    def text(self) -> str:
        return json.dumps(self.body)


@asynccontextmanager
async def open_world(
    served: Served, vendor: str, folder: Path, monkeypatch: pytest.MonkeyPatch, address: str | None = None
) -> AsyncIterator[World]:
    """Open the graph over one vendor as an operator would, with nothing wrong and nothing received."""
    file = folder / "sources.toml"
    file.write_text(served.describe(vendor, address), encoding="utf-8")
    for emulator in served.emulators.all:
        for line in emulator.exports():
            name, _, value = line.removeprefix("export ").partition("=")
            monkeypatch.setenv(name, value.strip("'"))
    app = create_app(load_settings(sources=file, cache=False, limit_deadline_s=5.0))
    async with app.router.lifespan_context(app), connect(app) as client:
        world = World(served, vendor, client)
        world.behave()
        world.sandbox._calls.clear()
        yield world
        world.behave()


def build_fault(cell: Cell, probe: Probe) -> Fault | None:
    """Build the fault of a cell at a vendor."""
    if cell.body is not None:
        body = probe.odd[cell.body] if cell.body in probe.odd else getattr(probe, cell.body)
        return Fault("json", body=body or UNKNOWN_ERROR, match=probe.call, applied=True)
    return None if cell.fault is None else replace(cell.fault, match=probe.call)


def expect(cell: Cell, probe: Probe) -> tuple[str, str | None, set[int]]:
    """The outcome of a cell at a vendor, the error's code, and how often the call may go out."""
    if cell.body == "refusal" and probe.refusal is None:
        return "UNKNOWN", "OUTCOME_UNKNOWN", {1}
    if probe.data_503 and cell.fault is not None and cell.fault.status == _UNAVAILABLE and cell.sends > 1:
        return "NOT_SENT", "VENDOR_UNAVAILABLE", {1}
    sends = {probe.blind_sends} if cell.sends == BLIND else {cell.sends}
    renewed = {2} if cell.code == "VENDOR_AUTH" and probe.renews else set()
    return (probe.good if cell.outcome == GOOD else cell.outcome), cell.code, sends | renewed


ALL: Final = [(name, vendor) for name in CELLS for vendor in EVERY]
UNKNOWN_ERROR: Final = '{"error":"auth expired","trace":"at /srv/app.php:7"}'


@pytest.mark.parametrize(("name", "vendor"), ALL, ids=[f"{name}-{vendor}" for name, vendor in ALL])
async def test_the_fate_of_a_write_is_told(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, vendor: str
) -> None:
    """A write would be sent twice, be called done or failed when nobody knows, or be doubted when it is known."""
    cell, probe = CELLS[name], PROBES[vendor]
    outcome, code, sends = expect(cell, probe)
    async with open_world(served, vendor, tmp_path, monkeypatch, cell.address) as world:
        fault = build_fault(cell, probe)
        if fault is not None:
            world.misbehave(fault)
        told = await world.write(probe)
        sent = world.count_sent(probe)
        world.behave()
        after = await world.write(probe) if cell.address is None and "429" not in name else None

    assert (told.outcome, told.code) == (outcome, code), told.text
    assert sent in sends
    assert not cell.reasons or told.reason in cell.reasons
    assert outcome != "NOT_SENT" or told.error["retryable"] is True
    assert UNSPOKEN.search(told.text) is None
    assert after is None or after.outcome == probe.good, after.text


@pytest.mark.parametrize("vendor", EVERY)
async def test_a_certificate_that_is_not_trusted_is_in_the_log(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, vendor: str
) -> None:
    """An operator would not learn that somebody may stand between us and the vendor."""
    async with open_world(served, vendor, tmp_path, monkeypatch, CELLS["no TLS"].address) as world:
        await world.write(PROBES[vendor])

    alarms = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert any(vendor in alarm and "TLS" in alarm for alarm in alarms), alarms


async def test_a_vendor_that_is_down_is_left_alone(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vendor in trouble would be hammered, and every writer wait for it in vain."""
    for vendor, probe in PROBES.items():
        async with open_world(served, vendor, tmp_path, monkeypatch) as world:
            world.misbehave(Fault("reset"))
            for _ in range(TRIES):
                await world.write(probe)
            world.sandbox._calls.clear()
            started = time.perf_counter()
            told = await world.write(probe)
            spent_s = time.perf_counter() - started

            assert (told.outcome, told.code, told.reason) == ("NOT_SENT", "VENDOR_UNAVAILABLE", "BREAKER_OPEN"), vendor
            assert world.sandbox._calls.entries == ()
            assert spent_s < QUICK_S


def test_every_row_of_the_matrix_is_tried() -> None:
    """A cell that nobody tries is one that nobody knows."""
    assert set(PROBES) == set(EVERY)
    assert len(ALL) == len(CELLS) * len(EVERY)
    assert not set(CELLS) & {*INAPPLICABLE, *APART}
    assert all(name in globals() for name in APART.values())
