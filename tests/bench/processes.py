"""Server processes, and what a process with all its children has spent."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]

_START_LIMIT_S: Final = 60.0
_TICK_MS: Final = 1000 / os.sysconf("SC_CLK_TCK")
_USER, _SYSTEM, _PARENT = 11, 12, 1


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its first process, and its address without a path."""

    pid: int
    url: str

    def cpu_ms(self) -> float:
        """Return the processor time that the process tree has used."""
        return sum(_read_cpu_ms(pid) for pid in list_tree(self.pid))

    def resident_mb(self) -> float:
        """Return the memory that the process tree holds now."""
        return sum(_read_status_kb(pid, "VmRSS:") for pid in list_tree(self.pid)) / 1024

    def peak_mb(self) -> float:
        """Return the most memory that the first process has held."""
        return _read_status_kb(self.pid, "VmHWM:") / 1024


@contextmanager
def running(command: Sequence[str], port: int, environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run a server that listens on `port` until the block ends."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **(environment or {})},
    )
    try:
        _await_port(port, process)
        yield Server(process.pid, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def list_tree(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    parents = {int(each.name): _read_stat(int(each.name)) for each in Path("/proc").iterdir() if each.name.isdigit()}
    tree, fresh = [pid], [pid]
    while fresh:
        fresh = [each for each, stat in parents.items() if stat and int(stat[_PARENT]) in fresh]
        tree += fresh
    return tree


def _read_cpu_ms(pid: int) -> float:
    stat = _read_stat(pid)
    return (int(stat[_USER]) + int(stat[_SYSTEM])) * _TICK_MS if stat else 0.0


def _read_stat(pid: int) -> list[str]:
    """Return the fields of a process from its state on; its name, which comes before, may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _read_status_kb(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def _await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{process.args!r} does not listen on port {port}")
