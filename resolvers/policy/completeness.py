"""
What a page says of each source: how much of what was asked it gave, and why something is missing.
"""

from collections.abc import Sequence

from adapters.contract import Source
from adapters.errors import FacadeError
from resolvers.pages import CompletenessRecord, CompletenessState


def report_unsupported(source: Source, error: FacadeError) -> CompletenessRecord:
    """Say that a source cannot answer this at all."""
    return CompletenessRecord(
        source=source.name, vendor=source.vendor, state=CompletenessState.UNSUPPORTED, reason=error.message
    )


def report_read(
    source: Source,
    rows: int,
    scanned: int,
    *,
    truncated: bool = False,
    error: FacadeError | None = None,
    gaps: Sequence[FacadeError] = (),
) -> CompletenessRecord:
    """
    Say what reading a source gave: all that was needed, less because the budget ended, or a failure.

    `gaps` are records that could not be read, beside those that could.
    """
    return CompletenessRecord(
        source=source.name,
        vendor=source.vendor,
        state=_choose_state(scanned, truncated, error, gaps),
        rows=rows,
        scanned_rows=scanned,
        reason=_choose_reason(scanned, truncated, error or next(iter(gaps), None)),
    )


def _choose_state(
    scanned: int, truncated: bool, error: FacadeError | None, gaps: Sequence[FacadeError]
) -> CompletenessState:
    if error is not None and not scanned:
        return CompletenessState.FAILED
    if error is not None or gaps:
        return CompletenessState.PARTIAL
    return CompletenessState.TRUNCATED if truncated else CompletenessState.OK


def _choose_reason(scanned: int, truncated: bool, error: FacadeError | None) -> str | None:
    if error is not None:
        return error.message
    if truncated:
        return f"The scan budget ended after {scanned} rows; the end cursor goes on from there."
    return None
