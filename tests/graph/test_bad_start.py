"""A bad `sources.toml` stops the start: exit status 2, one line with file, line and fix."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from graph.cli import main

GOOD = """[sources.retail]
vendor = "taguchi_v4"
base_url = "https://edm2.taguchimail.com"
organization_id = 1
auth = { token = { env = "RETAIL_TOKEN" } }
"""
STARTS: dict[str, tuple[str, int, Sequence[str]]] = {
    "unknown vendor": (GOOD.replace("taguchi_v4", "taguchy_v4"), 2, ["no vendor 'taguchy_v4'", "taguchi_v4"]),
    "unknown key": (GOOD + "max_pages = 5\n", 6, ["no key 'max_pages'", "Did you mean 'max_page'?"]),
    "missing secret": (GOOD.replace("RETAIL_TOKEN", "NOT_THERE"), 5, ["NOT_THERE is not set", "Set it"]),
    "plain-text secret": (GOOD.replace('{ env = "RETAIL_TOKEN" }', '"hunter2"'), 5, ["plain text", "{ env ="]),
    "http to a public host": (GOOD.replace("https:", "http:"), 3, ["https://"]),
    "not TOML": (GOOD + "max_page 5\n", 6, ["not TOML", "Correct this line"]),
}


@pytest.mark.parametrize("name", STARTS)
def test_bad_sources_stop_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """One line with file, line and fix; nothing is served, and no secret repeated."""
    text, line, words = STARTS[name]
    monkeypatch.setenv("RETAIL_TOKEN", "hunter2")
    file = tmp_path / "sources.toml"
    file.write_text(text)

    status = main(["serve", "--port", "0", "--sources", str(file)])
    printed = capsys.readouterr()

    assert (status, printed.out) == (2, "")
    _check_complaint(printed.err, file, line, words)


def test_bad_sources_stop_the_program(tmp_path: Path) -> None:
    """The whole program, as an operator or a service manager runs it: status 2 and no traceback."""
    file = tmp_path / "sources.toml"
    text, line, words = STARTS["plain-text secret"]
    file.write_text(text)

    outcome = subprocess.run(
        [sys.executable, "-m", "graph.cli", "serve", "--port", "0", "--sources", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (outcome.returncode, outcome.stdout) == (2, "")
    _check_complaint(outcome.stderr, file, line, words)


def _check_complaint(complaint: str, file: Path, line: int, words: Sequence[str]) -> None:
    assert complaint.startswith(f"marketing-graph: {file}:{line}: ")
    assert complaint.count("\n") == 1
    assert all(word in complaint for word in words)
    assert "hunter2" not in complaint
