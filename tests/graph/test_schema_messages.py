"""Activities, templates, imports, views and event types through the schema: nodes, revisions, and parts of no sense."""

from typing import Any

import httpx
import pytest

from adapters.contract import SandboxParts, Source
from adapters.vendors.taguchi_v4 import ADAPTER
from tests.adapters.vendors.taguchi_v4.world import SOURCE as RETAIL
from tests.adapters.vendors.taguchi_v4.world import World, build_settings, build_world
from tests.graph.sandbox_asking import SOURCE, Asking, open_source

NODES = {
    "activities": "Activity",
    "templates": "Template",
    "imports": "SubscriberImport",
    "views": "SubscriberView",
    "eventTypes": "EventType",
}
REVISIONS = {"activities": "ActivityRevision", "templates": "TemplateRevision"}
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


@pytest.fixture
def graph(parts: SandboxParts) -> Asking:
    return Asking({SOURCE: open_source(parts)})


def ask_world(world: World) -> Asking:
    """Ask the schema over a sandbox of a test's own rows."""
    return Asking({RETAIL: Source(RETAIL, ADAPTER, ADAPTER.build_capability(build_settings()), world.adapter)})


@pytest.mark.parametrize(("field", "type_name"), NODES.items())
async def test_what_a_page_shows_is_found_again(graph: Asking, field: str, type_name: str) -> None:
    """Broken, a client could not come back to a record, nor another graph refer to it."""
    page = await graph.ask(f"{{ {field}(first: 2) {{ nodes {{ __typename id sourceId vendorId }} }} }}")

    for shown in page[field]["nodes"]:
        keys = {name: shown[name] for name in ("__typename", "sourceId", "vendorId")}
        entities = await graph.ask(
            "query ($given: [_Any!]!) { _entities(representations: $given) { ... on Node { __typename id } } }",
            given=[keys],
        )
        node = await graph.ask(NODE, id=shown["id"])
        assert shown["__typename"] == type_name
        assert node["node"] == entities["_entities"][0] == {"__typename": type_name, "id": shown["id"]}


@pytest.mark.parametrize(("field", "type_name"), REVISIONS.items())
async def test_revisions_are_found_again(graph: Asking, field: str, type_name: str) -> None:
    """Broken, a revision could only be reached through its record."""
    page = await graph.ask(f"{{ {field}(first: 5) {{ nodes {{ revisions(which: HISTORY) {{ __typename id }} }} }} }}")
    shown = [revision for node in page[field]["nodes"] for revision in node["revisions"]]

    found = await graph.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=[one["id"] for one in shown]
    )

    assert found["nodes"] == shown
    assert {one["__typename"] for one in shown} == {type_name}
    assert len(graph.calls) == 1


@pytest.mark.parametrize(
    ("asked", "variables", "sent"),
    [
        ("nodes { revisions { vendorId } }", {}, "latest"),
        ("nodes { revisions(which: APPROVED) { vendorId } }", {}, "approved"),
        ("edges { node { revisions(which: DEPLOYED) { vendorId } } }", {}, "deployed"),
        ("nodes { revisions(which: $which) { vendorId } }", {"which": "HISTORY"}, "history"),
        ("nodes { ...more }", {"which": "APPROVED"}, "approved"),
    ],
)
async def test_the_choice_of_revisions_rides_on_the_page(
    graph: Asking, asked: str, variables: dict[str, Any], sent: str
) -> None:
    """Broken, every page of activities with their content would cost a second call."""
    more = "fragment more on Activity { revisions(which: $which) { vendorId } }" if "...more" in asked else ""
    head = "query ($which: RevisionChoice!)" if "$which" in asked + more else "query"

    await graph.ask(f"{head} {{ activities(first: 30) {{ {asked} }} }} {more}", **variables)

    assert [f"revisions={sent}" in call.url for call in graph.calls] == [True]


