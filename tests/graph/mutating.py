"""Asking the real app for mutations, over whatever stands behind it."""

from typing import Any, Final

import httpx

from tests.graph.bulk_words import read_outcome, tell_outcome

_SAID: Final = "outcome warnings"


class Mutating:
    """A graph that mutations are asked of through `client`."""

    client: httpx.AsyncClient

    async def ask(self, query: str, **variables: Any) -> Any:
        """Ask, and return the whole answer."""
        answer = await self.client.post("/graphql", json={"query": query, "variables": variables})
        return answer.json()

    async def run(self, name: str, fields: str = "", /, **given: Any) -> Any:
        """Carry out one mutation and return its payload."""
        answer = await self.ask(write_query(name, fields), input=given)
        assert "errors" not in answer, answer
        return read_outcome(answer["data"][name])

    async def refuse(self, name: str, /, **given: Any) -> Any:
        """Return the error of a mutation that is refused before anything is sent."""
        answer = await self.ask(write_query(name, ""), input=given)
        assert answer["data"] == {name: None}
        (error,) = answer["errors"]
        return error["extensions"]


def write_query(name: str, fields: str) -> str:
    """Write a mutation that asks for everything its payload tells, and more fields of it."""
    kind = name[0].upper() + name[1:]
    return (
        f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {tell_outcome(name, _SAID)} facts before after "
        f"requests {{ method url body }} errors {{ code reason path vendorMessage }} "
        f"operation {{ id check counts {{ outcome count }} }} {fields} }} }}"
    )
