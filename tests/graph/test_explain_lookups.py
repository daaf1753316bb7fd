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
    file = sources.with_name("operation.graphql")
    file.write_text(query)
    return await asyncio.to_thread(explain_file, file, "{}", None, sources)


def test_every_kind_of_reading_has_words() -> None:
    """A kind without words would end the explanation of every operation it stands in."""
    assert set(WORDS) == set(Shape)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
async def test_every_example_of_the_playground_is_explained(sources: Path, example: str) -> None:
    """The first thing that is tried must not be refused."""
    printed = await _explain(sources, example)

    assert "refused" not in printed
    assert "an estimate for full pages" in printed


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
