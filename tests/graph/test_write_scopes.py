"""What a mutation's caller must hold, and what it may learn by one: refused before any vendor is called."""

from typing import Any, Final

import pytest

from resolvers.ids import encode_id
from resolvers.principal import Principal, Scope
from tests.graph.every_source import OpenGraph

PERSON: Final = encode_id("sandbox", "subscriber", ("1",))
ACTIVITY: Final = encode_id("sandbox", "activity", ("1",))
BASIS: Final = {"consent": {"basis": "Asked at the till."}}


async def refuse(open_graph: OpenGraph, scopes: set[Scope], name: str, given: dict[str, Any]) -> Any:
    """Send a mutation as somebody with these scopes; return its error, and what the vendor was asked."""
    principal = Principal("somebody", frozenset(scopes))
    async with open_graph(principal=principal) as graph:
        body = await graph.run(build(name), input=given)
        assert await graph.calls() == [], "refused before any call"
    assert body["data"] == {name: None}, body
    (error,) = body["errors"]
    return error["extensions"] | {"message": error["message"]}


def build(name: str) -> str:
    return f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ outcome }} }}"


@pytest.mark.parametrize(
    ("name", "given", "missing"),
    [
        ("resubscribe", {"id": PERSON, **BASIS}, Scope.WRITE),
        ("resubscribe", {"id": PERSON, **BASIS}, Scope.CONSENT),
        ("approveActivity", {"id": ACTIVITY}, Scope.SEND),
    ],
)
async def test_every_scope_of_a_mutation_is_needed(
    open_graph: OpenGraph, name: str, given: dict[str, Any], missing: Scope
):
    """Broken, whoever may undo an opt-out could write without being a writer, or a writer let mail be sent."""
    error = await refuse(open_graph, set(Scope) - {missing}, name, given)

    assert (error["code"], error["reason"]) == ("FORBIDDEN", "SCOPE_MISSING")
    assert f"`{missing.value}`" in error["message"]
