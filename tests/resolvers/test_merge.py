"""Rows of one line that come slice by slice: however an adapter holds them, none is taken twice and none is lost."""

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Slice
from adapters.filters.order import BY_ID, Position
from adapters.filters.tree import EVERYTHING
from adapters.records import Entity
from adapters.records.tables import Table
from resolvers.lines import build_line
from resolvers.merge import Merger
from tests.resolvers.asking import EVERY_PAGE_FIELD, build_context
from tests.resolvers.fake_source import build_source
from tests.resolvers.people import build_people

PEOPLE: Any = {person.id: person for person in build_people("one", *range(1, 7))}
IDS = st.lists(st.sampled_from(list(PEOPLE)), min_size=1, max_size=5, unique=True)


def _build_slice(ids: list[str], *, by_columns: bool) -> Slice:
    rows = [PEOPLE[id_] for id_ in ids]
    records = Table[Any](object, lambda row: row, {"row": rows}, {}, len(rows)) if by_columns else tuple(rows)
    return Slice(records, tuple(Position((id_,)) for id_ in ids), end=False)


async def _start() -> Merger:
    source = build_source("one")
    line = build_line(
        source, Entity.SUBSCRIBER, EVERYTHING, BY_ID, ctx=build_context(source), selection=EVERY_PAGE_FIELD
    )
    return Merger(line, None)


@given(st.lists(st.tuples(IDS, st.booleans(), st.integers(1, 5), st.booleans()), max_size=4))
def test_a_record_that_comes_again_is_taken_once(slices: list[tuple[list[str], bool, int, bool]]) -> None:
    """A row that moved while the line was read would stand on the page twice."""
    merger, taken = asyncio.run(_start()), []
    for ids, by_columns, most, singly in slices:
        merger.branches[0].feed(_build_slice(ids, by_columns=by_columns))
        while merger.branches[0].rows or merger.branches[0].whole:
            rows = [merger.take()] if singly else merger.take_sound(most)
            taken += [row.record.id for row in rows if row is not None]

    assert taken == list(dict.fromkeys(id_ for ids, *_ in slices for id_ in ids))
