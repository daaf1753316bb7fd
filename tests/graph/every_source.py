"""
The graph over every vendor's sandbox, with the control path of each.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from adapters.registry import find_vendors
from tests.graph.conftest import Graph

OpenGraph = Callable[..., AbstractAsyncContextManager[Graph]]

EVERY: Final = sorted(find_vendors())
THOMAS: Final = "thomas_1@example.com"
"""The first of the cast, whom every sandbox knows."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The graph over all sandboxes, with the control path of each."""

    graph: Graph
    doors: Mapping[str, httpx.AsyncClient]

    async def ask(self, query: str, **variables: Any) -> Any:
        """Run an operation that must succeed, and return its data."""
        body = await self.graph.run(query, **variables)
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def misbehave(self, vendor: str, **fault: Any) -> None:
        """Put a fault in force at one vendor."""
        assert (await self.doors[vendor].post("/_sandbox/faults", json=fault)).status_code == 200

    async def count_calls(self) -> dict[str, int]:
        """Return how many calls each vendor received, where any."""
        received = {name: len((await door.get("/_sandbox/calls")).json()) for name, door in self.doors.items()}
        return {name: count for name, count in received.items() if count}


@asynccontextmanager
async def open_every(open_graph: OpenGraph, **settings: Any) -> AsyncIterator[Sources]:
    """Open the graph over every vendor, in a hurry; faults are taken back at the end."""
    async with open_graph(vendors=EVERY, **{"limit_deadline_s": 3.0, **settings}) as graph:
        doors = dict(zip(EVERY, graph.vendors, strict=True))
        try:
            yield Sources(graph, doors)
        finally:
            for door in doors.values():
                await door.delete("/_sandbox/faults")
