"""
What a mutation answers: the outcome, the record, the errors, and the row of the ledger.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from adapters.calls import CallRecord
from adapters.contract import Outcome, PlannedRequest, PreparedWrite, WriteResult
from adapters.errors import FacadeError, InputError, VendorError
from adapters.ledger import Entry, ItemEntry, ItemState, State
from adapters.records import Record
from resolvers.policy.masking import MASK
from resolvers.writes.arguments import LEFT_OUT, RECIPIENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteErrorRecord:
    """One error of a write, as data: a stable code and reason, where in the input, and what to know."""

    code: str
    message: str
    reason: str | None = None
    path: tuple[str, ...] = ()
    source: str | None = None
    vendor: str | None = None
    vendor_status: int | None = None
    vendor_message: str | None = None
    retryable: bool = False
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadRecord:
    """
    What a mutation answers.

    `key` is (source, vendor id) of the record it is about, where that is known, and `record` the record where the
    answer holds it. `requests` are those of a dry run, and `reads` what it has asked vendors to prepare them. `items`
    are those that no row of the ledger has: a dry run's, or the one whom a sending is for.
    """

    outcome: Outcome
    source: str
    key: tuple[str, str] | None = None
    record: Record | None = None
    errors: tuple[WriteErrorRecord, ...] = ()
    warnings: tuple[str, ...] = ()
    operation: Entry | None = None
    requests: tuple[PlannedRequest, ...] = ()
    reads: tuple[PlannedRequest, ...] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    items: tuple[ItemEntry, ...] = ()


OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"

WARNED: Final = "warned"
"""The part of a kept command that is what its caller was warned of before the worker began."""


def to_write_error(error: FacadeError, outcome: Outcome | None = None) -> WriteErrorRecord:
    """Return an error as data; of a write whose fate nobody knows, the code says so and the reason what happened."""
    unknown = outcome is Outcome.UNKNOWN
    vendor = error if isinstance(error, VendorError) else None
    return WriteErrorRecord(
        code=OUTCOME_UNKNOWN if unknown else error.code,
        reason=(error.reason or error.code) if unknown else error.reason,
        message=error.message,
        path=tuple(map(str, error.path)) if isinstance(error, InputError) else (),
        source=vendor.source if vendor else None,
        vendor=vendor.vendor if vendor else None,
        vendor_status=vendor.status if vendor else None,
        vendor_message=vendor.vendor_message if vendor else None,
        retryable=error.retryable and not unknown,
        hint=error.hint,
    )


def build_plan_payload(prepared: PreparedWrite, calls: Iterable[CallRecord], *, show_values: bool) -> PayloadRecord:
    """
    Answer a dry run; what was read for it may stand in its requests, so they are shown with `pii` only.

    `calls` are those it has made; what was remembered was not asked.
    """
    command = prepared.command
    reads = tuple(PlannedRequest(call.operation, call.method, call.url) for call in calls if call.attempts)
    if not show_values:
        reads = tuple(map(_hide, reads))
        prepared = replace(prepared, requests=tuple(map(_hide, prepared.requests)), before=None, after=None)
    return PayloadRecord(
        outcome=Outcome.PLANNED,
        source=command.source,
        key=None if command.target is None else (command.source, command.target),
        requests=prepared.requests,
        reads=reads,
        before=prepared.before,
        after=prepared.after,
        warnings=list_warnings(prepared),
        items=tuple(_plan_item(place, prepared.skipped.get(place)) for place in range(_count_items(prepared))),
    )


def _count_items(prepared: PreparedWrite) -> int:
    command = prepared.command
    reached = command.values.get(RECIPIENTS) or ()
    return len(command.items) or len(reached) + len(command.values.get(LEFT_OUT) or ())


def _plan_item(place: int, why: str | None) -> ItemEntry:
    outcome = Outcome.PLANNED if why is None else Outcome.SKIPPED
    error = None if why is None else {"code": Outcome.SKIPPED.value, "message": why}
    return ItemEntry(place=place, state=ItemState.DONE, outcome=outcome.value, input={}, vendor_id=None, error=error)


def list_warnings(prepared: PreparedWrite) -> tuple[str, ...]:
    """List what a caller should know of a write before it is sent, and who is left out of it."""
    return (*prepared.warnings, *(f"Item {place} is left out: {why}" for place, why in prepared.skipped.items()))


def _hide(request: PlannedRequest) -> PlannedRequest:
    return replace(request, url=MASK, body=None if request.body is None else MASK, headers=())


def to_plain_result(result: WriteResult) -> dict[str, Any]:
    """Return what a caller is told of a write as plain JSON, for the ledger."""
    return {
        "id": result.id,
        "errors": [to_plain_error(to_write_error(result.error, result.outcome))] if result.error else [],
        "warnings": list(result.warnings),
        "facts": dict(result.facts),
    }


def to_plain_error(error: WriteErrorRecord) -> dict[str, Any]:
    """Return an error as plain JSON."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name in WriteErrorRecord.__slots__
        if (value := getattr(error, name)) is not None
    }


def read_error(plain: Mapping[str, Any]) -> WriteErrorRecord:
    """Return an error that the ledger kept."""
    return WriteErrorRecord(**{**plain, "path": tuple(plain.get("path", ()))})


def read_payload(entry: Entry, record: Record | None = None) -> PayloadRecord:
    """Answer from the ledger; every caller of one key is told the same."""
    result = entry.result
    id_ = result.get("id") or entry.command.get("target")
    return PayloadRecord(
        outcome=Outcome(entry.outcome) if entry.outcome else Outcome.ACCEPTED,
        source=entry.source,
        key=None if id_ is None else (entry.source, id_),
        record=record,
        errors=tuple(read_error(each) for each in result.get("errors", ())),
        warnings=tuple(result.get("warnings", entry.command.get(WARNED, ()))),
        operation=entry,
        facts=result.get("facts", {}),
        items=() if entry.items else _list_only_item(entry),
    )


def _list_only_item(entry: Entry) -> tuple[ItemEntry, ...]:
    """Return the one whom a sending is for as its item: the ledger keeps that of several."""
    reached = entry.command.get("values", {}).get(RECIPIENTS) or ()
    if len(reached) != 1:
        return ()
    states = {State.PENDING: ItemState.WAITING, State.SENT: ItemState.SENT, State.DONE: ItemState.DONE}
    error = next(iter(entry.result.get("errors", ())), None)
    state, id_ = states[entry.state], entry.result.get("id")
    return (ItemEntry(place=0, state=state, outcome=entry.outcome, input={}, vendor_id=id_, error=error),)
