"""
Sendios' REST calls that write, each built once.

None of them is ever sent again by us: the vendor takes them one after another at a time of its own, and names no key by
which it would know a repeated one. Base64 stands in the path as the vendor's own clients put it there, unquoted.
Source: vendors/facts.md, 4.2, 4.3 and 4.6.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from adapters.errors import InputError
from adapters.transport.client import VendorRequest
from adapters.transport.urls import quote_segment

from .endpoints import API_VERSION, JSON_BODY, JSON_ONLY

MARKING_VERSION: Final = "v3"
"""Where only confirmations and visits are noted, and any 2xx is a success. Source: vendors/facts.md, 4.1."""

Values = Mapping[str, Any]


def to_hash(email: str) -> str:
    """Return an address as these paths hold it: base64, which is never `//` since no byte of UTF-8 is all ones."""
    return base64.b64encode(email.encode()).decode()


def build_push(kind: str, body: Values, purpose: str) -> VendorRequest:
    """Build `POST push/system` or `POST push/trigger`."""
    return _build(f"push.{kind}", "POST", f"push/{kind}", purpose, body)


def build_fields_by_id(user_id: str, values: Values, purpose: str) -> VendorRequest:
    """Build `PUT userfields/user/{userId}`."""
    return _build("userfields.user.set", "PUT", f"userfields/user/{quote_segment(user_id)}", purpose, values)


def build_fields_by_email(project_id: int, email: str, values: Values, purpose: str) -> VendorRequest:
    """Build `PUT userfields/project/{projectId}/emailhash/{base64}`."""
    path = f"userfields/project/{project_id}/emailhash/{to_hash(email)}"
    return _build("userfields.email.set", "PUT", path, purpose, values)


def build_opt_out(user_id: str, source_id: int, purpose: str) -> VendorRequest:
    """Build `POST unsub/{userId}/source/{sourceId}`."""
    return _build("unsub.source", "POST", f"unsub/{quote_segment(user_id)}/source/{source_id}", purpose)


def build_opt_out_by_admin(project_id: int, email: str, purpose: str) -> VendorRequest:
    """Build `POST unsub/admin/{projectId}/email/{base64}`."""
    return _build("unsub.admin", "POST", f"unsub/admin/{project_id}/email/{to_hash(email)}", purpose)


def build_opt_in(user_id: str, purpose: str) -> VendorRequest:
    """Build `DELETE unsub/{userId}`."""
    return _build("unsub.delete", "DELETE", f"unsub/{quote_segment(user_id)}", purpose)


def build_types_replaced(user_id: str, type_ids: Sequence[int], purpose: str) -> VendorRequest:
    """Build `POST unsubtypes/{userId}`: these types and no others are unwanted."""
    path = f"unsubtypes/{quote_segment(user_id)}"
    return _build("unsubtypes.replace", "POST", path, purpose, {"type_ids": list(type_ids)})


def build_types_added(user_id: str, type_ids: Sequence[int], purpose: str) -> VendorRequest:
    """Build `POST unsubtypes/nodiff/{userId}`: these types are unwanted too."""
    path = f"unsubtypes/nodiff/{quote_segment(user_id)}"
    return _build("unsubtypes.add", "POST", path, purpose, {"type_ids": list(type_ids)})


def build_types_removed(user_id: str, type_ids: Sequence[int], purpose: str) -> VendorRequest:
    """Build `DELETE unsubtypes/nodiff/{userId}`, which has a body: these types are wanted again."""
    path = f"unsubtypes/nodiff/{quote_segment(user_id)}"
    return _build("unsubtypes.remove", "DELETE", path, purpose, {"type_ids": list(type_ids)})


def build_types_cleared(user_id: str, purpose: str) -> VendorRequest:
    """Build `DELETE unsubtypes/all/{userId}`."""
    return _build("unsubtypes.clear", "DELETE", f"unsubtypes/all/{quote_segment(user_id)}", purpose)


def build_erasure(body: Values, purpose: str) -> VendorRequest:
    """Build `POST user/erase`."""
    return _build("user.erase", "POST", "user/erase", purpose, body)


def build_payment(body: Values, purpose: str) -> VendorRequest:
    """Build `POST lastpayment`."""
    return _build("lastpayment", "POST", "lastpayment", purpose, body)


def build_link(body: Values, purpose: str) -> VendorRequest:
    """Build `POST clientuser/create`."""
    return _build("clientuser.create", "POST", "clientuser/create", purpose, body)


def build_confirmation(project_id: int, email: str, reacted_s: int, purpose: str) -> VendorRequest:
    """Build v3 `PUT users/project/{projectId}/email/{base64}/confirm`."""
    hashed = to_hash(email)
    body = {"last_reaction": str(reacted_s), "project_id": project_id, "encoded_email": hashed}
    return _build_mark("users.confirm", f"users/project/{project_id}/email/{hashed}/confirm", body, purpose)


def build_visit_by_id(user_id: str, seen_s: int, purpose: str) -> VendorRequest:
    """Build v3 `PUT users/{userId}/online`; the time is seconds since 1970 as text, as recorded from the SDK."""
    body = {"timestamp": str(seen_s), "user_id": int(user_id)}
    return _build_mark("users.online", f"users/{quote_segment(user_id)}/online", body, purpose)


def build_visit_by_email(project_id: int, email: str, seen_s: int, purpose: str) -> VendorRequest:
    """Build v3 `PUT users/project/{projectId}/email/{base64}/online`."""
    hashed = to_hash(email)
    body = {"timestamp": str(seen_s), "project_id": project_id, "encoded_email": hashed}
    return _build_mark("users.online.email", f"users/project/{project_id}/email/{hashed}/online", body, purpose)


def _build_mark(operation: str, path: str, body: Values, purpose: str) -> VendorRequest:
    return _build(operation, "PUT", path, purpose, body, version=MARKING_VERSION)


def _build(
    operation: str, method: str, path: str, purpose: str, body: Values | None = None, *, version: str = API_VERSION
) -> VendorRequest:
    return VendorRequest(
        operation=operation,
        path=f"{version}/{path}",
        method=method,
        body=None if body is None else _dump(body),
        headers=JSON_ONLY if body is None else JSON_BODY,
        purpose=purpose,
    )


def _dump(body: Values) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError:
        raise InputError("A value is too large a number, or no text, for JSON.", path=("input",)) from None
