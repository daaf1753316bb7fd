"""The playground in a real browser: opened, an example run, the answer and the plan read off the page."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from graph import playground
from tests.served_fixture import RunNode

pytestmark = [pytest.mark.browser, pytest.mark.node]

EXAMPLES = sorted((Path(playground.__file__).parent / "examples").glob("*.graphql"))


@pytest.fixture(scope="module")
def chromium() -> str:
    """Return the browser's path; without one the tests are skipped aloud, or fail where a browser is demanded."""
    found = shutil.which("chromium")
    if found is not None:
        return found
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("Chromium is demanded and not installed (Debian's package `chromium`).", pytrace=False)
    pytest.skip("NO BROWSER: the playground was not tested in one; install Debian's package `chromium`")


@pytest.fixture(scope="module")
def visit(chromium: str, served: str, run_node: RunNode, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = os.environ.get("SCREENSHOTS") or tmp_path_factory.mktemp("screenshots")
    found: dict[str, Any] = run_node(
        "playground.mjs", chromium, f"{served}/graphql", str(Path(folder, "playground.png"))
    )
    return found


def test_the_page_opens_with_the_examples_in_tabs(visit: dict[str, Any]) -> None:
    """A newcomer would face an empty editor."""
    assert len(visit["tabs"]) == len(EXAMPLES)
    assert all(name in EXAMPLES[index].read_text(encoding="utf-8") for index, name in enumerate(visit["tabs"]))


def test_an_example_is_answered_on_the_page(visit: dict[str, Any]) -> None:
    """A page that loads but cannot ask or show anything is no playground."""
    received = json.dumps(visit["received"], ensure_ascii=False)

    assert visit["received"]["data"]
    assert "errors" not in visit["received"]
    # the editor draws only the lines in view, and wraps long ones
    assert _unspaced(visit["answer"])[:200] == _unspaced(received)[:200]


def test_the_plan_panel_shows_every_vendor_call(visit: dict[str, Any]) -> None:
    """A marketer could not see what the question cost."""
    calls = visit["received"]["extensions"]["plan"]["calls"]

    assert visit["sent"]["x-explain"] == "1"
    assert len(visit["calls"]) == len(calls) > 0
    assert f"{len(calls)} vendor call" in visit["plan"]
    for call, shown in zip(calls, visit["calls"], strict=True):
        assert call["url"] in shown.replace("\n", "")


def test_the_plan_is_in_view_under_every_example(visit: dict[str, Any]) -> None:
    """A long operation would push the panel off the page, which does not scroll."""
    panels = visit["panels"]

    assert len(panels) == len(EXAMPLES)
    assert [name for name, (bottom, height) in panels.items() if bottom > height] == []


def test_what_was_remembered_is_not_counted_as_a_call(visit: dict[str, Any]) -> None:
    """An answer from the cache would look as dear as one that the vendor was asked for."""
    told = visit["remembered"]

    assert "1 vendor call, 2 answers from the cache, 1 answer shared with another read, 8 rows" in told["plan"]
    for call, words in zip(
        told["calls"], ("", "from the cache", "from the cache", "shared with another read"), strict=True
    ):
        assert words in call


def test_nothing_is_asked_of_another_machine(served: str, visit: dict[str, Any]) -> None:
    """Offline the page would be broken; online it would tell others who looks at what."""
    assert {kind.partition("-")[0].rpartition("/")[2] for kind in visit["workers"]} == {
        "editor.worker",
        "graphql.worker",
        "json.worker",
    }
    assert [address for address in visit["requests"] if not address.startswith(f"{served}/graphql")] == []


def test_the_browser_has_no_complaints(visit: dict[str, Any]) -> None:
    """A script error or a blocked load is a broken page that happens to look right."""
    assert visit["complaints"] == []


def _unspaced(text: str) -> str:
    return "".join(text.split())
