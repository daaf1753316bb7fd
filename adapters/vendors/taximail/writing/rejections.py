"""
Errors for what a reply that succeeded says against the write.
"""

from adapters.errors import VendorRejectedError
from adapters.refusals import build_place
from adapters.transport.requests import Reply


def build_rejection(reply: Reply, what: str, reason: str) -> VendorRejectedError:
    """Build the error for a write that the vendor took and did not do; `what` completes "Source … "."""
    return VendorRejectedError(f"Source '{reply.call.source}' {what}.", reason=reason, **build_place(reply))
