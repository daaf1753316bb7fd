"""Writes what was measured as Markdown."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from tests.bench.contestants import GRAPH, LIMIT
from tests.bench.documents import DocumentTimes
from tests.bench.processes import HERE
from tests.bench.rounds import CONNECTIONS, Figures

Rows = Sequence[Sequence[str]]


def write_load(by_size: Mapping[int, Mapping[str, Figures]]) -> str:
    """Write the processor time of each page size, as a multiple of the graph's too, and the rates at 100."""
    sizes = list(by_size)
    names = list(by_size[sizes[0]])
    head = [
        "",
        *("1 person" if size == 1 else f"{size:,} people" for size in sizes),
        "against the graph, at 100",
        "answers/s, at 100",
    ]
    rows = []
    for name in names:
        ratio = by_size[100][name].cpu / by_size[100][GRAPH].cpu
        cells = [f"{by_size[size][name].cpu:.2f} ms" for size in sizes]
        rows.append([_mark(name), *cells, f"{ratio:.2f}", f"{by_size[100][name].rate:,.0f}"])
    return _write_table(head, rows)


def write_waiting(figures: Mapping[str, Figures]) -> str:
    """Write times, calls and processor time over a slow vendor."""
    head = ["", "p50", "vendor calls", "processor"]
    rows = [
        [_mark(name), f"{each.p50:,.0f} ms", f"{each.calls[-1]:.0f}", f"{each.cpu:.1f} ms"]
        for name, each in figures.items()
    ]
    return _write_table(head, rows)


def write_bars(by_size: Mapping[int, Mapping[str, Figures]], peak_mb: float, documents: DocumentTimes) -> str:
    """Write what else was asked of the graph."""
    graph = {size: figures[GRAPH].cpu for size, figures in by_size.items()}
    growth = (
        f"{graph[1_000] / graph[100]:.1f} times the time of 100" if {100, 1_000} <= graph.keys() else "not measured"
    )
    lines = (
        f"1,000 people take {growth}.",
        f"200 pages of 1,000 at {CONNECTIONS} connections: at most {peak_mb:.0f} MB resident.",
        f"A new document is made ready in {documents.new_ms:.1f} ms, a known one in {documents.known_ms:.3f} ms.",
    )
    return "\n".join(f"- {line}" for line in lines)


def describe_machine() -> str:
    """Say what was measured on what."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _read("/proc/cpuinfo").splitlines() if "model name" in line), "?"
    )
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    ours = ", ".join(f"{name} {version(name)}" for name in ("graphql-core", "strawberry-graphql", "aiohttp", "uvicorn"))
    theirs = ", ".join(f"{name} {_read_version(name)}" for name in ("graphql-yoga", "graphql-jit", "@apollo/server"))
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{os.cpu_count()} cores ({cpu}), Linux {platform.release()}, load {load}; "
        f"Python {platform.python_version()}, {ours}; "
        f"Node {node}, graphql {_read_version('graphql')}, {theirs}."
    )


def _read_version(package: str) -> str:
    return str(json.loads(_read(HERE / "node" / "node_modules" / package / "package.json"))["version"])


def _read(path: str | Path) -> str:
    return Path(path).read_text(encoding="utf-8")


def _mark(name: str) -> str:
    return f"**{name}**" if name == GRAPH else f"_{name}_" if name == LIMIT else name


def _write_table(head: Sequence[str], rows: Rows) -> str:
    lines = [head, ["---", *("--:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
