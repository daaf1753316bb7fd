"""The schema over the sandbox: relations, connections, look-ups and sources, with the vendor calls they cost."""

import json
from typing import Any

import pytest

from adapters.contract import SandboxParts
from adapters.errors import CapabilityError, FilterError, IdError, InputError
from resolvers.ids import encode_id
from tests.graph.sandbox_asking import SOURCE, Asking, open_source


@pytest.fixture
async def graph(parts: SandboxParts) -> Asking:
    return Asking({SOURCE: open_source(parts)})


async def test_a_hundred_subscribers_with_campaign_and_lists_cost_three_calls(graph: Asking) -> None:
    """Broken, the first question every marketer asks would cost hundreds of calls."""
    data = await graph.ask(
        "{ subscribers(first: 100) { nodes { email campaign { name } memberships { state list { name } } } } }"
    )

    assert len(data["subscribers"]["nodes"]) == 100
    assert len(graph.calls) == 3
    assert {"subscribers", "subscribers.nodes.campaign", "subscribers.nodes.memberships.list"} == {
        call.purpose for call in graph.calls
    }


async def test_a_page_goes_on_from_its_cursor(graph: Asking) -> None:
    """Broken, paging would repeat or hide people."""
    query = """query ($after: String) {
      subscribers(first: 3, after: $after) {
        edges { cursor node { vendorId } } nodes { vendorId } pageInfo { hasNextPage endCursor }
        completeness { sourceId vendor state rows }
      }
    }"""
    first = (await graph.ask(query))["subscribers"]
    second = (await graph.ask(query, after=first["pageInfo"]["endCursor"]))["subscribers"]

    assert [edge["node"] for edge in first["edges"]] == first["nodes"]
    assert first["edges"][-1]["cursor"] == first["pageInfo"]["endCursor"]
    assert first["completeness"] == [{"sourceId": SOURCE, "vendor": "taguchi_v4", "state": "OK", "rows": 3}]
    ids = [int(node["vendorId"]) for page in (first, second) for node in page["nodes"]]
    assert ids == sorted(set(ids))
    assert len(ids) == 6


async def test_relations_lead_there_and_back(graph: Asking) -> None:
    """Broken, one could go from a list to its members and not back."""
    data = await graph.ask(
        """{ lists(first: 2) { nodes { vendorId members(state: ACTIVE, first: 3) { nodes {
             memberships(state: ACTIVE) { listId list { vendorId } } } } } }
           campaigns(first: 2) { nodes { vendorId subscribers(first: 2) { nodes { campaign { vendorId } } } } } }"""
    )

    for found in data["lists"]["nodes"]:
        for member in found["members"]["nodes"]:
            assert {"listId": found["vendorId"], "list": {"vendorId": found["vendorId"]}} in member["memberships"]
    for campaign in data["campaigns"]["nodes"]:
        assert campaign["subscribers"]["nodes"] == [{"campaign": {"vendorId": campaign["vendorId"]}}] * 2


async def test_a_record_is_found_again_by_its_id(graph: Asking) -> None:
    """Broken, an id from one answer would be worth nothing in the next question."""
    listed = await graph.ask(
        """{ subscribers(first: 2) { nodes { id ref } }
             lists(first: 1) { nodes { id } } campaigns(first: 1) { nodes { id } } }"""
    )
    ids = [node["id"] for page in listed.values() for node in page["nodes"]]
    unknown = encode_id(SOURCE, "list", ("987654",))

    data = await graph.ask(
        """query ($ids: [ID!]!, $id: ID!) {
          nodes(ids: $ids) { __typename id }
          node(id: $id) { ... on Subscriber { id } }
        }""",
        ids=[*ids, unknown],
        id=ids[0],
    )

    types = ["Subscriber", "Subscriber", "SubscriberList", "Campaign"]
    expected = [{"__typename": name, "id": id_} for name, id_ in zip(types, ids, strict=True)]
    assert data == {"nodes": [*expected, None], "node": {"id": ids[0]}}


async def test_one_person_is_found_by_any_key(graph: Asking) -> None:
    """Broken, a look-up would find somebody else, or nobody."""
    page = await graph.ask(
        """{ subscribers(first: 1, filter: {ref: {isNull: false}, email: {startsWith: "Thomas_1@"}}) {
               nodes { id ref email } } }"""
    )
    (person,) = page["subscribers"]["nodes"]

    data = await graph.ask(
        """query ($id: ID!, $ref: String!, $email: String!) {
          a: subscriber(by: {id: $id}) { id }
          b: subscriber(by: {ref: $ref}, source: "sandbox") { id }
          c: subscriber(by: {email: $email}) { id }
          none: subscriber(by: {ref: "nobody"}) { id }
        }""",
        **person,
    )

    found = {"id": person["id"]}
    assert data == {"a": found, "b": found, "c": found, "none": None}


