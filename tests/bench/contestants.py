"""Who is measured: the graph, the servers it is compared with, and the limit."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.bench.processes import HERE, Server, free_port, running

PYTHON: Final = sys.executable
GRAPH: Final = "Marketing Graph"
JIT: Final = "graphql-yoga + graphql-jit"
LIMIT: Final = "handler written by hand, bare ASGI + aiohttp"

_SOURCES: Final = """
[sources.bench]
vendor = "taguchi_v4"
base_url = "{upstream}"
organization_id = 1
auth = {{ token = {{ env = "BENCH_TOKEN" }} }}
max_page = 2000
concurrency = 8
"""


@dataclass(frozen=True, slots=True)
class Contestant:
    """
    A server to measure.

    `{port}` in the command stands for the port it is given. `each` says whether it can be told to make one call per
    distinct id; the graph cannot.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def _node(script: str, *options: str) -> tuple[str, ...]:
    return ("node", str(HERE / "node" / script), *options)


def _uvicorn(module: str) -> tuple[str, ...]:
    app = f"tests.bench.python.{module}:app"
    return (PYTHON, "-m", "uvicorn", app, "--port", "{port}", "--log-level", "warning", "--no-access-log")


CONTESTANTS: Final = (
    Contestant(GRAPH, (PYTHON, "-m", "graph.cli", "serve", "--port", "{port}")),
    Contestant(JIT, _node("yoga.mjs", "--jit")),
    Contestant("graphql-yoga", _node("yoga.mjs")),
    Contestant("Apollo Server", _node("apollo.mjs")),
    Contestant("Strawberry + aiodataloader + httpx", _uvicorn("plain")),
    Contestant("handler written by hand, FastAPI + httpx", _uvicorn("handwritten_usual")),
    Contestant(LIMIT, _uvicorn("handwritten")),
)


@contextmanager
def vendor(delay_ms: float = 0) -> Iterator[Server]:
    """Run the upstream."""
    port = free_port()
    with running((PYTHON, "-m", "tests.bench.upstream", str(port), str(delay_ms)), port) as server:
        yield server


@contextmanager
def contestants(upstream: Server, folder: Path, calls: str, names: Sequence[str] = ()) -> Iterator[dict[str, Server]]:
    """Run every contestant over one upstream; `calls` is how the peers read records by id: `batched` or `each`."""
    sources = folder / "sources.toml"
    sources.write_text(_SOURCES.format(upstream=upstream.url), encoding="utf-8")
    with ExitStack() as stack:
        servers = {}
        for contestant in CONTESTANTS:
            if names and contestant.name not in names:
                continue
            port = free_port()
            environment = {
                "UPSTREAM": upstream.url,
                "CALLS": calls,
                "PORT": str(port),
                "NODE_ENV": "production",
                "BENCH_TOKEN": "bench-token",
                "MARKETING_GRAPH_SOURCES": str(sources),
                "MARKETING_GRAPH_CACHE": "false",
                "MARKETING_GRAPH_LIMIT_FIRST": "1000",
                **contestant.environment,
            }
            command = [word.format(port=port) for word in contestant.command]
            servers[contestant.name] = stack.enter_context(running(command, port, environment))
        yield servers
