"""
Errors for what a reply that succeeded says against the write.
"""

from adapters.errors import VendorRejectedError
from adapters.transport.requests import Reply


def build_rejection(reply: Reply, what: str, reason: str) -> VendorRejectedError:
    """Build the error for a write that the vendor took and did not do; `what` completes "Source … "."""
    call = reply.call
    return VendorRejectedError(
        f"Source '{call.source}' {what}.",
        source=call.source,
        vendor=call.vendor,
        operation=call.operation,
        status=reply.status,
        reason=reason,
    )
