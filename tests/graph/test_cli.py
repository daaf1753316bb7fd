"""The command line, as somebody would use it who has just installed it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from adapters.registry import find_vendors
from graph.cli import main
from graph.server.app import create_app
from graph.settings import load_settings
from tests.graph.conftest import connect

QUERY = "{ subscribers(first: 2) { nodes { email } } }"


@contextmanager
def _running(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start a command that serves, and give it with what it prints until it is ready."""
    command = [sys.executable, "-u", "-m", "graph.cli", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, _read_announcement(process)
        finally:
            process.kill()


_CLIENT_LIMIT_S = 10


def _time_post(url: str) -> float:
    """Post twice over one connection and time the second, which is the one that would wait."""
    with httpx.Client(trust_env=False, timeout=_CLIENT_LIMIT_S) as client:
        client.post(url, json={"query": "{ __typename }"})
        started = time.perf_counter()
        client.post(url, json={"query": "{ __typename }"})
        return time.perf_counter() - started


def _read_announcement(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith(("over ", "# then")):
            break
    return "".join(lines)


def test_serve_says_where_and_what_and_stops_cleanly() -> None:
    """Whoever starts it needs the address; whoever stops it needs no traceback."""
    started = time.monotonic()
    with _running("serve", "--port", "0") as (process, announced):
        ready_s = time.monotonic() - started
        address = re.search(r"http://127\.0\.0\.1:\d+/graphql", announced)
        assert address is not None
        assert all(f"{name} ({name})" in announced for name in find_vendors())
        answer = httpx.post(address[0], json={"query": QUERY}, trust_env=False)
        pace_s = min(_time_post(address[0]) for _ in range(20))
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=15)

    assert len(answer.json()["data"]["subscribers"]["nodes"]) == 2
    assert "server" not in answer.headers
    assert pace_s < 0.03, "an answer waits for the client's delayed acknowledgement, as without TCP_NODELAY"
    assert (process.returncode, complaints) == (0, "")
    assert ready_s < 15


async def test_the_sandbox_prints_what_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The printed lines must work as they stand: real HTTP, real settings, real secrets by environment."""
    with _running("sandbox", "--port", "0") as (_, announced):
        file = tmp_path / "sources.toml"
        file.write_text("\n".join(line for line in announced.splitlines() if not line.startswith("export ")))
        for name, value in re.findall(r"^export (\w+)='([^']*)'$", announced, re.MULTILINE):
            monkeypatch.setenv(name, value)
        app = create_app(load_settings(sources=file))
        async with app.router.lifespan_context(app), connect(app) as client:
            answer = await client.post("/graphql", json={"query": QUERY}, headers={"X-Explain": "1"})

    exported = re.findall(r"^export .*$", announced, re.MULTILINE)
    assert exported
    assert len(set(exported)) == len(exported)
    assert list(tomllib.loads(file.read_text())["sources"]) == list(find_vendors())
    assert len(answer.json()["data"]["subscribers"]["nodes"]) == 2
    assert answer.json()["extensions"]["plan"]["calls"][0]["status"] == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.example.com", ""])  # noqa: S104
def test_serving_off_this_machine_is_refused(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without authentication, whoever reaches the server reads every subscriber."""
    assert main(["serve", "--host", host]) == 2
    assert "no authentication" in capsys.readouterr().err


def test_a_taken_port_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback of the event loop tells nobody to choose another port."""
    with _running("serve", "--port", "0") as (_, announced):
        port = announced.rpartition("/graphql")[0].rpartition(":")[2]

        assert main(["serve", "--port", port]) == 2
    assert f"127.0.0.1:{port}" in capsys.readouterr().err


def test_bad_sources_stop_the_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The operator gets file, line and fix, and no server that answers errors all day."""
    file = tmp_path / "sources.toml"
    file.write_text('[sources.retail]\nvendor = "taguchi"\n')

    assert main(["serve", "--sources", str(file)]) == 2
    assert f"{file}:2: " in capsys.readouterr().err


def test_a_bad_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A limit that is silently not understood would not limit."""
    monkeypatch.setenv("MARKETING_GRAPH_LIMIT_DEPTH", "deep")

    assert main(["serve"]) == 2
    assert "MARKETING_GRAPH_LIMIT_DEPTH" in capsys.readouterr().err


@pytest.mark.parametrize(("options", "has_key"), [([], True), (["--api"], False)])
def test_the_schema_is_printed_with_or_without_its_gateway_parts(
    options: list[str], has_key: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Composers need the first, linters and generators take only the second."""
    assert main(["schema", *options]) == 0

    printed = capsys.readouterr().out
    assert "type Query" in printed
    assert ("@key" in printed) is has_key


def test_explain_shows_the_calls_without_making_any(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sources of the file do not exist: an explanation that called them would fail."""
    sources = tmp_path / "sources.toml"
    sources.write_text(
        '[sources.retail]\nvendor = "taguchi_v4"\nbase_url = "http://127.0.0.1:9"\norganization_id = 7\n'
        'auth = { token = { file = "token" } }\n'
    )
    token = tmp_path / "token"
    token.write_text("s3cret")
    document = tmp_path / "people.graphql"
    document.write_text(
        'query Other { __typename } query People($n: Int!, $end: String!) { subscribers(first: $n, source: "retail", '
        "filter: {email: {endsWith: $end}}) { nodes { campaign { name } } } "
        "lists { nodes { members(first: 3) { nodes { email } } } } }"
    )
    variables = json.dumps({"n": 7, "end": "@x.example"})

    command = ["explain", str(document), "--operation", "People", "--variables", variables, "--sources", str(sources)]
    status = main(command)
    printed = capsys.readouterr()

    assert (status, printed.err) == (0, "")
    assert "s3cret" not in printed.out
    assert "GET /admin/api/7/subscriber/?query=email-like-%25%40x.example&sort=id&order=asc" in printed.out
    assert "subscribers.nodes.campaign: look-ups by key, many in one call; 1 to 7 vendor calls" in printed.out
    assert "lists.nodes.members: a page below each, read one by one; 25 to 250 vendor calls" in printed.out


@pytest.mark.parametrize(
    ("document", "variables", "complaint"),
    [
        ("{", "{}", "Syntax Error"),
        ("{ nope }", "{}", "Cannot query field 'nope'"),
        ("query($n: Int!) { __typename lists(first: $n) { nodes { id } } }", "{}", "$n"),
        ("query($a: Boolean = true) { sources @skip(if: $a) { id } }", '{"a": null}', "'if'"),
        ("{ __typename }", "[]", "not a JSON object"),
        ("{ __typename }", "{", "not JSON"),
        ("query A { __typename } query B { __typename }", "{}", "names none"),
    ],
)
def test_explain_refuses_what_the_server_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], document: str, variables: str, complaint: str
) -> None:
    """An explanation of what would never run is a lie."""
    file = tmp_path / "operation.graphql"
    file.write_text(document)

    assert main(["explain", str(file), "--variables", variables]) == 2
    assert complaint in capsys.readouterr().err


def test_explain_says_when_its_file_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing file is no traceback."""
    assert main(["explain", str(tmp_path / "missing.graphql")]) == 2
    assert "missing.graphql cannot be read" in capsys.readouterr().err


def test_the_command_is_found_from_any_folder(tmp_path: Path) -> None:
    """The package is an application: it must not lean on the folder it was made in."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    outcome = subprocess.run(
        [sys.executable, "-m", "graph.cli", "schema"], cwd=tmp_path, env=environment, capture_output=True, check=True
    )

    assert b"type Query" in outcome.stdout
