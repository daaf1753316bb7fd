"""Generated clients: what a company's services are made with, from our schema to a call's answer."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.served_fixture import NODE_FOLDER, print_schema

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "tests" / "clients"
EXAMPLES = ROOT / "graph" / "playground" / "examples"
PYTHON = ROOT / ".venv-clients" / "bin" / "python"
LIMIT_S = 180

STATE = "VIC"
FILTER = {
    "state": {"eq": STATE},
    "unsubscribedAt": {"isNull": True},
    "birthDate": {"lt": "2000-01-01"},
    "not": {"bouncedAt": {"gte": "2020-01-01T00:00:00Z"}},
}


def run(command: list[str], folder: Path) -> str:
    """Run a step of making a client; what it complains of is the failure."""
    # without colours and questions; nothing of the test's own environment is a client's
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "NO_COLOR": "1", "CI": "1"}
    outcome = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )
    if outcome.returncode != 0:
        pytest.fail(f"{' '.join(command[1:3])} failed:\n{outcome.stdout}\n{outcome.stderr}", pytrace=False)
    return outcome.stdout


def prepare(kind: str, folder: Path) -> Path:
    """Copy a client's own files, beside the schema and every operation of the playground."""
    shutil.copytree(CLIENTS / kind, folder, dirs_exist_ok=True)
    shutil.copytree(EXAMPLES, folder / "operations")
    (folder / "schema.graphql").write_text(print_schema("--api"), encoding="utf-8")
    return folder


def ask(served: str) -> list[dict[str, Any]]:
    """Ask without any client what the clients ask."""
    query = (CLIENTS / "python" / "people.graphql").read_text()
    body = {"query": query, "variables": {"first": 5, "filter": FILTER}}
    reply = httpx.post(f"{served}/graphql", json=body, trust_env=False).json()
    nodes: list[dict[str, Any]] = reply["data"]["subscribers"]["nodes"]
    assert len(nodes) == 5
    return nodes


def list_joined(nodes: list[dict[str, Any]]) -> list[float]:
    times = [each["joinedAt"] for node in nodes for each in node["memberships"] if each["joinedAt"]]
    assert times
    return [datetime.fromisoformat(moment).timestamp() for moment in times]


@pytest.mark.node
def test_a_typescript_client_compiles_strictly_and_reads_people(served: str, node: str, tmp_path: Path) -> None:
    """A front end could not be made with types, or would read something else than was answered."""
    folder = prepare("typescript", tmp_path)
    (folder / "node_modules").symlink_to(NODE_FOLDER / "node_modules")

    run([node, "node_modules/@graphql-codegen/cli/cjs/bin.js"], folder)
    refused = compile_with_a_wrong_field(node, folder)
    found = json.loads(run([node, "built/people.js", f"{served}/graphql", STATE], folder))

    expected = ask(served)
    assert found == {"nodes": expected, "joined": list_joined(expected)}
    assert [line.partition("(")[0] for line in refused] == ["wrong.ts"]
    assert "Type 'number' is not assignable to type 'string'" in refused[0]


def compile_with_a_wrong_field(node: str, folder: Path) -> list[str]:
    """
    Compile the client beside a copy of it that gives a number for a text, and return what was refused.

    The copy shows that the types do not let everything through. Only its own errors stop it: the client is built too.
    """
    (folder / "wrong.ts").write_text(
        (folder / "people.ts").read_text().replace("state: { eq: state }", "state: { eq: 7 }")
    )
    settings = json.loads((folder / "tsconfig.json").read_text())
    settings["include"].append("wrong.ts")
    (folder / "tsconfig.json").write_text(json.dumps(settings))
    with pytest.raises(pytest.fail.Exception) as failed:
        run([node, "node_modules/typescript/bin/tsc", "--pretty", "false"], folder)
    return re.findall(r"^\S+\(\d+,\d+\): error .*$", str(failed.value), re.MULTILINE)


def test_a_python_client_passes_mypy_strictly_and_reads_people(served: str, tmp_path: Path) -> None:
    """A service could not be made with types, or would read something else than was answered."""
    if not PYTHON.exists():
        pytest.fail("This test needs the generator in .venv-clients: run `make setup`.", pytrace=False)
    folder = prepare("python", tmp_path)
    (folder / "people.graphql").rename(folder / "operations" / "people.graphql")

    run([str(PYTHON), "-m", "ariadne_codegen"], folder)
    run([str(PYTHON), "-m", "mypy", "people.py", "marketing_client"], folder)
    found = json.loads(run([str(PYTHON), "people.py", f"{served}/graphql", STATE], folder))

    expected = ask(served)
    assert found == {"nodes": expected, "joined": list_joined(expected)}
    assert "datetime" in (folder / "marketing_client" / "people.py").read_text()


@pytest.mark.parametrize("file", ["typescript/codegen.ts", "python/pyproject.toml"])
def test_the_readme_shows_the_settings_that_are_tested(file: str) -> None:
    """Whoever copies the README would get other types than those that are tested here."""
    readme = (ROOT / "README.md").read_text()
    text = (CLIENTS / file).read_text()
    shown = text if file.endswith(".ts") else text.partition("\n[tool.mypy]")[0]

    assert f"\n{shown.strip()}\n```" in readme


def test_the_generators_live_apart_from_the_graph() -> None:
    """The generator wants an older graphql-core: in one environment it would silently bring back an old Strawberry."""
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints-clients.txt").read_text(), re.MULTILINE))

    assert pins["graphql-core"].startswith("3.2.")
    assert "strawberry-graphql" not in pins
    assert PYTHON.parent != Path(sys.executable).parent
