"""
Two principals who ask one running graph the same thing at once: neither gets what only the other may see.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Final

import httpx
import pytest
from graphql import execute, parse

from adapters.calls import CallScope
from adapters.contract import SandboxParts, Source
from adapters.memory import Memory
from adapters.registry import find_vendors
from graph.context import build_graph_context
from graph.schema import schema
from graph.server.sources import embedded_sandbox
from resolvers.context import RequestContext
from resolvers.principal import LOCAL, Principal, Scope
from tests.graph.every_source import EVERY, THOMAS

ANALYST: Final = Principal("analyst", frozenset({Scope.READ}))
V4_ONLY: Final = replace(LOCAL, name="retail", sources=frozenset({"taguchi_v4"}))
COLLEAGUE: Final = replace(LOCAL, name="colleague")

PEOPLE: Final = """{ subscribers(first: 3) { nodes { sourceId vendorId email firstName } }
  talon: subscribers(source: "talon_one", first: 3) { nodes { email } }
  taximail: subscribers(source: "taximail", first: 3) { nodes { email } } }"""
PERSON: Final = '{ person(ref: "crm-000001") { profiles { sourceId subscriber { email firstName } } } }'


@pytest.fixture
async def sources(sandboxes: dict[str, SandboxParts]) -> AsyncIterator[dict[str, Source]]:
    """One source at every vendor, open for the running loop."""
    async with opened(sandboxes) as found:
        yield found


@asynccontextmanager
async def opened(sandboxes: dict[str, SandboxParts]) -> AsyncIterator[dict[str, Source]]:
    packages = {
        name: replace(package, sandbox=partial(replace, sandboxes[name], close=None))
        for name, package in find_vendors().items()
    }
    found = embedded_sandbox(packages)
    yield dict(found.by_name)
    await found.aclose()


async def run(sources: dict[str, Source], memory: Memory, principal: Principal, query: str) -> tuple[Any, CallScope]:
    """Execute an operation as a principal, over what the process remembers."""
    deadline_at = asyncio.get_running_loop().time() + 20
    scope = CallScope("op", principal.tenant, deadline_at, memory=memory)
    request = RequestContext(operation_id="op", principal=principal, sources=sources, scope=scope)
    result: Any = execute(schema._schema, parse(query), context_value=build_graph_context(request))
    return await result, scope


async def run_together(
    sources: dict[str, Source], principals: Sequence[Principal], query: str, memory: Memory | None = None
) -> list[tuple[Any, CallScope]]:
    """Execute one operation as several principals at once, over one memory."""
    shared = memory or Memory()
    return list(await asyncio.gather(*(run(sources, shared, each, query) for each in principals)))


@pytest.mark.parametrize("query", [PEOPLE, PERSON], ids=["people", "person"])
async def test_who_may_not_see_addresses_gets_none_that_others_asked_for(sources: dict[str, Source], query: str):
    """An address that a colleague was just shown would come out of memory, or an answer with asterisks go to them."""
    memory = Memory()
    for _ in range(2):
        (whole, _), (masked, _) = await run_together(sources, [LOCAL, ANALYST], query, memory)

        assert whole.errors is None
        assert masked.errors is None
        shown, hidden = _find_texts(whole.data, "email"), _find_texts(masked.data, "email")
        assert shown
        assert all("@" in text for text in shown)
        assert hidden
        assert not [text for text in hidden if "@" in text]
        assert not _find_texts(whole.data, "firstName") & {"***"}
        assert _find_texts(masked.data, "firstName") <= {"***"}


def _find_texts(value: Any, name: str) -> set[str]:
    """Return every text under a field's name, however deep."""
    if isinstance(value, list):
        return set().union(*(_find_texts(each, name) for each in value))
    if not isinstance(value, dict):
        return set()
    own = {value[name]} if isinstance(value.get(name), str) else set()
    return own.union(*(_find_texts(each, name) for each in value.values()))


async def test_only_those_who_may_see_the_same_share_a_call(sources: dict[str, Source]):
    """Sharing nothing would cost each reader's calls; sharing too much would show what is not theirs."""
    query = '{ lists(source: "taguchi_v4", first: 2) { nodes { name } } }'
    asking = [LOCAL, COLLEAGUE, ANALYST, V4_ONLY]

    found = await run_together(sources, asking, query)

    spent = [scope.spent for _, scope in found]
    assert spent[0] + spent[1] == 1
    assert spent[2:] == [1, 1]
    assert len({str(result.data) for result, _ in found}) == 1


async def test_a_source_one_may_not_use_is_not_there(sources: dict[str, Source]):
    """A colleague's sources would be found because somebody else had asked them a moment ago."""
    query = f'{{ person(email: "{THOMAS}") {{ profiles {{ sourceId }} completeness {{ sourceId }} }} }}'

    (whole, _), (part, scope) = await run_together(sources, [LOCAL, V4_ONLY], query)

    assert {each["sourceId"] for each in whole.data["person"]["completeness"]} == set(EVERY)
    assert part.data["person"]["profiles"] == [{"sourceId": "taguchi_v4"}]
    assert part.data["person"]["completeness"] == [{"sourceId": "taguchi_v4"}]
    assert {call.source for call in scope.calls} == {"taguchi_v4"}


class Marking(httpx.AsyncBaseTransport):
    """A vendor that answers every credential with data of its own."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.01)
        mark = request.url.params["auth"]
        return httpx.Response(200, json=[{"id": 1, "name": f"list of {mark}", "ref": mark}], request=request)


@pytest.mark.parametrize("principal", [LOCAL, ANALYST], ids=["all", "analyst"])
async def test_two_credentials_at_one_vendor_share_nothing(sandboxes: dict[str, SandboxParts], principal: Principal):
    """Two accounts at one address would be told each other's data, because the question is the same."""
    package, memory = find_vendors()["taguchi_v4"], Memory()

    def open_as(token: str) -> dict[str, Source]:
        table = {**sandboxes["taguchi_v4"].table, "auth": {"token": token}, "base_url": "http://127.0.0.1"}
        settings = package.settings.model_validate(table)
        adapter = package.open("retail", settings, Marking())
        return {"retail": Source("retail", package, package.build_capability(settings), adapter)}

    query = "{ lists(first: 1) { nodes { name } } }"
    opened_as = {token: open_as(token) for token in ("token-one", "token-two")}
    for _ in range(2):
        found = await asyncio.gather(*(run(each, memory, principal, query) for each in opened_as.values()))
        names = [result.data["lists"]["nodes"][0]["name"] for result, _ in found]
        assert names == ["list of token-one", "list of token-two"]
