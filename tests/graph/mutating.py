"""Asking the real app for mutations, over whatever stands behind it."""

from typing import Any, Final

import httpx

from tests.graph.bulk_words import read_outcome
from tests.graph.every_writer import build_write

_SHOWN: Final = (
    "outcome warnings facts before after requests { method url body } errors { code reason path vendorMessage } "
    "operation { id check counts { outcome count } }"
)
"""Everything a payload tells."""


class Mutating:
    """A graph that mutations are asked of through `client`."""

    client: httpx.AsyncClient

    async def ask(self, query: str, **variables: Any) -> Any:
        """Ask, and return the whole answer."""
        answer = await self.client.post("/graphql", json={"query": query, "variables": variables})
        return answer.json()

    async def run(self, name: str, fields: str = "", /, **given: Any) -> Any:
        """Carry out one mutation and return its payload."""
        answer = await self.ask(build_write(name, _SHOWN, fields), input=given)
        assert "errors" not in answer, answer
        return read_outcome(answer["data"][name])

    async def refuse(self, name: str, /, **given: Any) -> Any:
        """Return the error of a mutation that is refused before anything is sent."""
        answer = await self.ask(build_write(name, _SHOWN), input=given)
        assert answer["data"] == {name: None}
        (error,) = answer["errors"]
        return error["extensions"]
