"""The distribution: its names are ours alone, and what pip makes of a clean checkout serves from any folder."""

import importlib.metadata
import shutil
import subprocess
import venv
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.served_fixture import serving

DIST_INFO: Final = f"marketing_graph-{importlib.metadata.version('marketing-graph')}.dist-info"
ROOT: Final = Path(__file__).parent.parent
NOT_IN_A_CLONE: Final = shutil.ignore_patterns(
    ".git", ".venv*", "node_modules", "static", "__pycache__", ".*_cache", ".hypothesis", "dist", "build"
)


@pytest.mark.parametrize("name", ["graph", "resolvers", "adapters"])
def test_no_other_distribution_has_our_names(name: str) -> None:
    """Our packages have plain names: another distribution with one of them would be imported in our place, or by us."""
    owners = importlib.metadata.packages_distributions().get(name, [])

    assert set(owners) <= {"marketing-graph"}


@pytest.mark.bars
def test_an_installed_wheel_serves_from_any_folder(tmp_path: Path) -> None:
    """`pip install .` would give a command that starts only in the checkout, or a playground without its files."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT, checkout, ignore=NOT_IN_A_CLONE)
    python = _install(checkout, tmp_path / "environment")

    with serving([str(python.with_name("marketing-graph"))], tmp_path) as url:
        answer = httpx.post(f"{url}/graphql", json={"query": "{ __typename }"}, trust_env=False)
        page = httpx.get(f"{url}/graphql", headers={"Accept": "text/html"}, trust_env=False)

    assert answer.json()["data"] == {"__typename": "Query"}
    assert "graphql/assets/page-" in page.text
    assert {path.parts[0] for path in _own_files(python)} - {"..", "graph", "resolvers", "adapters"} == {DIST_INFO}
    assert Path("graph/playground/build_hook.py") not in _own_files(python)


def _install(checkout: Path, environment: Path) -> Path:
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    constraints = ("-c", str(checkout / "constraints.txt"))
    command = [
        str(python),
        "-m",
        "pip",
        "--require-virtualenv",
        "install",
        "-qq",
        "--no-input",
        *constraints,
        str(checkout),
    ]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert outcome.returncode == 0, outcome.stderr
    return python


def _own_files(python: Path) -> set[Path]:
    script = "from importlib.metadata import files; print(*files('marketing-graph'), sep='\\n')"
    command = [str(python), "-c", script]
    listing = subprocess.run(command, capture_output=True, text=True, check=True, cwd=python.parent).stdout
    return {Path(line) for line in listing.splitlines()}
