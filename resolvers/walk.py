"""
A page's way along one or more sources.

Rows stand by source, then in each source's order. A source that fails does not end the page: the sources after it are
read, and the walk owes the failed one. It comes back to what it owes after the last source, so a client that follows
the cursors loses no row; the failed source's rows only come later. Where nothing but failed sources is left, the field
fails, and the cursor it was asked with stays good.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adapters.contract import Slice
from adapters.errors import CursorError, VendorContractError, VendorError
from adapters.records import Record
from resolvers.context import RequestContext
from resolvers.cursors import Cursor, CursorScope, CursorWriter, Stop, decode_cursor, encode_cursor, refuse_cursor
from resolvers.lines import Line
from resolvers.merge import Row, Rows, find_gaps
from resolvers.pages import CompletenessRecord, ConnectionRecord, EdgeRecord, Edges, PageRequest
from resolvers.policy.budget import ScanBudget
from resolvers.policy.completeness import report_read
from resolvers.scan import Scan, scan_line


@dataclass(slots=True)
class Walk:
    """
    The state of one page's walk.

    `ahead` are the sources still to be read, `returning` those that earlier pages owe, `owed` those that failed in
    this one. `gaps` are records that could not be read beside sound ones. `more` says that rows may follow; `end` is
    set where the next page must go on from somewhere else than the last row.
    """

    scope: CursorScope
    page: PageRequest
    ahead: deque[Stop]
    returning: deque[Stop] = field(default_factory=deque)
    owed: list[Stop] = field(default_factory=list)
    gaps: list[VendorError] = field(default_factory=list)
    edges: Sequence[EdgeRecord[Record]] = ()
    reports: list[CompletenessRecord] = field(default_factory=list)
    errors: list[VendorError] = field(default_factory=list)
    answered: bool = False
    more: bool = False
    end: str | None = None
    total: int | None = None

    @property
    def missing(self) -> int:
        """How many rows the page still lacks."""
        return self.page.size - len(self.edges)

    def take(self, line: Line, scan: Scan, *, tail: bool) -> None:
        """Take in what reading one source gave; a failure while only looking past a full page costs no row."""
        before, room = len(self.edges), self.missing
        writer = self._build_writer(line.source.name, tail=tail)
        edges = _build_edges(scan.rows[:room], writer)
        self.edges = (*self.edges, *edges) if self.edges else edges
        failed = scan.error if self.missing else None
        truncated = not (scan.ended or scan.error or len(scan.rows) > room)
        if failed is not None:
            self.errors.append(failed)
            self.owed.append(Stop(line.source.name, scan.last))
        elif not scan.ended:
            self.more = True
            self.end = writer.write(scan.last) if truncated else None
        self.answered |= failed is None
        gaps = _find_gaps(scan, room)
        self.gaps += gaps
        if room:
            truncated = truncated and self.missing > 0
            rows = len(self.edges) - before
            self.reports.append(
                report_read(line.source, rows, scan.scanned, truncated=truncated, error=failed, gaps=gaps)
            )

    def settle(self) -> None:
        """Let the next page begin with what is owed, once everything else was read."""
        if self.owed and not self.more:
            self.more = True
            self.end = encode_cursor(self.scope, Cursor(self.owed[0], self.page.backward, True, tuple(self.owed[1:])))

    def build_page(self) -> ConnectionRecord[Record]:
        """Return the page in the order it was asked in."""
        page = ConnectionRecord(
            edges=self.edges,
            has_next_page=self.more,
            has_previous_page=self.page.cursor is not None,
            resume=self.end,
            total_count=self.total,
            completeness=tuple(self.reports),
            gaps=tuple(self.gaps),
        )
        return page.reversed() if self.page.backward else page

    def _build_writer(self, source: str, *, tail: bool) -> CursorWriter:
        return CursorWriter(self.scope, source, self.page.backward, tail, (*self.returning, *self.owed))


async def walk_lines(
    lines: Mapping[str, Line], scope: CursorScope, page: PageRequest, ctx: RequestContext, *, seed: Slice | None = None
) -> Walk:
    """
    Read one page along the lines, which are by source name; `seed` is what is already known of the only one.

    Raises:
        CursorError: the page's cursor does not belong here.
        VendorError: no source that was left could be read, or the only one failed.
    """
    walk = start_walk(list(lines), scope, page)
    budget = ScanBudget(ctx.limits.scan_calls, ctx.limits.scan_rows)
    while not walk.more and (walk.ahead or walk.returning):
        tail = not walk.ahead
        stop = (walk.returning if tail else walk.ahead).popleft()
        line = lines[stop.source]
        try:
            until_at = _share_time(walk, ctx)
            scan = await scan_line(line, stop.position, walk.missing + 1, budget, ctx, seed=seed, until_at=until_at)
        except CursorError as error:  # the position in it is none of the vendor's
            raise refuse_cursor(error.message, page.argument) from None
        walk.total = scan.total
        walk.take(line, scan, tail=tail)
    walk.settle()
    if walk.errors and (len(lines) == 1 or not (walk.answered or walk.edges)):
        raise walk.errors[0]
    return walk


def _share_time(walk: Walk, ctx: RequestContext) -> float | None:
    """Return until when a source may be read: half of the time that is left, while others are to be read after it."""
    if not (walk.ahead or walk.returning):
        return None
    return asyncio.get_running_loop().time() + ctx.scope.remaining_s() / 2


def start_walk(names: Sequence[str], scope: CursorScope, page: PageRequest) -> Walk:
    """Stand at a page's cursor, or before the first row; raises `CursorError` for a cursor of elsewhere."""
    names = sorted(names, reverse=page.backward)
    if page.cursor is None:
        return Walk(scope, page, deque(Stop(name) for name in names))
    cursor = decode_cursor(page.cursor, scope, argument=page.argument)
    if not {cursor.stop.source, *(stop.source for stop in cursor.owed)} <= set(names):
        hint = "Start again without a cursor."
        raise CursorError("This cursor stands in a source that is not asked here.", hint=hint, path=(page.argument,))
    following = [Stop(name) for name in names[names.index(cursor.stop.source) + 1 :]]
    if cursor.backward is not page.backward:
        here = [cursor.stop] if cursor.stop.position is not None else []
        return Walk(scope, page, deque([*here, *following]))
    if cursor.tail:
        return Walk(scope, page, deque(), deque([cursor.stop, *cursor.owed]))
    return Walk(scope, page, deque([cursor.stop, *following]), deque(cursor.owed))


def _build_edges(rows: Sequence[Row], writer: CursorWriter) -> Sequence[EdgeRecord[Record]]:
    if type(rows) is Rows:
        return Edges(rows.records, rows.positions, writer)
    return tuple([EdgeRecord(row.record, row.position, writer) for row in rows])


def _find_gaps(scan: Scan, room: int) -> tuple[VendorContractError, ...]:
    """Return what could not be read up to the last row on the page; what stands after it is the next page's."""
    here = find_gaps(scan.rows[:room])
    return (*here, *(scan.gaps if len(scan.rows) <= room and scan.error not in scan.gaps else ()))
