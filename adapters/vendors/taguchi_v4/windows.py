"""
Many records by id: the cheapest windows over a set of ids.

The vendor reads one id or a list; it has no read of several ids. A list read with `id-gte-a & id-lte-b` returns every
row between, wanted or not.

Cost of a set of windows: first the number of calls, then the wasted rows, at most `sum(b - a + 1) - wanted`. With the
ids sorted, some best choice consists of runs of neighbours, so with `x` the sorted ids

    best(j) = min over i <= j, x[j] - x[i] < max_page, of best(i - 1) + (1, (x[j] - x[i] + 1) - (j - i + 1))

and the terms in `j` are the same for every `i`: the least of `best(i - 1) + (0, i - x[i])` in a sliding range decides.
A window over one id is a by-id read. So there is never more than one call per distinct id.
"""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.calls import CallNote, CallScope
from adapters.concurrency import gather
from adapters.contract import Loaded
from adapters.errors import FacadeError
from adapters.records import Entity, RevisionChoice
from adapters.records.making import made_quickly

from .columns import LARGEST_COMPARED, LARGEST_ID
from .endpoints import ListCall
from .reading import Batch, Reader

MAX_MISSING: Final = 10
"""How many ids that a reply lacks are asked for one by one, where a row of it has no readable id."""

_NUMBER: Final = re.compile(rf"0|[1-9][0-9]{{0,{len(str(LARGEST_ID)) - 1}}}")


@made_quickly
@dataclass(frozen=True, slots=True)
class Window:
    """The wanted ids between the first and the last one, both wanted."""

    ids: tuple[int, ...]

    @property
    def width(self) -> int:
        """The most rows the window can hold."""
        return self.ids[-1] - self.ids[0] + 1


async def fetch_by_ids(
    reader: Reader,
    entity: Entity,
    ids: Sequence[str],
    scope: CallScope,
    purpose: str,
    *,
    revisions: RevisionChoice | None = None,
    fields: frozenset[str] | None = None,
) -> Mapping[str, Loaded]:
    """
    Read records by id, side by side; None where there is none, an error value for the ids of a failed call.

    An id that is no number, or larger than any, has no record and costs no call. `fields` are those that are wanted.
    """
    numbers = {text: read_id(text) for text in ids}
    windows = build_windows({number for number in numbers.values() if number is not None}, reader.max_window)
    load = _Load(reader, entity, scope, purpose, revisions, fields)
    loaded: dict[int, Loaded] = {}
    for reply in await gather([load.fetch(window) for window in windows]):
        loaded |= reply
    return {text: None if number is None else loaded[number] for text, number in numbers.items()}


def read_id(text: str) -> int | None:
    """Read an id as the vendor writes it; None for what cannot be one."""
    if not _NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


def build_windows(ids: set[int], max_page: int) -> list[Window]:
    """Build the windows of least cost over these ids; those too large to compare with are read one by one."""
    ordered = sorted(ids)
    if ordered and ordered[-1] <= LARGEST_COMPARED and ordered[-1] - ordered[0] < max_page:
        return [Window(tuple(ordered))]
    comparable = [number for number in ordered if number <= LARGEST_COMPARED]
    single = [Window((number,)) for number in ordered if number > LARGEST_COMPARED]
    return [*_cut(comparable, max_page), *single]


def _cut(ids: Sequence[int], max_page: int) -> list[Window]:
    """Follow the recurrence; `queue` holds the starts that may still be best, the best of them first."""
    best: list[tuple[int, int]] = [(0, 0)]
    starts: list[int] = []
    queue: deque[tuple[tuple[int, int], int]] = deque()
    for end, number in enumerate(ids):
        calls, waste = best[end]
        start_cost = (calls, waste + end - number)
        while queue and queue[-1][0] > start_cost:
            queue.pop()
        queue.append((start_cost, end))
        while number - ids[queue[0][1]] >= max_page:
            queue.popleft()
        (calls, waste), start = queue[0]
        best.append((calls + 1, waste + number - end))
        starts.append(start)
    return _collect(ids, starts)


