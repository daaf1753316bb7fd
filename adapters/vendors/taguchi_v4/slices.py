"""
Slices: the next rows of a line, by as few calls as its order allows.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from adapters.calls import CallNote, CallScope
from adapters.contract import Slice, SliceQuery
from adapters.filters.tree import And, Comparison, Filter, Op
from adapters.records import Entity

from .compiler import COMPILERS
from .endpoints import ListCall
from .feeds import has_rows
from .gathering import Gathering
from .guards import build_guard
from .lines import Line
from .orders import open_line
from .reading import Reader
from .revisions import choose_revisions

if TYPE_CHECKING:
    from collections.abc import Sequence


async def fetch_slice(reader: Reader, query: SliceQuery, scope: CallScope, *, rechecked: bool = True) -> Slice:
    """
    Read the next rows of a line; `rechecked` says that the caller checks again what several pushed comparisons mean.

    Raises:
        VendorError: a call failed, or a reply does not fit the line.
        CapabilityError: the source cannot order by the field, or the values do not fit an address.
        CursorError: the position was not made for this order.
        NotFoundError: the record whose events are asked for is not there.
    """
    line, note = build_line(query, single=reader.takes_one), build_note(query)
    if query.entity is Entity.FEED_EVENT and not has_rows(query.feed):
        return Slice((), (), end=True, calls=0)
    guard = build_guard(reader, query.entity, query.pushed, rechecked=rechecked)
    gathered = Gathering(query.limit)
    while not line.ended and gathered.wants_more:
        call = complete_call(line.build_call(gathered.wanted, reader.max_page), query)
        gathered.take(guard.watch(await reader.fetch_batch(query.entity, call, note, scope)), line)
    return gathered.build_slice(line)


def build_line(query: SliceQuery, *, single: bool = False) -> Line:
    """Build the line a query reads, at the place it goes on from; `single` as in `orders.py`."""
    pushed = COMPILERS[query.entity].build_predicates(query.pushed)
    nullable = not _needs_value(query.pushed, query.order.field)
    return open_line(query.entity, query.order, pushed, nullable=nullable, after=query.after, single=single)


def complete_call(call: ListCall, query: SliceQuery) -> ListCall:
    """Add to a line's call what every call of a query carries."""
    return replace(call, revisions=choose_revisions(query.entity, query.parts), feed=query.feed, fields=query.fields)


def build_note(query: SliceQuery) -> CallNote:
    """Say for the plan what the calls of a slice carry."""
    return CallNote(
        purpose=query.purpose,
        pushed=COMPILERS[query.entity].build_predicates(query.pushed),
        residual=query.residual,
        reasons=query.reasons,
    )


def _needs_value(pushed: Filter, name: str) -> bool:
    """Say whether a pushed comparison can only be true of rows with a value, so that none without one is wanted."""
    parts: Sequence[Filter] = pushed.parts if isinstance(pushed, And) else (pushed,)
    return any(isinstance(part, Comparison) and part.field == name and part.op is not Op.IS_NULL for part in parts)
