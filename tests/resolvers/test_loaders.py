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


def _build(adapter: FakeAdapter) -> RequestContext:
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


@dataclass
class SlowAdapter(FakeAdapter):
    """A vendor whose reads by id end when they are told to, and break where they are told to."""

    asked: list[list[str]] = field(default_factory=list)
    gates: list[asyncio.Future[None]] = field(default_factory=list)

    async def fetch_by_ids(
        self, entity: Entity, ids: Sequence[str], scope: CallScope, *, parts: Names, purpose: str, fields: Fields = None
    ) -> Mapping[str, Loaded]:
        """Wait for the gate of this read."""
        gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.asked.append(list(ids))
        self.gates.append(gate)
        await gate
        return {id_: ListRecord(source=NAME, id=id_, name="by id") for id_ in ids}


async def _load(context: RequestContext, *ids: str) -> "asyncio.Future[Mapping[str, Loaded]]":
    """Begin to load, and go on as soon as the vendor was asked, where it is."""
    loading = context.by_id(Entity.LIST).load(RecordsKey(NAME, ids))
    for _ in range(5):
        await asyncio.sleep(0)
    return loading


def _name(loaded: Loaded) -> str | None:
    return loaded.name if isinstance(loaded, ListRecord) else None


async def test_what_another_batch_brings_is_waited_for() -> None:
    """A record would be asked for once for each place that refers to it, or be missing where it comes late."""
    adapter = SlowAdapter(NAME, {})
    context = _build(adapter)
    first = await _load(context, "1", "2")
    second = await _load(context, "2", "3")
    adapter.gates[1].set_result(None)
    for _ in range(5):
        await asyncio.sleep(0)
    early = second.done()
    adapter.gates[0].set_result(None)
    found, others = await first, await second

    assert adapter.asked == [["1", "2"], ["3"]]
    assert not early
    assert [_name(found["1"]), _name(found["2"]), _name(others["2"]), _name(others["3"])] == ["by id"] * 4


async def test_what_another_batch_failed_to_bring_is_asked_for() -> None:
    """One place's mishap would leave others without a record, or waiting for ever."""
    adapter = SlowAdapter(NAME, {})
    context = _build(adapter)
    first = await _load(context, "1", "2")
    second = await _load(context, "2")
    adapter.gates[0].set_exception(RuntimeError("a bug"))
    with pytest.raises(RuntimeError, match="a bug"):
        await first
    for _ in range(5):
        await asyncio.sleep(0)
    adapter.gates[1].set_result(None)

    assert _name((await second)["2"]) == "by id"
    assert adapter.asked == [["1", "2"], ["2"]]


async def test_rows_of_a_page_stand_beside_what_is_loaded() -> None:
    """A record that a page has brought would be missing among those that were not on it, or be asked for again."""
    adapter = SlowAdapter(NAME, {})
    context = _build(adapter)
    context.by_id(Entity.LIST).prime_rows([ListRecord(source=NAME, id="9", name="row")])
    loading = await _load(context, "1", "9")
    adapter.gates[0].set_result(None)
    found = await loading

    assert (_name(found["1"]), _name(found["9"])) == ("by id", "row")
    assert adapter.asked == [["1"]]


async def test_what_is_on_its_way_by_id_is_taken_rather_than_a_row() -> None:
    """Two places of one answer would show one record in two states."""
    adapter = SlowAdapter(NAME, {})
    context = _build(adapter)
    first = await _load(context, "1")
    context.by_id(Entity.LIST).prime_rows([ListRecord(source=NAME, id="1", name="row")])
    second = await _load(context, "1")
    adapter.gates[0].set_result(None)

    assert (await first)["1"] is (await second)["1"]
