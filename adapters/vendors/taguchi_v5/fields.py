"""
A person's fields as the endpoint tells them, held against what was written or is relied on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from adapters.errors import VendorConflictError
from adapters.identity import to_e164, to_email_key
from adapters.records import CustomFieldRecord, MembershipRecord, MembershipState, PartitionRecord, SubscriberRecord

from .extensions import TaguchiV5Subscriber
from .people_items import TEXTS, read_value
from .present import write_time
from .settings import TaguchiV5Settings


def read_fields(record: SubscriberRecord, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return those fields of a person that `wanted` names, in the same shape."""
    found: dict[str, Any] = {name: _read_text(record, name) for name in TEXTS if name in wanted}
    if wanted.get("custom_fields"):
        known = {field.key: read_custom(field) for field in record.custom_fields}
        found["custom_fields"] = [
            {"key": each["key"], "value": known.get(each["key"])} for each in wanted["custom_fields"]
        ]
    if wanted.get("memberships"):
        found["memberships"] = [_read_membership(record, each) for each in wanted["memberships"]]
    return found


def _read_text(record: SubscriberRecord, name: str) -> str | None:
    own = record.extension if isinstance(record.extension, TaguchiV5Subscriber) else TaguchiV5Subscriber()
    if name == "birth_date":
        return record.birth_date.isoformat() if record.birth_date else own.birth_date_text
    value: str | None = getattr(own if name in {"notifications", "extra"} else record, name)
    return value


def read_custom(field: CustomFieldRecord) -> Any:
    """Return a custom field's value as its JSON was."""
    return field.value if field.typed is None else field.typed


def _read_membership(record: SubscriberRecord, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Tell one place on a list; None for `subscribed` where the person never was on it."""
    list_id = str(int(wanted["list_id"]))
    known = next((each for each in record.memberships if each.list_id == list_id), None)
    subscribed = None if known is None else known.state is MembershipState.ACTIVE
    option = {"option": known.option if known else None} if "option" in wanted else {}
    return {"list_id": wanted["list_id"], "subscribed": subscribed, **option, **_read_left(known, wanted)}


def _read_left(known: MembershipRecord | None, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Tell when somebody left, where `wanted` does: in its words where it is the same second."""
    if wanted.get("left_at") is None:
        return {"left_at": None} if "left_at" in wanted else {}
    left_at = None if known is None or known.left_at is None else write_time(known.left_at)
    same = left_at == write_time(datetime.fromisoformat(wanted["left_at"]))
    return {"left_at": wanted["left_at"] if same else left_at}


def list_differing(settings: TaguchiV5Settings, record: SubscriberRecord, wanted: Mapping[str, Any]) -> list[str]:
    """Name the fields of `wanted` that a person does not hold."""
    found = read_fields(record, wanted)
    return [name for name in found if not _is_same(settings, name, found[name], _complete(name, wanted[name]))]


def _complete(name: str, wanted: Any) -> Any:
    """Say what a membership means that does not say whether it is one, and what a custom field's value is."""
    if name == "memberships":
        return [{"subscribed": True, **each} for each in wanted]
    return [{"key": each["key"], "value": read_value(each)} for each in wanted] if name == "custom_fields" else wanted


def _is_same(settings: TaguchiV5Settings, name: str, found: Any, wanted: Any) -> bool:
    """Compare as Taguchi may write: an empty text is none, addresses and numbers as the same one is written."""
    if isinstance(wanted, list):
        return bool(found == wanted)
    if name == "email":
        return to_email_key(found or "") == to_email_key(wanted or "")
    if name == "phone":
        return _to_number(settings, found) == _to_number(settings, wanted)
    return (found or None) == (wanted or None)


def _to_number(settings: TaguchiV5Settings, text: str | None) -> str | None:
    return (to_e164(text, settings.region) or text) if text else None


def check_unmoved(
    settings: TaguchiV5Settings, record: SubscriberRecord, relied_on: Mapping[str, Any] | None, source: str, vendor: str
) -> None:
    """
    Refuse a write whose caller relies on values that have moved.

    Raises:
        VendorConflictError: names the fields, not what they hold.
    """
    moved = list_differing(settings, record, relied_on or {})
    if moved:
        raise VendorConflictError(
            f"The person has changed since: {', '.join(moved)}.",
            source=source,
            vendor=vendor,
            operation="subscriber.read",
            reason="MOVED",
            maybe_processed=False,
        )


def holds_partition(record: PartitionRecord, values: Mapping[str, Any]) -> bool:
    """Say whether a partition is as it was written."""
    fields: Sequence[Mapping[str, Any]] = values.get("custom_fields") or ()
    known = {field.key: read_custom(field) for field in record.custom_fields}
    named = "name" not in values or record.name == values["name"]
    return named and all(known.get(each["key"]) == read_value(each) for each in fields)
