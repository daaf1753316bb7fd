"""
The outside view: our real server in a process of its own, and the Node suites of `tests/node` that judge it.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

OUR_COMMAND: Final = (sys.executable, "-m", "graph.cli")
NODE_FOLDER: Final = Path(__file__).parent / "node"
START_LIMIT_S: Final = 30.0
NODE_LIMIT_S: Final = 120.0

RunNode = Callable[..., Any]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address, `http://127.0.0.1:…`, of the real server over the embedded sandbox."""
    with serving(OUR_COMMAND, tmp_path_factory.mktemp("served")) as url:
        yield url


@contextmanager
def serving(command: Sequence[str], folder: Path) -> Iterator[str]:
    """
    Run `command` serve on a free port until the block ends, and yield its address once it is healthy.

    It runs in `folder` without our environment variables, as it would for somebody who has just installed it.
    """
    port = _free_port()
    log = folder / "server.log"
    arguments = [*command, "serve", "--host", "127.0.0.1", "--port", str(port)]
    with (
        log.open("wb") as output,
        subprocess.Popen(arguments, cwd=folder, env=_clean_environment(), stdout=output, stderr=output) as server,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            _await_health(url, server, log)
            yield url
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def node() -> str:
    """Return the path of Node; fails without it and without the packages of `tests/node`."""
    # the environment's own folder holds Node when it was brought by package
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    found = shutil.which("node", path=places)
    if found is None or not (NODE_FOLDER / "node_modules").is_dir():
        pytest.fail(
            "These tests need Node 20 or newer and the npm packages of tests/node: run `make setup`.", pytrace=False
        )
    return found


@pytest.fixture(scope="session")
def run_node(node: str) -> RunNode:
    """Return a function that runs a script of `tests/node` and returns the JSON it prints."""

    def run(script: str, *arguments: str, given: Any = None) -> Any:
        outcome = subprocess.run(
            [node, script, *arguments],
            cwd=NODE_FOLDER,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=NODE_LIMIT_S,
            check=False,
        )
        if outcome.returncode != 0:
            pytest.fail(f"node {script} ended with status {outcome.returncode}:\n{outcome.stderr}", pytrace=False)
        return json.loads(outcome.stdout)

    return run


def print_schema(*options: str) -> str:
    """Return what `marketing-graph schema` prints."""
    command = [*OUR_COMMAND, "schema", *options]
    return subprocess.run(command, env=_clean_environment(), capture_output=True, text=True, check=True).stdout


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("MARKETING_GRAPH_")}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _await_health(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + START_LIMIT_S
    with httpx.Client(trust_env=False) as client:  # one for all attempts: each reads whom it trusts
        while not _is_healthy(client, url):
            if server.poll() is not None or time.monotonic() > give_up_at:
                pytest.fail(f"The server did not start:\n{log.read_text(errors='replace')}", pytrace=False)
            time.sleep(0.05)


def _is_healthy(client: httpx.Client, url: str) -> bool:
    try:
        return client.get(f"{url}/health").is_success
    except httpx.TransportError:
        return False
