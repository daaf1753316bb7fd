"""
Reading a line until a page is full, the line ends, or the scan budget does.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from adapters.concurrency import gather_outcomes
from adapters.contract import Slice
from adapters.errors import VendorContractError, VendorError, VendorTimeoutError
from adapters.filters.order import Position
from resolvers.context import RequestContext
from resolvers.lines import Line
from resolvers.merge import Branch, Merger, Row, last_position
from resolvers.policy.budget import ScanBudget

_WIDER: Final = 50
"""The fewest rows to ask for once a first slice did not fill the page."""


@dataclass(slots=True)
class Scan:
    """
    What came of reading one line.

    `rows` passed the whole filter; `last` stands after the last row that was checked, passed or not. `ended` says that
    nothing follows; when neither it nor `error` is set and the rows are too few, the budget ended first. `gaps` are the
    records up to there that could not be read and stand before none of `rows`, which keep their own.
    """

    rows: Sequence[Row] = ()
    last: Position | None = None
    scanned: int = 0
    ended: bool = False
    total: int | None = None
    error: VendorError | None = None
    gaps: tuple[VendorContractError, ...] = ()

    def add(self, rows: Sequence[Row]) -> None:
        """Take rows that passed."""
        if not self.rows:
            self.rows = rows
        elif isinstance(self.rows, list):
            self.rows += rows
        else:
            self.rows = [*self.rows, *rows]


async def scan_line(
    line: Line,
    after: Position | None,
    wanted: int,
    budget: ScanBudget,
    ctx: RequestContext,
    *,
    seed: Slice | None = None,
    until_at: float | None = None,
) -> Scan:
    """
    Read a line from a place until `wanted` rows passed its filter, or until a time on the running loop's clock.

    `seed` is what a batched call already brought of it. Each round reads the branches that ran dry side by side; with
    a residual the slices double, so that a sparse filter costs few calls. The last wanted row only shows whether a page
    follows: where every row passes and the vendor did not end the line, no call is made for it. A vendor's failure is
    kept in the result, beside the rows before it.
    """
    scan = Scan(last=after)
    merger = _start(line, after, seed, budget)
    while len(scan.rows) < wanted and not scan.ended and scan.error is None:
        if not line.checked and (rows := merger.take_sound(wanted - len(scan.rows))):
            scan.add(rows)
            scan.last, scan.scanned = last_position(rows), scan.scanned + len(rows)
        elif (row := merger.take()) is not None:
            _check(row, line, scan)
        elif hungry := merger.hungry:
            if _is_known_to_go_on(scan, wanted, line) or not budget.grants(len(hungry)):
                break
            _choose_sizes(hungry, wanted - len(scan.rows), line, budget)
            scan.error = await _end_by(until_at, line, _feed(hungry, line, scan, budget, ctx))
        else:
            scan.ended = True
            scan.gaps += merger.take_tail()
            scan.error = _find_failure(scan, after)
    return scan


def _start(line: Line, after: Position | None, seed: Slice | None, budget: ScanBudget) -> Merger:
    """Stand at a place of a line, with what is known of it already."""
    merger = Merger(line, after)
    if seed is not None:
        budget.spend(seed.calls, len(seed.records))
        for branch in merger.branches:
            branch.feed(seed)
            branch.size = len(seed.records)
    return merger


def _find_failure(scan: Scan, after: Position | None) -> VendorContractError | None:
    """Return what a whole line fails with that has records and not one of them can be read."""
    return scan.gaps[0] if scan.gaps and after is None and not scan.scanned else None


def _is_known_to_go_on(scan: Scan, wanted: int, line: Line) -> bool:
    return line.plan.exact and 0 < len(scan.rows) == wanted - 1


def _check(row: Row, line: Line, scan: Scan) -> None:
    scan.last = row.position
    scan.scanned += 1
    passed = scan.gaps + row.gaps
    if line.accept(row.record):
        scan.add([replace(row, gaps=passed) if scan.gaps else row])
        passed = ()
    scan.gaps = passed


async def _end_by(
    until_at: float | None, line: Line, feeding: Coroutine[Any, Any, VendorError | None]
) -> VendorError | None:
    """Wait for what feeds a line, until a time; then it has failed."""
    if until_at is None:
        return await feeding
    try:
        async with asyncio.timeout_at(until_at):
            return await feeding
    except TimeoutError:
        return VendorTimeoutError(
            f"Source '{line.source.name}' took too long; other sources are read in the time that is left.",
            source=line.source.name,
            vendor=line.source.vendor,
            operation=f"{line.entity} page",
            reason="TIME_SHARE",
        )


async def _feed(
    hungry: list[Branch], line: Line, scan: Scan, budget: ScanBudget, ctx: RequestContext
) -> VendorError | None:
    calls = [line.fetch(branch.pushed, branch.after, branch.size, ctx) for branch in hungry]
    replies = await gather_outcomes(calls)
    for branch, reply in zip(hungry, replies, strict=True):
        if isinstance(reply, VendorError):
            return reply
        if isinstance(reply, BaseException):
            raise reply
        if _stands_still(branch, reply):
            return _refuse_standstill(line)
        budget.spend(reply.calls, len(reply.records))
        branch.feed(reply)
        scan.total = reply.total if scan.total is None else scan.total
    return None


def _choose_sizes(hungry: list[Branch], missing: int, line: Line, budget: ScanBudget) -> None:
    share = max(1, budget.rows // len(hungry))
    for branch in hungry:
        wider = max(2 * branch.size, missing, _WIDER)
        size = missing if line.plan.exact or not branch.size else wider
        branch.size = min(size, share, line.max_page)


def _stands_still(branch: Branch, reply: Slice) -> bool:
    return not reply.end and (not reply.records or reply.positions[-1] == branch.after)


def _refuse_standstill(line: Line) -> VendorContractError:
    return VendorContractError(
        "The vendor's pages do not advance.",
        source=line.source.name,
        vendor=line.source.vendor,
        operation=f"{line.entity} page",
    )
