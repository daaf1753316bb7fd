"""
What a newcomer waits for, measured: from a fresh clone to the first answer, a start after that, and memory at rest.

Run it on a machine that does nothing else: `make bars`, or `.venv/bin/pytest -m bars tests/bars/test_first_use.py -s`.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
import pytest

ROOT: Final = Path(__file__).parents[2]
QUERY: Final = "{ subscribers(first: 2) { nodes { vendorId campaign { name } memberships { list { name } } } } }"

FIRST_ANSWER_S: Final = 90
START_S: Final = 3
IDLE_MEMORY_MB: Final = 150

pytestmark = pytest.mark.bars


def test_a_fresh_clone_answers_its_first_query_in_time(tmp_path: Path) -> None:
    """A newcomer would give up before the first answer."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)

    with started("make", "serve", folder=clone, limit_s=3 * FIRST_ANSWER_S) as (_, took_s):
        print(f"\nfresh clone to first answer: {took_s:.1f} s")  # noqa: T201 - the figure is the point

    assert took_s < FIRST_ANSWER_S


def test_a_start_after_that_is_quick_and_small(tmp_path: Path) -> None:
    """A restart would interrupt the work, or the graph would not fit beside it."""
    takes = []
    for _ in range(3):
        command = (sys.executable, "-m", "graph.cli", "serve", "--port")
        with started(*command, folder=tmp_path, limit_s=30) as (pid, took_s):
            takes.append(took_s)
            time.sleep(2)
            memory_mb = read_memory_mb(pid)
    print(f"\nstart {sorted(takes)[1]:.2f} s (median of 3), resident {memory_mb:.0f} MB")  # noqa: T201 - the figure is the point

    assert sorted(takes)[1] < START_S
    assert memory_mb < IDLE_MEMORY_MB


@contextmanager
def started(*command: str, folder: Path, limit_s: float) -> Iterator[tuple[int, float]]:
    """Start a server, ask it until it answers, and yield its process id with the seconds that took."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    whole = [*command, f"PORT={port}"] if command[0] == "make" else [*command, str(port)]
    clean = {name: value for name, value in os.environ.items() if not re.match(r"MARKETING_GRAPH_|VIRTUAL_ENV", name)}
    begun = time.monotonic()
    server = subprocess.Popen(whole, cwd=folder, env=clean, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        ask_until_answered(f"http://127.0.0.1:{port}/graphql", begun + limit_s, server)
        yield server.pid, time.monotonic() - begun
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(10)


def ask_until_answered(url: str, until: float, server: "subprocess.Popen[bytes]") -> None:
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended before it answered"
        try:
            answer = httpx.post(url, json={"query": QUERY}, trust_env=False, timeout=30).json()
        except httpx.TransportError:
            time.sleep(0.05)
            continue
        assert len(answer["data"]["subscribers"]["nodes"]) == 2
        return
    pytest.fail("the server did not answer in time")


def read_memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024
