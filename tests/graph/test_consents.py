"""Nothing undoes an opt-out unless its caller says on what basis, by whatever mutation it might."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from tests.graph.every_writer import Writing, id_of, open_writing

V4: Final = {"source": "taguchi_v4"}
BASIS: Final = {"consent": {"basis": "Asked at the till."}}


@pytest.fixture
async def v4() -> AsyncIterator[Writing]:
    """A small Taguchi V4 account beside two others."""
    async with open_writing("taguchi_v4") as world:
        yield world


async def refuse(world: Writing, name: str, /, **given: Any) -> Any:
    """Return the error of a mutation that is refused before anything is written."""
    query = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ outcome }} }}"
    body = await world.ask(query, input=given)
    assert body["data"] == {name: None}, body
    assert [each for vendor in world.taps for each in world.list_writes(vendor)] == []
    (error,) = body["errors"]
    return error["extensions"]


async def test_the_basis_of_a_consent_is_told_afterwards(v4: Writing):
    """Broken, nobody could look up later why an opt-out was undone."""
    tells = "operation { consentBasis }"

    undone = await v4.write("resubscribe", tells, id=id_of("taguchi_v4", "subscriber", 2), **BASIS)
    plain = await v4.write("unsubscribe", tells, id=id_of("taguchi_v4", "subscriber", 2))

    assert undone["operation"]["consentBasis"] == "Asked at the till."
    assert plain["operation"]["consentBasis"] is None
