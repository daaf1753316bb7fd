"""
Sendios' REST calls that read, each built once.

Source: vendors/facts.md, 4.1 and 4.2. Ids and addresses stand in the path, each quoted as one segment.
"""

from dataclasses import dataclass, replace
from typing import Final

import orjson

from adapters.calls import CallNote
from adapters.records import Entity
from adapters.transport.client import VendorRequest
from adapters.transport.redact import REDACTED
from adapters.transport.urls import quote_segment

API_VERSION: Final = "v1"
"""Source: vendors/facts.md, 4.1: v3 is for writes that only note something."""

JSON_ONLY: Final = (("Accept", "application/json"),)
JSON_BODY: Final = (*JSON_ONLY, ("Content-Type", "application/json"))


@dataclass(frozen=True, slots=True)
class PageCall:
    """One page of opt-outs: since when (seconds since 1970), which one (from 1), of how many rows."""

    since: int
    number: int
    size: int


def build_user(user_id: str, note: CallNote) -> VendorRequest:
    """Build `GET user/id/{userId}`."""
    return _build_read("user.id", f"user/id/{quote_segment(user_id)}", note)


def build_user_by_email(project_id: int | str, email: str, note: CallNote) -> VendorRequest:
    """Build `GET user/project/{projectId}/email/{email}`."""
    return _build_read(
        "user.email", f"user/project/{quote_segment(str(project_id))}/email/{quote_segment(email)}", note
    )


def build_opted_out(project_id: int, email: str, note: CallNote) -> VendorRequest:
    """Build the same call for an address that nobody gave: no plan or log shows it, since it is somebody's secret."""
    shown = f"{API_VERSION}/user/project/{project_id}/email/{REDACTED}"
    return replace(build_user_by_email(project_id, email, note), shown=shown)


def build_stored_fields(user_id: str, note: CallNote) -> VendorRequest:
    """Build `GET userfields/user/{userId}`."""
    return _build_read("userfields.user", f"userfields/user/{quote_segment(user_id)}", note)


def build_stored_fields_by_email(project_id: int, email: str, note: CallNote) -> VendorRequest:
    """Build `GET userfields/project/{projectId}/email/{email}`."""
    return _build_read("userfields.email", f"userfields/project/{project_id}/email/{quote_segment(email)}", note)


def build_unsubscribe_state(user_id: str, note: CallNote) -> VendorRequest:
    """Build `GET unsub/isunsub/{userId}`."""
    return _build_read("unsub.isunsub", f"unsub/isunsub/{quote_segment(user_id)}", note)


def build_unsubscribe_reason(user_id: str, note: CallNote) -> VendorRequest:
    """Build `GET unsub/unsubreason/{userId}`."""
    return _build_read("unsub.unsubreason", f"unsub/unsubreason/{quote_segment(user_id)}", note)


def build_type_opt_outs(user_id: str, note: CallNote) -> VendorRequest:
    """Build `GET unsubtypes/{userId}`."""
    return _build_read("unsubtypes", f"unsubtypes/{quote_segment(user_id)}", note)


def build_page(call: PageCall, note: CallNote) -> VendorRequest:
    """Build `GET unsub/list/{unixTime}/{page}?page_size=`."""
    path = f"unsub/list/{call.since}/{call.number}"
    return _build_read("unsub.list", path, note, (("page_size", str(call.size)),), Entity.UNSUBSCRIBE)


def build_email_check(email: str, note: CallNote) -> VendorRequest:
    """Build `POST email/check`, which changes nothing: it creates no user (vendors/facts.md, 4.4)."""
    return VendorRequest(
        operation="email.check",
        path=f"{API_VERSION}/email/check",
        method="POST",
        body=orjson.dumps({"email": email, "sanitize": True}),
        headers=JSON_BODY,
        purpose=note.purpose,
        safe=True,
    )


def _build_read(
    operation: str,
    path: str,
    note: CallNote,
    params: tuple[tuple[str, str], ...] = (),
    remembered_as: Entity = Entity.SUBSCRIBER,
) -> VendorRequest:
    return VendorRequest(
        operation=operation,
        path=f"{API_VERSION}/{path}",
        params=params,
        headers=JSON_ONLY,
        purpose=note.purpose,
        pushed=note.pushed,
        residual=note.residual,
        reasons=note.reasons,
        keys=1 if remembered_as is Entity.SUBSCRIBER else None,
        remembered_as=remembered_as,
    )
