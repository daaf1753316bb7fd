"""Measures servers side by side: each in turn, round after round, so that a busy moment meets them all."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Final

import httpx

from tests.bench.load import ask_many, build_body
from tests.bench.processes import Server

CONNECTIONS: Final = 16
WARM_UP, WARM_UP_SIZE = 320, 100
OPERATIONS: Final[Mapping[int, int]] = {1: 640, 10: 640, 100: 240, 1_000: 24}
"""How many operations of each page size make a round."""

ONE_BY_ONE: Final = 10


@dataclass(slots=True)
class Figures:
    """What one server did, round by round: processor milliseconds an operation, and operations a second."""

    cpu_ms: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    times_ms: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)

    @property
    def cpu(self) -> float:
        """The median round's processor milliseconds an operation."""
        return median(self.cpu_ms)

    @property
    def rate(self) -> float:
        """The median round's operations a second."""
        return median(self.per_second)

    @property
    def p50(self) -> float:
        """The median of all answers' times."""
        return median(self.times_ms)


def warm_up(servers: Mapping[str, Server]) -> None:
    """Let every server compile what it will."""
    for server in servers.values():
        ask_many(f"{server.url}/graphql", build_body(WARM_UP_SIZE), WARM_UP, CONNECTIONS)


def measure_load(servers: Mapping[str, Server], size: int, rounds: int) -> dict[str, Figures]:
    """Measure pages of one size at 16 connections."""
    figures = {name: Figures() for name in servers}
    count, body = OPERATIONS[size], build_body(size)
    for _ in range(rounds):
        for name, server in servers.items():
            spent_ms, started = server.cpu_ms(), time.perf_counter()
            ask_many(f"{server.url}/graphql", body, count, CONNECTIONS)
            figures[name].per_second.append(count / (time.perf_counter() - started))
            figures[name].cpu_ms.append((server.cpu_ms() - spent_ms) / count)
    return figures


def measure_waiting(servers: Mapping[str, Server], upstream: Server, size: int, rounds: int) -> dict[str, Figures]:
    """Measure pages one after the other over a vendor that lets itself be waited for, and count the calls to it."""
    figures = {name: Figures() for name in servers}
    body = build_body(size)
    for _ in range(rounds):
        for name, server in servers.items():
            spent_ms, before = server.cpu_ms(), _read_calls(upstream)
            figures[name].times_ms += ask_many(f"{server.url}/graphql", body, ONE_BY_ONE, 1)
            figures[name].calls.append((_read_calls(upstream) - before) / ONE_BY_ONE)
            figures[name].cpu_ms.append((server.cpu_ms() - spent_ms) / ONE_BY_ONE)
    return figures


def _read_calls(upstream: Server) -> int:
    return int(httpx.get(f"{upstream.url}/calls", trust_env=False).text)
