"""`_entities`: one batch, item by item checked, and a bad item fails alone."""

from typing import Any

import pytest

from adapters.contract import SandboxParts
from adapters.errors import InputError
from graph.federation import MAX_KEY_CHARS, read_representation
from graph.schema import print_sdl
from resolvers.ids import encode_id
from resolvers.node import TYPE_ENTITIES, EntityKey
from tests.graph.sandbox_asking import SOURCE, Asking, open_source

ENTITIES = """query ($given: [_Any!]!) { _entities(representations: $given) {
  __typename
  ... on Subscriber { vendorId sourceId id email }
  ... on SubscriberList { vendorId name }
  ... on Campaign { vendorId name }
} }"""


@pytest.fixture
async def graph(parts: SandboxParts) -> Asking:
    return Asking({SOURCE: open_source(parts)})


def refer(type_name: str, vendor_id: Any, **more: Any) -> dict[str, Any]:
    return {"__typename": type_name, "sourceId": SOURCE, "vendorId": vendor_id, **more}


async def test_a_hundred_references_cost_what_nodes_costs(graph: Asking) -> None:
    """Broken, a gateway that joins two graphs would make a vendor call for each row."""
    places = [("Subscriber", "subscriber"), ("SubscriberList", "list"), ("Campaign", "campaign")]
    ids = [(places[number % 3], str(number // 3 + 1)) for number in range(100)]
    given = [refer(type_name, id_) for (type_name, _), id_ in ids]
    node_ids = [encode_id(SOURCE, word, (id_,)) for (_, word), id_ in ids]

    data = await graph.ask(ENTITIES, given=given)
    entity_calls = [(call.operation, call.keys) for call in graph.calls]
    nodes = await graph.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Subscriber { vendorId } } }", ids=node_ids
    )

    assert entity_calls == [(call.operation, call.keys) for call in graph.calls]
    assert len(entity_calls) == 3
    assert [item and item["__typename"] for item in data["_entities"]] == [
        item and item["__typename"] for item in nodes["nodes"]
    ]
    assert data["_entities"][0]["vendorId"] == "1"


async def test_a_bad_item_fails_alone(graph: Asking) -> None:
    """Broken, one stale row of another graph would empty the whole page."""
    given = [
        refer("Subscriber", "1"),
        {"__typename": "Nobody", "id": 1},
        {"sourceId": SOURCE, "vendorId": "1"},
        refer("Campaign", {"id": 1}),
        {"__typename": "Campaign", "vendorId": "1"},
        7,
        "Campaign",
        [refer("Campaign", "1")],
        {"__typename": "Campaign", "sourceId": "nowhere", "vendorId": "1"},
        refer("SubscriberList", 3, name="known elsewhere", self="x", info="y"),
        refer("Campaign", "987654321"),
    ]

    result = await graph.run(ENTITIES, given=given)

    assert result.data is not None
    found = [item and item["vendorId"] for item in result.data["_entities"]]
    assert found == ["1", None, None, None, None, None, None, None, None, "3", None]
    assert result.errors is not None
    assert sorted(error.path[1] for error in result.errors if error.path) == list(range(1, 9))
    assert all(isinstance(error.original_error, InputError) for error in result.errors)


async def test_too_many_references_are_refused_as_a_whole(graph: Asking) -> None:
    """Broken, a single request could make the graph hold a million references."""
    full = await graph.run(ENTITIES, given=[{}] * 500)
    over = await graph.run(ENTITIES, given=[refer("Subscriber", "1")] * 501)

    assert full.data == {"_entities": [None] * 500}
    assert over.data is None
    assert over.errors is not None
    (error,) = over.errors
    assert isinstance(error.original_error, InputError)
    assert error.original_error.reason == "TOO_MANY_IDS"
    assert graph.calls == []


async def test_a_refused_reference_says_where_it_stands(graph: Asking) -> None:
    """A gateway sends many; one that cannot be used must be told from the others."""
    unknown = refer("Subscriber", "2") | {"sourceId": "elsewhere"}
    unprintable = refer("Subscriber", "3\n")

    result = await graph.run(ENTITIES, given=[refer("Subscriber", "1"), unknown, unprintable])

    assert result.errors is not None
    refused = [error.original_error for error in result.errors]
    assert [error.path for error in refused if isinstance(error, InputError)] == [
        ("representations", 1, "sourceId"),
        ("representations", 2, "vendorId"),
    ]
    assert all(error.hint for error in refused if isinstance(error, InputError))


@pytest.mark.parametrize(
    "value",
    [None, True, 1.5, [], ["1"], {}, {"eq": "1"}, "", "x" * (MAX_KEY_CHARS + 1), 10**5000],
    ids=lambda value: str(type(value)),
)
@pytest.mark.parametrize("name", ["sourceId", "vendorId"])
def test_a_key_is_a_short_text(name: str, value: Any) -> None:
    """Broken, an object or a novel would reach a vendor's address line."""
    given = refer("Subscriber", "1") | {name: value}

    refused = read_representation(given, 4)

    assert isinstance(refused, InputError)
    assert refused.path == ("representations", 4, name)
    assert f"`{name}`" in str(refused.hint)
    assert len(refused.message) < 200


@pytest.mark.parametrize("value", ["7", 7, "0007", "x" * MAX_KEY_CHARS], ids=["text", "number", "zeros", "longest"])
def test_a_key_is_coerced_like_an_id(value: Any) -> None:
    """Broken, a gateway that sends ids as numbers would find nobody."""
    assert read_representation(refer("Subscriber", value), 0) == EntityKey("Subscriber", SOURCE, str(value))


async def test_the_text_for_gateways_is_the_schema(graph: Asking) -> None:
    """Broken, a gateway would compose another schema than the one that is served."""
    data = await graph.ask("{ _service { sdl } }")

    assert data["_service"]["sdl"].strip() == print_sdl().strip()
    for name in TYPE_ENTITIES:
        assert f'type {name} implements Node @key(fields: "sourceId vendorId")' in print_sdl()