@pytest.mark.parametrize("asked", ["nodes { id }", "nodes { revisions @skip(if: true) { vendorId } name }"])
async def test_revisions_nobody_wants_are_not_asked_for(graph: Asking, asked: str) -> None:
    """Broken, every page of activities would carry all of their content."""
    await graph.ask(f"{{ activities(first: 30) {{ {asked} }} }}")

    assert ["revisions" in call.url for call in graph.calls] == [False]


async def test_two_choices_side_by_side(graph: Asking) -> None:
    """Broken, one alias would show the revisions of the other."""
    data = await graph.ask(
        "{ activities(first: 20) { nodes { a: revisions { vendorId } b: revisions(which: HISTORY) { vendorId } } } }"
    )

    nodes = data["activities"]["nodes"]
    assert all(node["a"] == node["b"][-1:] for node in nodes)
    assert any(len(node["b"]) > 1 for node in nodes)
    assert len(graph.calls) == 2


async def test_targets_of_no_sense_are_null_with_their_path() -> None:
    """Broken, a bad text would pass as no target, or take the whole page."""
    rows = [{"name": "good", "target_lists": "[1]"}, {"name": "bad", "target_lists": "[1", "target_views": "x"}]
    asking = ask_world(build_world({"list": [{"name": "A"}], "activity": rows}))

    result = await asking.run(
        "{ activities { nodes { name targetLists { name } targetViews { name } taguchi { targetLists } } } }"
    )

    assert result.data is not None
    assert result.data["activities"]["nodes"] == [
        {"name": "good", "targetLists": [{"name": "A"}], "targetViews": None, "taguchi": {"targetLists": "[1]"}},
        {"name": "bad", "targetLists": None, "targetViews": None, "taguchi": {"targetLists": "[1"}},
    ]
    assert sorted(error.path or [] for error in result.errors or ()) == [
        ["activities", "nodes", 1, "targetLists"],
        ["activities", "nodes", 1, "targetViews"],
    ]
    assert {getattr(error.original_error, "code", None) for error in result.errors or ()} == {"VENDOR_BAD_RESPONSE"}


async def test_manifests_of_no_sense_are_null_with_their_path() -> None:
    """Broken, a bad manifest would take the import with it, or show the password it holds."""
    good = '<manifest><source href="ftp://me:hunter2@host/a"><lists><list id="1"/></lists></source></manifest>'
    rows = [{"name": "good", "manifest": good}, {"name": "bad", "manifest": good[:-1]}]
    asking = ask_world(build_world({"list": [{"name": "A"}], "import": rows}))

    result = await asking.run(
        "{ imports { nodes { manifest { sources { href lists { name } } } lists { name } taguchi { manifest } } } }"
    )

    assert result.data is not None
    first, second = result.data["imports"]["nodes"]
    assert first["manifest"] == {"sources": [{"href": "ftp://REDACTED@host/a", "lists": [{"name": "A"}]}]}
    assert (first["lists"], second["lists"], second["manifest"]) == ([{"name": "A"}], None, None)
    assert sorted(error.path or [] for error in result.errors or ()) == [
        ["imports", "nodes", 1, "lists"],
        ["imports", "nodes", 1, "manifest"],
    ]
    assert "hunter2" not in repr((result, asking.calls))


@pytest.mark.parametrize(
    "query",
    [
        "{ activities { nodes { revisions(which: NEWEST) { id } } } }",
        "{ templates { nodes { revisions(which: DEPLOYED) { id } } } }",
        '{ imports(filter: {taguchi: {manifest: {contains: "pw"}}}) { nodes { id } } }',
        "{ imports(orderBy: {field: TAGUCHI_MANIFEST}) { nodes { id } } }",
        '{ eventTypes(filter: {ref: {gt: "a"}}) { nodes { id } } }',
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_the_schema(served: str, query: str) -> None:
    """Broken, it would cost a call, or tell a password letter by letter."""
    reply = httpx.post(f"{served}/graphql", json={"query": query}, trust_env=False)

    assert [error["extensions"]["code"] for error in reply.json()["errors"]] == ["GRAPHQL_VALIDATION_FAILED"]
