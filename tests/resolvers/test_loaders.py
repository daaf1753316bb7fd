"""Loaders that are given up: no read goes on, and nobody is left waiting."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from adapters.calls import CallScope
from adapters.contract import Fields, Loaded, Names
from adapters.records import Entity, ListRecord, RevisionChoice
from resolvers.context import RequestContext
from resolvers.loaders.keys import RecordsKey, RevisionsKey
from resolvers.loaders.record import load_all
from resolvers.principal import LOCAL
from tests.resolvers.fake_source import FakeAdapter, build_source

NAME = "shop"
Asked = Callable[[RequestContext], Coroutine[Any, Any, Any]]


@dataclass
class HangingAdapter(FakeAdapter):
    """A vendor that never answers a read by id, and notes how each read ended."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    ended: list[str] = field(default_factory=list)

    async def fetch_by_ids(
        self, entity: Entity, ids: Sequence[str], scope: CallScope, *, parts: Names, purpose: str, fields: Fields = None
    ) -> Mapping[str, Loaded]:
        """Wait until cancelled."""
        self.begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            raise
        return {}


def _build(adapter: HangingAdapter) -> RequestContext:
    scope = CallScope("op", LOCAL.tenant, asyncio.get_running_loop().time() + 20)
    return RequestContext(
        operation_id="op", principal=LOCAL, sources={NAME: replace(build_source(NAME), adapter=adapter)}, scope=scope
    )


async def _ask_records(context: RequestContext) -> Any:
    return await load_all(context.by_id(Entity.LIST), [RecordsKey(NAME, ["1"]), RecordsKey(NAME, ["2"])])


async def _ask_beside_rows(context: RequestContext) -> Any:
    context.by_id(Entity.LIST).prime_rows([ListRecord(source=NAME, id="9")])
    return await load_all(context.by_id(Entity.LIST), [RecordsKey(NAME, ["1", "9"])])


async def _ask_revisions(context: RequestContext) -> Any:
    return await load_all(context.revisions, [RevisionsKey(NAME, Entity.TEMPLATE, "1", next(iter(RevisionChoice)))])


async def _ask_shared(context: RequestContext) -> Any:
    return await context.share("same", lambda: _ask_records(context))


@pytest.mark.parametrize("ask", [_ask_records, _ask_beside_rows, _ask_revisions, _ask_shared])
async def test_a_read_under_way_ends_with_its_request(ask: Asked) -> None:
    """Broken, vendor calls and their repeats go on for a client that has left."""
    adapter = HangingAdapter(NAME, {})
    context = _build(adapter)
    before = asyncio.all_tasks()
    asking = asyncio.ensure_future(ask(context))
    await adapter.begun.wait()

    context.close()
    async with asyncio.timeout(1):
        await asyncio.wait([asking])
        await asyncio.sleep(0)

    assert asking.cancelled(), "whoever waits for the batch must not wait for ever"
    assert adapter.ended == ["cancelled"]
    assert asyncio.all_tasks() == before


async def test_a_read_about_to_start_never_does() -> None:
    """Broken, a request that ends between the question and its batch is read for nobody."""
    adapter = HangingAdapter(NAME, {})
    context = _build(adapter)
    waiting = context.by_id(Entity.LIST).load(RecordsKey(NAME, ["1"]))

    context.close()
    async with asyncio.timeout(1):
        await asyncio.wait([waiting])

    assert waiting.cancelled()
    assert not adapter.begun.is_set()