async def test_custom_fields_are_chosen_by_key(graph: Asking) -> None:
    """Broken, asking for one field would show all of them, or none."""
    page = await graph.ask(
        '{ subscribers(first: 1, filter: {customField: {key: "pets", value: {isNull: false}}}) { nodes { id } } }'
    )
    data = await graph.ask(
        """query ($id: ID!) { subscriber(by: {id: $id}) {
          all: customFields { key }
          some: customFields(keys: ["nope", "pets", "pets"]) { key }
          none: customFields(keys: []) { key }
        } }""",
        id=page["subscribers"]["nodes"][0]["id"],
    )

    person = data["subscriber"]
    assert person["some"] == [{"key": "pets"}]
    assert person["none"] == []
    assert {"key": "pets"} in person["all"]


async def test_extensions_can_be_read_filtered_and_sorted_by(graph: Asking) -> None:
    """Broken, what only one vendor knows would be shown but not asked for."""
    data = await graph.ask(
        """{ subscribers(first: 5, source: "sandbox", filter: {taguchi: {clusterId: {eq: "3"}, extra: {isNull: true}}},
             orderBy: {field: TAGUCHI_CLUSTER_ID, direction: DESC}) { nodes { taguchi { clusterId extra } } } }"""
    )

    assert data["subscribers"]["nodes"] == [{"taguchi": {"clusterId": "3", "extra": None}}] * 5


async def test_sources_tell_what_they_can_do(graph: Asking) -> None:
    """Broken, nobody could see why a question is slow or refused."""
    data = await graph.ask(
        """{ sources { id vendor title document
               coverage { type listable backwards counts stablePages maxPage sortable reason }
               capabilities { type field operator support evidence section } } }"""
    )

    (source,) = data["sources"]
    assert (source["id"], source["vendor"], source["title"]) == (SOURCE, "taguchi_v4", "Taguchi V4")
    lines = {(line["type"], line["field"], line["operator"]): line["support"] for line in source["capabilities"]}
    assert lines["SUBSCRIBER", "email", "STARTS_WITH"] == "EXACT"
    assert lines["SUBSCRIBER", "taguchi.clusterId", "EQ"] == "EXACT"
    assert lines["SUBSCRIBER", "vendorId", "EQ"] == "EXACT"
    assert "unsubscribedAt" in source["coverage"][0]["sortable"]
    assert graph.calls == []


REFUSED: list[tuple[str, type[InputError], str, list[Any]]] = [
    ("subscribers(filter: {email: {eq: null}})", FilterError, "NULL_OPERAND", ["filter", "email", "eq"]),
    (
        'subscribers(filter: {or: [{}, {ref: {matches: "("}}]})',
        FilterError,
        "PATTERN_INVALID",
        ["filter", "or", 1, "ref", "matches"],
    ),
    ('subscribers(filter: {vendorId: {gt: "a"}})', FilterError, "OPERAND_INVALID", ["filter", "vendorId", "gt"]),
    ("subscribers(first: 0)", InputError, "PAGE_SIZE", ["first"]),
    ('subscribers(source: "nope")', InputError, "SOURCE_UNKNOWN", ["source"]),
    (
        "subscribers(orderBy: {field: TAGUCHI_SOCIAL_RATING})",
        CapabilityError,
        "ORDER_UNSUPPORTED",
        ["orderBy", "field"],
    ),
    ('subscriber(by: {id: "nope"})', IdError, "ID_INVALID", ["by", "id"]),
]


@pytest.mark.parametrize(("field", "kind", "reason", "path"), REFUSED, ids=[field for field, *_ in REFUSED])
async def test_bad_input_is_refused_at_its_place_without_a_call(
    graph: Asking, field: str, kind: type[InputError], reason: str, path: list[Any]
) -> None:
    """Broken, a caller would not learn which part of the input is wrong, or a vendor would be asked in vain."""
    result = await graph.run(f"{{ {field} {{ __typename }} sources {{ id }} }}")

    assert result.data is not None
    assert result.data["sources"] == [{"id": SOURCE}]
    assert result.errors is not None
    (error,) = result.errors
    refusal = error.original_error
    assert isinstance(refusal, kind)
    assert (refusal.reason, list(refusal.path)) == (reason, path), json.dumps(refusal.path)
    assert refusal.hint
    assert graph.calls == []
