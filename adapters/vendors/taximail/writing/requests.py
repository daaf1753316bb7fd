"""
The requests of writes.

A token that works once is never shown: plans have its name instead. Source: taximail-contacts.txt.
"""

from collections.abc import Sequence
from typing import Final

from adapters.transport.client import VendorRequest
from adapters.transport.urls import quote_query, quote_segment
from adapters.vendors.taximail.endpoints import JSON_ONLY
from adapters.vendors.taximail.keys import InnerKey

Pairs = tuple[tuple[str, str], ...]

KEY, TOKEN = "key_import", "token"
"""What the first of two steps brings."""

_FORM: Final = (*JSON_ONLY, ("Content-Type", "application/x-www-form-urlencoded"))
_DATA_ERROR: Final = frozenset({503})
"""Source: Importing, Response Code: 503 says that a field is duplicate."""


def build_import(list_id: str, form: Pairs, purpose: str) -> VendorRequest:
    """Build `POST /list/{id}/subscribers/import`, after which nothing is in the list yet."""
    return VendorRequest(
        operation="subscribers.import",
        path=f"{_below(list_id)}/import",
        method="POST",
        body=quote_query(form).encode(),
        headers=_FORM,
        purpose=purpose,
        judged=_DATA_ERROR,
    )


def build_commit(list_id: str, key: str, token: str, purpose: str) -> VendorRequest:
    """
    Build `GET /list/{id}/subscribers/{key_import}/commit/{token}`: a GET that writes, whose token works once.

    Source: Results for imported contact; vendors/facts.md, 3.2.
    """
    return VendorRequest(
        operation="subscribers.commit",
        path=f"{_below(list_id)}/{quote_segment(key)}/commit/{quote_segment(token)}",
        shown=f"{_below(list_id)}/{{{KEY}}}/commit/{{{TOKEN}}}",
        headers=JSON_ONLY,
        purpose=purpose,
        safe=False,
    )


def build_update(key: InnerKey, fields: Pairs, purpose: str) -> VendorRequest:
    """Build `PUT /list/{id}/subscribers/{id}`; `fields` are by the name an update has for them. Source: Updating."""
    form = tuple((f"custom_field[{name}]", value) for name, value in fields)
    return VendorRequest(
        operation="subscribers.update",
        path=f"{_below(key.list_id)}/{quote_segment(key.inner_id)}",
        method="PUT",
        body=quote_query(form).encode(),
        headers=_FORM,
        purpose=purpose,
    )


def build_unsubscribe(list_id: str, email: str, purpose: str) -> VendorRequest:
    """Build `POST /list/{id}/subscribers/unsubscribe`. Source: Unsubscribing."""
    return VendorRequest(
        operation="subscribers.unsubscribe",
        path=f"{_below(list_id)}/unsubscribe",
        method="POST",
        body=quote_query((("email", email),)).encode(),
        headers=_FORM,
        purpose=purpose,
    )


def build_selection(list_id: str, contact_ids: Sequence[str], purpose: str) -> VendorRequest:
    """Build `POST /list/{id}/subscribers/selection`, after which nothing is deleted yet. Source: Selecting."""
    return VendorRequest(
        operation="subscribers.select",
        path=f"{_below(list_id)}/selection",
        method="POST",
        body=quote_query((("subscribers_id", ",".join(contact_ids)),)).encode(),
        headers=_FORM,
        purpose=purpose,
    )


def build_deletion(list_id: str, token: str, purpose: str) -> VendorRequest:
    """Build `DELETE /list/{id}/subscribers/selection/{token}`, whose token works once. Source: Deleting."""
    return VendorRequest(
        operation="subscribers.delete",
        path=f"{_below(list_id)}/selection/{quote_segment(token)}",
        shown=f"{_below(list_id)}/selection/{{{TOKEN}}}",
        method="DELETE",
        headers=JSON_ONLY,
        purpose=purpose,
    )


def _below(list_id: str) -> str:
    return f"list/{quote_segment(list_id)}/subscribers"
