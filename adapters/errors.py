"""
Every error that may speak to a caller; what is not in this tree is masked.

- `FacadeError`
  - `SettingsError` (operator acts): a bad `sources.toml` or environment
  - `InputError` (caller acts): a refused argument, before any vendor call
    - `FilterError`: unknown field, wrong operand, unsafe pattern
    - `CursorError`: a cursor that is malformed or belongs to another field, source or order
    - `IdError`: an id that is malformed or of another type
    - `CapabilityError`: the source cannot do this; an alternative is named
    - `ConsentError`: the write would undo an opt-out without consent
  - `ForbiddenError` (caller or operator acts): a scope is missing
  - `BudgetExceededError` (caller acts): the operation would cost too many vendor calls
  - `InProgressError` (caller acts): a write under the same key is still under way
  - `LedgerError` (operator acts): the ledger cannot be read or written
    - `LeaseLostError`: another process has taken a write over
  - `NotFoundError` (caller acts): nothing there, where null would lie
  - `VendorError` (vendor or operator acts)
    - `VendorAuthError`: the vendor refused our credentials
    - `VendorRateLimitedError`: the vendor asked us to slow down
    - `VendorTimeoutError`: no whole answer in time
    - `VendorUnavailableError`: no connection, 5xx, or the breaker is open
    - `VendorRejectedError`: the vendor understood and refused
    - `VendorConflictError`: the record's state at the vendor forbids it
    - `VendorContractError`: an answer that is not what the vendor documents

Messages say what happened and what to do, and never hold a URL, a header, a body or a secret.
"""

from typing import ClassVar


class FacadeError(Exception):
    """
    An error whose message is written for the caller.

    `code` is stable and becomes `extensions.code`; `reason` refines it.
    """

    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, reason: str | None = None, hint: str | None = None) -> None:
        """Keep the message, a stable `reason` word and a `hint` that names the way out."""
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.hint = hint


class SettingsError(FacadeError):
    """The operator's settings are wrong; the start stops with the line and the fix."""


class InputError(FacadeError):
    """An argument was refused before any vendor call; `path` names the part of the input."""

    code = "BAD_USER_INPUT"

    def __init__(
        self, message: str, *, reason: str = "INPUT_INVALID", hint: str | None = None, path: tuple[str | int, ...] = ()
    ) -> None:
        """Keep where in the input the trouble is, as a path of argument and field names."""
        super().__init__(message, reason=reason, hint=hint)
        self.path = path


class FilterError(InputError):
    """A filter names an unknown field, holds a wrong operand, or cannot be answered."""

    def __init__(
        self,
        message: str,
        *,
        reason: str = "FILTER_INVALID",
        hint: str | None = None,
        path: tuple[str | int, ...] = (),
    ) -> None:
        """Keep where in the filter the trouble is."""
        super().__init__(message, reason=reason, hint=hint, path=path)


class CursorError(InputError):
    """A cursor is malformed, or was made for another field, source or order."""

    def __init__(self, message: str, *, hint: str | None = None, path: tuple[str | int, ...] = ()) -> None:
        """Say what is wrong with the cursor."""
        super().__init__(message, reason="CURSOR_INVALID", hint=hint, path=path)


class IdError(InputError):
    """An id is malformed, oversized, or names another type or source than the field takes."""

    def __init__(self, message: str, *, hint: str | None = None, path: tuple[str | int, ...] = ()) -> None:
        """Say what is wrong with the id."""
        super().__init__(message, reason="ID_INVALID", hint=hint, path=path)


class CapabilityError(InputError):
    """The source cannot do what was asked; the hint names an alternative."""

    def __init__(
        self,
        message: str,
        *,
        reason: str = "CAPABILITY_MISSING",
        hint: str | None = None,
        path: tuple[str | int, ...] = (),
    ) -> None:
        """Say what the source cannot do."""
        super().__init__(message, reason=reason, hint=hint, path=path)


class ConsentError(InputError):
    """A write would undo an opt-out or a bounce, or reach somebody who opted out, without the caller saying why."""

    def __init__(self, message: str, *, hint: str | None = None, path: tuple[str | int, ...] = ()) -> None:
        """Say whose opt-out is meant, by its place in the input and never by name."""
        super().__init__(message, reason="CONSENT_REQUIRED", hint=hint, path=path)


class InProgressError(FacadeError):
    """A write under the same key is still under way."""

    code = "IN_PROGRESS"
    retryable = True


class LedgerError(FacadeError):
    """The ledger cannot be read or written; nothing is sent that it could not enter."""

    retryable = True

    def __init__(self, message: str, *, reason: str = "LEDGER_UNAVAILABLE", hint: str | None = None) -> None:
        """Say what the ledger cannot do."""
        super().__init__(message, reason=reason, hint=hint)


class LeaseLostError(LedgerError):
    """Another process has taken a write over, and says what becomes of it; we send nothing more of it."""


class ForbiddenError(FacadeError):
    """The principal lacks a scope."""

    code = "FORBIDDEN"


class BudgetExceededError(FacadeError):
    """The operation could cost more vendor calls than one request may make."""

    code = "BUDGET_EXCEEDED"


class NotFoundError(FacadeError):
    """Nothing is there, in a place where null would lie."""

    code = "NOT_FOUND"


class VendorError(FacadeError):
    """
    A vendor call failed.

    `status` is the vendor's HTTP status, never ours; `vendor_message` is sanitised text of the vendor's, or None.
    """

    code = "VENDOR_UNAVAILABLE"

    def __init__(
        self,
        message: str,
        *,
        source: str,
        vendor: str,
        operation: str,
        status: int | None = None,
        vendor_message: str | None = None,
        reason: str | None = None,
        hint: str | None = None,
        retry_after_s: float | None = None,
        maybe_processed: bool = True,
    ) -> None:
        """Keep which source, vendor and operation failed, what the vendor said, and whether it may have acted."""
        super().__init__(message, reason=reason, hint=hint)
        self.source = source
        self.vendor = vendor
        self.operation = operation
        self.status = status
        self.vendor_message = vendor_message
        self.retry_after_s = retry_after_s
        self.maybe_processed = maybe_processed


class VendorAuthError(VendorError):
    """The vendor refused our credentials; the operator must look at the source's secret."""

    code = "VENDOR_AUTH"


class VendorRateLimitedError(VendorError):
    """The vendor asked us to slow down; `retry_after_s` is set when it said for how long."""

    code = "RATE_LIMITED"
    retryable = True


class VendorTimeoutError(VendorError):
    """No whole answer came within the attempt's or the request's deadline."""

    code = "VENDOR_TIMEOUT"
    retryable = True


class VendorUnavailableError(VendorError):
    """The vendor could not be reached, answered 5xx, or its breaker is open."""

    code = "VENDOR_UNAVAILABLE"
    retryable = True


class VendorRejectedError(VendorError):
    """The vendor understood the request and refused it (400, 422, documented refusals)."""

    code = "VENDOR_REJECTED"


class VendorAbsentError(VendorRejectedError):
    """The vendor has nothing where a write was to go (404): it changed nothing."""

    code = "NOT_FOUND"


class VendorConflictError(VendorError):
    """The record's present state at the vendor forbids the request (409)."""

    code = "CONFLICT"


class VendorContractError(VendorError):
    """The answer is not what the vendor documents: HTML, truncated JSON, a wrong shape, a broken order."""

    code = "VENDOR_BAD_RESPONSE"
