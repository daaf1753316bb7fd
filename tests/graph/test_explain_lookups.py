"""What `marketing-graph explain` says of look-ups, and that it has a word for every kind of reading."""

import asyncio
from pathlib import Path

import pytest

from graph.execution.explain import WORDS
from graph.server.explaining import explain_file
from resolvers.ids import encode_id
from resolvers.relations import Shape

FOLDER = Path(__file__).parents[2] / "graph" / "playground" / "examples"
EXAMPLES = {file.stem: file.read_text() for file in sorted(FOLDER.glob("*.graphql"))}
LIST = encode_id("sandbox", "list", ("3",))
PARTITION = encode_id("sandbox", "partition", ("3",))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A source that is never asked, which is made sooner than a sandbox."""
    (tmp_path / "token").write_text("made-up")
    file = tmp_path / "sources.toml"
    file.write_text(
        '[sources.sandbox]\nvendor = "taguchi_v4"\nbase_url = "http://127.0.0.1:9"\norganization_id = 1\n'
        f'auth = {{ token = {{ file = "{tmp_path / "token"}" }} }}\n'
    )
    return file


async def _explain(sources: Path, query: str) -> str:
    return await asyncio.to_thread(explain_file, _write(sources.parent, query), "{}", None, sources)


async def _explain_over_all(folder: Path, query: str) -> str:
    """Explain over the embedded sandboxes of all vendors."""
    return await asyncio.to_thread(explain_file, _write(folder, query), "{}", None, None)


def _write(folder: Path, query: str) -> Path:
    file = folder / "operation.graphql"
    file.write_text(query)
    return file


def test_every_kind_of_reading_has_words() -> None:
    """A kind without words would end the explanation of every operation it stands in."""
    assert set(WORDS) == set(Shape)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
async def test_every_example_of_the_playground_is_explained(tmp_path: Path, example: str) -> None:
    """The first thing that is tried must not be refused, at the sources it is tried over."""
    printed = await _explain_over_all(tmp_path, example)

    assert "refused" not in printed
    assert "an estimate for full pages" in printed


BELOW = {
    "members at a named source": (
        'lists(source: "taximail") { nodes { members { nodes { id } } } }',
        ("/v2/list/…/subscribers",),
        ("/admin/api/1/",),
    ),
    "of whoever has campaigns": (
        'campaigns { nodes { stats(events: ["s"]) { eventCode } events { nodes { parent { id } } } } }',
        ("stats.campaign: GET", "query=type-eq-logged"),
        ("refused", "user.id"),
    ),
    "why one source has none": (
        'campaigns(source: "taximail") { nodes { subscribers { nodes { id } } } }',
        ("  refused: ",),
        ("/subscribers", "/admin/api/1/"),
    ),
    "of a record by its id": (
        f'list(by: {{id: "{encode_id("taximail", "list", ("314",))}"}}) {{ members {{ nodes {{ id }} }} }}',
        ("/v2/list/…/subscribers",),
        ("/admin/api/1/",),
    ),
    "of what is refused": (
        "lists(orderBy: {field: NAME}) { nodes { members { nodes { id } } } }",
        ("  refused: Across several sources",),
        ("GET",),
    ),
}


@pytest.mark.parametrize(("field", "shown", "hidden"), BELOW.values(), ids=BELOW)
async def test_what_stands_below_is_planned_over_its_parents_sources(
    tmp_path: Path, field: str, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    """A record leads to others of its own source only; calls of another one would never be made."""
    printed = await _explain_over_all(tmp_path, f"{{ {field} }}")

    assert [text for text in shown if text not in printed] == []
    assert [text for text in hidden if text in printed] == []


async def test_a_page_begins_with_the_calls_that_are_shown(tmp_path: Path) -> None:
    """A filter that takes two calls side by side would be promised for one, and one that nothing matches too."""
    example = await _explain_over_all(tmp_path, EXAMPLES["30-an-audience"])
    nothing = await _explain_over_all(tmp_path, '{ lists(filter: {vendorId: {eq: "1", neq: "1"}}) { nodes { id } } }')

    assert example.count("GET") == 2
    assert "subscribers: a page; 2 to 10 vendor calls" in example
    assert "Together 2 to 10 vendor calls" in example
    assert "lists: a page; 0 vendor calls" in nothing


LOOK_UPS = {
    "vendor's id": ('audience(by: {vendorId: "3"}, source: "sandbox")', "  view.read: GET /admin/api/1/view/…?"),
    "reference": ('audience(by: {ref: "a"})', "  view.list: GET /admin/api/1/view/?query=ref-eq-…"),
    "id": (f'list(by: {{id: "{LIST}"}})', "  list.read: GET /admin/api/1/list/…?"),
    "vendor's id without a source": (
        'audience(by: {vendorId: "3"})',
        "  refused: A vendor's id is one within its source",
    ),
    "id of another kind": (f'campaign(by: {{id: "{LIST}"}})', "  refused: This is the id of another kind: list."),
    "id of no source": (
        f'list(by: {{id: "{encode_id("nowhere", "list", ("3",))}"}})',
        "  refused: There is no such source.",
    ),
}


@pytest.mark.parametrize(("field", "line"), LOOK_UPS.values(), ids=LOOK_UPS)
async def test_a_look_up_shows_its_call_or_why_it_is_refused(sources: Path, field: str, line: str) -> None:
    """An explanation must promise no call where the operation makes none."""
    printed = await _explain(sources, f"{{ {field} {{ id }} }}")

    assert line in printed
    assert ("GET" in printed) is ("refused" not in line)


async def test_records_a_source_cannot_hold_cost_nothing(sources: Path) -> None:
    """An id may be well-formed and name a kind of record its source does not have."""
    printed = await _explain(sources, f'{{ nodes(ids: ["{PARTITION}", "{LIST}"]) {{ id }} }}')

    assert "  list.read: GET" in printed
    assert "partition" not in printed