def _collect(ids: Sequence[int], starts: Sequence[int]) -> list[Window]:
    windows, end = [], len(ids) - 1
    while end >= 0:
        windows.append(Window(tuple(ids[starts[end] : end + 1])))
        end = starts[end] - 1
    return windows[::-1]


@made_quickly
@dataclass(frozen=True, slots=True)
class _Load:
    """What every window of one load shares."""

    reader: Reader
    entity: Entity
    scope: CallScope
    purpose: str
    revisions: RevisionChoice | None
    fields: frozenset[str] | None

    async def fetch(self, window: Window) -> Mapping[int, Loaded]:
        """Read one window; whatever fails, fails the ids it was to bring and no others."""
        note = CallNote(purpose=self.purpose, keys=len(window.ids))
        if len(window.ids) > 1:
            return await self._fetch_range(window, note)
        (number,) = window.ids
        try:
            return {number: await self.reader.fetch_one(self.entity, number, note, self.scope, self.revisions)}
        except FacadeError as error:
            return {number: error}

    async def _fetch_range(self, window: Window, note: CallNote) -> Mapping[int, Loaded]:
        """
        Read a window by list reads; while ids past a reply's last one are missing, it is continued after that.

        Only a reply that is known to hold all it was asked for ends the reading before: here a row too few is a record
        told to be absent, so the operator's word for the size of a page is not enough. Beside a row without a readable
        id nothing is: whose it is cannot be known, so what is missing then is asked for id by id.
        """
        found: dict[int, Loaded] = {}
        stray: FacadeError | None = None
        before: Batch | None = None
        first, last = window.ids[0], window.ids[-1]
        while wanted := [number for number in window.ids if number >= first]:
            call = self._build_call(wanted[0], last)
            try:
                batch = await self.reader.fetch_batch(self.entity, call, note, self.scope)
                reached = _check_range(batch, wanted[0], last)
            except FacadeError as error:
                return found | dict.fromkeys(wanted, error)
            if before is not None and not before.cut and batch.rows:
                self.reader.distrust_pages(batch)
            before = batch
            records = batch.to_records(number for number in wanted if number in batch.rows)
            found |= {number: records.get(number) for number in wanted}
            stray = stray or next((each.error for each in batch.strays), None)
            if batch.whole or (batch.strays and not batch.rows):
                break
            first = reached + 1
        return found if stray is None else found | await self._fetch_missing(found, stray)

    def _build_call(self, first: int, last: int) -> ListCall:
        limit = min(last - first + 1, self.reader.max_page)
        return build_window_call(first, last, limit, revisions=self.revisions, fields=self.fields)

    async def _fetch_missing(self, found: Mapping[int, Loaded], stray: FacadeError) -> dict[int, Loaded]:
        """Tell the ids without a record from that of a stray, as long as few are missing and other rows are there."""
        missing = [number for number, record in found.items() if record is None]
        if len(missing) > MAX_MISSING or len(missing) == len(found):
            return dict.fromkeys(missing, stray)
        loaded: dict[int, Loaded] = {}
        for reply in await gather([self.fetch(Window((number,))) for number in missing]):
            loaded |= reply
        return loaded


def build_window_call(
    first: int | str,
    last: int | str,
    limit: int,
    *,
    revisions: RevisionChoice | None = None,
    fields: frozenset[str] | None = None,
) -> ListCall:
    """Build the list read of a window; the ends are texts in the shape of a call."""
    return ListCall((f"id-gte-{first}", f"id-lte-{last}"), "id", limit, revisions=revisions, fields=fields)


def _check_range(batch: Batch, first: int, last: int) -> int:
    """Return the largest id of the reply, all of whose ids must lie in the window."""
    low, high = batch.ends or (first, first - 1)
    if low < first or high > last:
        raise batch.refuse("records outside the ids asked for", "BOUND_IGNORED")
    return high
