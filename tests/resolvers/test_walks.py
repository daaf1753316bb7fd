"""
Walking whole connections over a source by contract, against the reference meaning of filters and orders.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.contract import Source
from adapters.filters.order import Order
from adapters.filters.tree import Filter
from adapters.records import Entity, Record
from resolvers.context import ReadLimits, RequestContext
from resolvers.pages import CompletenessState, ConnectionArgs
from resolvers.subscriber import subscribers
from tests.resolvers.asking import EVERY_PAGE_FIELD as _SELECTION
from tests.resolvers.asking import build_context, expect, ids_of, walk_pages
from tests.resolvers.fake_source import adapter_of, build_source
from tests.resolvers.random_filters import build_rows, filters, orders, tables

# the same walks in every run; `make bars` walks others, over the sandbox
WALKS = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
ROWS = st.lists(build_rows(st.integers(1, 40).map(str)), max_size=25, unique_by=lambda row: row.id)


def _contexts(*sources: Source, limits: ReadLimits | None = None) -> Callable[[], RequestContext]:
    return lambda: build_context(*sources, limits=limits)


@settings(max_examples=20, derandomize=True, deadline=None)
@given(tables())
def test_a_failing_walk_can_be_printed(table) -> None:
    """Hypothesis refuses to print an example above 30 kB, and would then tell of that instead of the failure."""
    assert 100 < len(repr(table)) < 5_000


@WALKS
@given(
    rows=ROWS,
    table=tables(),
    tree=filters,
    order=orders,
    size=st.integers(1, 12),
    backward=st.booleans(),
    clamp=st.none() | st.integers(1, 5),
)
def test_walk_equals_reference(*, rows, table, tree: Filter, order: Order, size: int, backward: bool, clamp):
    """Whatever the vendor can do, all pages together are the rows the filter means, in the order that was asked."""
    source = build_source("one", table, *rows)
    adapter_of(source).clamp = clamp
    args = ConnectionArgs(filter=tree, order=order)

    pages = asyncio.run(walk_pages(subscribers, _contexts(source), args, size=size, backward=backward))

    assert expect(rows, tree, order) == ids_of(pages)
    assert all(len(page.edges) <= size for page in pages)
    assert all(
        len(page.edges) == size or page.completeness[0].state is CompletenessState.TRUNCATED
        for page in (pages[1:] if backward else pages[:-1])
    )


@WALKS
@given(
    rows=ROWS,
    table=tables(),
    tree=filters,
    order=orders,
    size=st.integers(1, 6),
    backward=st.booleans(),
    data=st.data(),
)
def test_walk_survives_inserts_and_deletes(*, rows, table, tree, order, size, backward, data):
    """While rows come and go between pages, none is shown twice and none that was there throughout is missed."""
    source = build_source("one", table, *rows)
    adapter, touched = adapter_of(source), set()
    limits = ReadLimits(scan_calls=2, scan_rows=7)

    def change() -> None:
        known = adapter.rows.setdefault(Entity.SUBSCRIBER, {})
        for id_ in data.draw(st.lists(st.integers(1, 40).map(str), max_size=3, unique=True)):
            touched.add(id_)
            if known.pop(id_, None) is None:
                adapter.put(data.draw(build_rows(st.just(id_))))

    args = ConnectionArgs(filter=tree, order=order)
    pages = asyncio.run(
        walk_pages(subscribers, _contexts(source, limits=limits), args, size=size, backward=backward, between=change)
    )

    seen = ids_of(pages)
    assert len(set(seen) - touched) == len([id_ for id_ in seen if id_ not in touched])
    assert [id_ for id_ in expect(rows, tree, order) if id_ not in touched] == [
        id_ for id_ in seen if id_ not in touched
    ]


@WALKS
@given(
    st.lists(ROWS, min_size=2, max_size=3),
    filters,
    st.integers(1, 12),
    st.booleans(),
    st.lists(st.integers(1, 40), max_size=6),
)
def test_walk_along_sources_loses_nothing(all_rows, tree, size, backward, failing):
    """Along several sources that fail now and then, following the cursors shows every row of each exactly once."""
    sources = [
        build_source(name, None, *(replace(row, source=name) for row in rows))
        for name, rows in zip(("one", "three", "two"), all_rows, strict=False)
    ]
    calls = iter(range(1, 10_000))
    for source in sources:
        adapter_of(source).fail = lambda _operation, _number: next(calls) in failing
    wanted = [(source.name, id_) for source in sources for id_ in expect(_rows_of(source), tree)]

    seen = asyncio.run(_walk_stubbornly(_contexts(*sources), tree, size, backward))

    assert sorted(wanted) == sorted(seen)
    assert failing or seen == wanted


async def _walk_stubbornly(
    build: Callable[[], RequestContext], tree: Filter, size: int, backward: bool
) -> list[tuple[str, str]]:
    """Follow the cursors; where a whole field fails, ask the same again."""
    seen: list[tuple[str, str]] = []
    cursor = None
    for _ in range(300):
        turn: dict[str, Any] = {"last": size, "before": cursor} if backward else {"first": size, "after": cursor}
        ctx = build()
        (page,) = await subscribers([None], ConnectionArgs(filter=tree, **turn), ctx, _SELECTION)
        if isinstance(page, Exception):
            continue
        states = {each.state for each in page.completeness}
        assert bool(ctx.notices) == bool(states & {CompletenessState.FAILED, CompletenessState.PARTIAL})
        here = [(node.source, node.id) for node in page.nodes]
        seen = here + seen if backward else seen + here
        if not (page.has_previous_page if backward else page.has_next_page):
            return seen
        cursor = page.start_cursor if backward else page.end_cursor
    raise AssertionError("the walk does not end")


def _rows_of(source: Source) -> list[Record]:
    return adapter_of(source).of(Entity.SUBSCRIBER)
