"""
The errors that replies mean: noted in the record of their call, and told with where they come from.
"""

from typing import Any, Final, Protocol, TypeVar

from adapters.calls import CallRecord
from adapters.errors import VendorContractError, VendorError
from adapters.rows import UnreadableError

RECORD_UNREADABLE: Final = "RECORD_UNREADABLE"
"""Reason of the error for a record that is none of the document's, where the rest of the reply is sound."""

E = TypeVar("E", bound=VendorError)


class Answered(Protocol):
    """What is told of a reply."""

    status: int
    call: CallRecord


def build_place(reply: Answered) -> dict[str, Any]:
    """Say where an error comes from."""
    return {
        "source": reply.call.source,
        "vendor": reply.call.vendor,
        "operation": reply.call.operation,
        "status": reply.status,
    }


def build_error(
    reply: Answered,
    kind: type[E],
    what: str,
    reason: str,
    vendor_message: str | None = None,
    *,
    hint: str | None = None,
) -> E:
    """Build the error for an answer that is no success; `what` completes "Source … "."""
    reply.call.error = f"{kind.code} {reason}"
    message = f"Source '{reply.call.source}' {what}."
    return kind(message, reason=reason, hint=hint, vendor_message=vendor_message, **build_place(reply))


def build_contract_error(reply: Answered, what: str, reason: str) -> VendorContractError:
    """Build the error for an answer that is not what the vendor documents; `what` completes "sent …"."""
    return build_error(reply, VendorContractError, f"sent {what}", reason)


def build_unreadable(
    reply: Answered, entity: str, error: UnreadableError, record: str = "a record"
) -> VendorContractError:
    """Count a record that cannot be read, and build the error that tells of it; `record` says which one it is."""
    reply.call.note_unreadable(entity, error.field)
    return build_contract_error(reply, f"{record} in which {error}", RECORD_UNREADABLE)
