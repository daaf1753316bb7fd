"""
What the replies to writes mean. What cannot be read after a write is an error: then nobody knows what became of it.

Source: taximail-contacts.txt, Response Code of each call.
"""

from dataclasses import dataclass
from typing import Any, Final

from adapters.errors import VendorAbsentError, VendorContractError, VendorError
from adapters.refusals import build_error
from adapters.transport.requests import Reply
from adapters.vendors.taximail.replies import Found, build_contract_error, read_found, read_object, read_refusal_text
from adapters.vendors.taximail.values import UnreadableError, read_number, to_text
from adapters.vendors.taximail.wire import Row

_LONGEST: Final = 500
_NOT_FOUND: Final = 404

_ABSENT: Final = (
    ("contact file", "FILE_NOT_FOUND", "the file to be imported", "Look at `taximail { pathFile }`."),
    ("token", "TOKEN_USED", "the token any more: it works once", "Send the mutation again."),
    ("key", "KEY_USED", "the import any more: its key works once", "Send the mutation again."),
    ("contact", "CONTACT_NOT_FOUND", "the contact", "Read it again."),
    ("list", "LIST_NOT_FOUND", "the list", "Look at the list's id."),
)
"""What is missing, by a word of the vendor's text; the first that fits. Source: Response Code 404 of each call."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import brought. Source: Results for imported contact."""

    total: int
    success: int
    duplicate: int
    failed: int

    @property
    def facts(self) -> dict[str, int]:
        """The counts by the vendor's names, as the graph writes names."""
        return {
            "subscribersCount": self.total,
            "success": self.success,
            "duplicate": self.duplicate,
            "failed": self.failed,
        }


def read_done(reply: Reply) -> Any:
    """
    Read that a write was done, and return the data that came with it.

    Raises:
        FacadeError: the vendor refused it, or says neither.
    """
    return _read_success(reply).data


def _read_success(reply: Reply) -> Found:
    """Read a success; where nothing was found nothing was changed, whoever says so."""
    try:
        found = read_found(reply)
    except VendorContractError as error:
        raise _keep_or_refuse(reply, error) from None
    if found is None:
        raise _build_absence(reply)
    return found


def _keep_or_refuse(reply: Reply, error: VendorContractError) -> VendorError:
    """A page that knows no such address tells of an address that is wrong, and that nothing was done there."""
    if reply.status != _NOT_FOUND:
        return error
    reply.call.error = f"{VendorAbsentError.code} {error.reason}"
    return VendorAbsentError(
        error.message,
        source=error.source,
        vendor=error.vendor,
        operation=error.operation,
        status=error.status,
        reason=error.reason,
    )


def _build_absence(reply: Reply) -> VendorAbsentError:
    """Build the error for what is not there, as far as the vendor's text tells."""
    text = read_refusal_text(reply)
    named = (entry[1:] for entry in _ABSENT if entry[0] in (text or "").lower())
    reason, what, hint = next(named, ("NOTHING_THERE", "what the request names", "Look at the ids."))
    return build_error(reply, VendorAbsentError, f"does not have {what}", reason, text, hint=hint)


def read_word(reply: Reply, name: str) -> str:
    """Return a key or token of the first of two steps; raises as `read_done`."""
    data = read_done(reply)
    word = to_text(data.get(name)) if isinstance(data, dict) else None
    if not word or not word.isprintable() or word in {".", ".."} or len(word) > _LONGEST:
        raise build_contract_error(reply, f"no {name} for the second step", "TOKEN_EXPECTED")
    return word


def read_counts(reply: Reply) -> Counts:
    """Return what an import brought; raises as `read_done`."""
    data = read_object(reply, _read_success(reply))
    try:
        success, duplicate, failed = (_read_count(data, name) for name in ("success", "duplicate", "failed"))
        total = (
            success + duplicate + failed if "subscribers_count" not in data else _read_count(data, "subscribers_count")
        )
    except UnreadableError as error:
        raise build_contract_error(reply, f"an import's result in which {error}", "COUNTS_EXPECTED") from None
    return Counts(total, success, duplicate, failed)


def _read_count(data: Row, name: str) -> int:
    count = read_number(data, name)
    if count is None or count < 0:
        raise UnreadableError(f"{name} is not a count", name)
    return count
