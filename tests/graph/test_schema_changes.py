"""
The schema against the last released one: a change that breaks clients must be announced.

`tests/released.graphql` is what clients were made with, written by `make release-schema`. A breaking change is
announced by its schema coordinate in backticks, as `Subscriber.email` or `Query.lists(first:)`, under Changed or
Removed in the changelog's Unreleased part.
"""

import re
from pathlib import Path

import pytest
from graphql import build_schema

from tests.served_fixture import RunNode, print_schema

ROOT = Path(__file__).parents[2]
RELEASED = ROOT / "tests" / "released.graphql"
CHANGELOG = ROOT / "CHANGELOG.md"
ANNOUNCING = frozenset({"Changed", "Removed"})

pytestmark = pytest.mark.node

OLD = """
type Query { people(first: Int, after: String): [Person!]! me: Person! }
type Person { email: String mail: String state: State age: Int! }
enum State { ACTIVE LEFT }
input Filter { email: String }
"""

PLANTED = [
    ("state: State ", "", "Person.state"),
    ("age: Int!", "age: Int", "Person.age"),
    ("(first: Int, after: String)", "(after: String)", "Query.people(first:)"),
    ("first: Int,", "first: Int!,", "Query.people(first:)"),
    (" LEFT", "", "State.LEFT"),
    ("input Filter { email: String }", "", "Filter"),
    ("input Filter { email: String", "input Filter { email: String, name: String!", "Filter.name"),
]


def read_announced(changelog: str) -> set[str]:
    """Return the coordinates a changelog announces as changed or removed since the last release."""
    announced: set[str] = set()
    part = heading = ""
    for line in changelog.splitlines():
        if line.startswith("## "):
            part, heading = line.removeprefix("## ").strip("[] "), ""
        elif line.startswith("### "):
            heading = line.removeprefix("### ").strip()
        elif part == "Unreleased" and heading in ANNOUNCING:
            announced.update(re.findall(r"`([^`]+)`", line))
    return announced


def find_unannounced(run_node: RunNode, folder: Path, old: str, new: str, changelog: str) -> list[str]:
    """Return the breaking changes nobody was told of, each with its coordinate and words."""
    (folder / "old.graphql").write_text(old, encoding="utf-8")
    (folder / "new.graphql").write_text(new, encoding="utf-8")
    changes = run_node("changes.mjs", str(folder / "old.graphql"), str(folder / "new.graphql"))
    announced = read_announced(changelog)
    return [f"{each['coordinate']}: {each['message']}" for each in changes if each["coordinate"] not in announced]


def test_every_breaking_change_is_announced(run_node: RunNode, tmp_path: Path) -> None:
    """Clients would stop compiling or working with an update that said nothing of it."""
    old = RELEASED.read_text(encoding="utf-8")

    found = find_unannounced(run_node, tmp_path, old, print_schema("--api"), CHANGELOG.read_text(encoding="utf-8"))

    assert found == [], "name each coordinate in backticks under '### Changed' or '### Removed' of Unreleased"


def test_the_released_schema_is_whole() -> None:
    """An empty baseline would let every change pass."""
    assert {"Subscriber", "SubscriberList", "Campaign"} <= set(build_schema(RELEASED.read_text()).type_map)


@pytest.mark.parametrize(("before", "after", "coordinate"), PLANTED)
def test_a_planted_breaking_change_is_found_until_the_changelog_names_it(
    run_node: RunNode, tmp_path: Path, before: str, after: str, coordinate: str
) -> None:
    """The check would see nothing, or nothing could ever be changed."""
    assert before in OLD
    new = OLD.replace(before, after)
    silent = "## Unreleased\n\n### Added\n\n- Something.\n"
    told = f"## Unreleased\n\n### Changed\n\n- `{coordinate}` is\n  something else.\n"

    found = find_unannounced(run_node, tmp_path, OLD, new, silent)

    assert [text.partition(": ")[0] for text in found] == [coordinate]
    assert find_unannounced(run_node, tmp_path, OLD, new, told) == []


@pytest.mark.parametrize(
    "changelog",
    [
        "## Unreleased\n\n### Added\n\n- `Person.mail` is new.\n",
        "## Unreleased\n\n### Removed\n\n- `Person.mails` and `Person` and Person.mail.\n",
        "## Unreleased\n\n## 1.0.0\n\n### Removed\n\n- `Person.mail`.\n",
    ],
)
def test_only_the_coordinate_itself_in_its_place_releases_a_change(
    run_node: RunNode, tmp_path: Path, changelog: str
) -> None:
    """A word in passing, or last year's release, would count as an announcement."""
    new = OLD.replace("mail: String state", "state")

    found = find_unannounced(run_node, tmp_path, OLD, new, changelog)

    assert [text.partition(": ")[0] for text in found] == ["Person.mail"]


def test_additions_break_nobody(run_node: RunNode, tmp_path: Path) -> None:
    """Every new field would have to be announced as a break, until nobody reads the list."""
    new = OLD.replace("age: Int!", "age: Int! height: Int").replace("email: String }", "email: String phone: String }")

    assert find_unannounced(run_node, tmp_path, OLD, new, "") == []
