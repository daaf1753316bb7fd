"""
Lists, segments, campaigns and messages to records; contacts are in `contact_rows.py`.

Source: vendors/facts.md, 3.3. What the vendor's public pages do not name is kept as JSON, and where several words for
one thing are likely, each is looked for.
"""

from datetime import datetime, tzinfo
from typing import Final

import orjson

from adapters.records import AudienceKind, AudienceRecord, CampaignRecord, ListRecord, MessageRecord

from .custom_fields import to_key
from .extensions import TaximailCampaign, TaximailField, TaximailList, TaximailMessage, TaximailSegment
from .keys import InnerKey
from .replies import read_count
from .values import parse_time, read_flag, read_id, read_number, read_text, read_time, to_id, to_text
from .wire import Row

_CAMPAIGN_COLUMNS: Final = frozenset({"campaign_id", "campaign_name", "create_date", "sent_success_date"})
_CREATED: Final = ("created_date", "create_date", "created_at")
_SENT: Final = ("sent_date", "sent_success_date", "sent_at")
_STATUS: Final = ("status", "message_status", "sent_status")
_ADDRESS: Final = ("to_email", "email", "to")


def to_list(source: str, row: Row, zone: tzinfo) -> ListRecord:
    """Turn a row into a list."""
    return ListRecord(
        source=source,
        id=read_id(row, "list_id"),
        name=read_text(row, "list_name"),
        created_at=read_time(row, "created_date", zone),
        extension=TaximailList(
            all_subscribers=read_number(row, "all_subscribers"),
            sync_status=read_flag(row, "sync_status"),
            optin_content=read_flag(row, "optin_content"),
        ),
    )


def to_field(row: Row) -> TaximailField | None:
    """Turn a row into a list's custom field; None for one without a number, which nothing else could name."""
    number = to_id(row.get("custom_field_id"))
    key = to_key(number)
    if key is None:
        return None
    return TaximailField(
        key=key,
        id=number,
        label=to_text(row.get("field_name")),
        merge_key=to_text(row.get("field_key")),
        type=to_text(row.get("field_type")),
        choices=to_text(row.get("field_value")) or None,
    )


def to_segment(source: str, key: InnerKey, data: Row) -> AudienceRecord:
    """Turn the counts of a segment's page into an audience: that is all the vendor says of one."""
    return AudienceRecord(
        source=source,
        id=str(key),
        kind=AudienceKind.SEGMENT,
        size=read_count(data, "subscriber_filter_count"),
        members_listable=True,
        extension=TaximailSegment(
            list_id=key.list_id, segment_id=key.inner_id, list_size=read_count(data, "subscriber_count")
        ),
    )


def to_campaign(source: str, status: str, row: Row, zone: tzinfo) -> CampaignRecord:
    """Turn a row into a campaign; its status is the one it was asked for by."""
    return CampaignRecord(
        source=source,
        id=read_id(row, "campaign_id"),
        name=read_text(row, "campaign_name"),
        status=status,
        extension=TaximailCampaign(
            created_at=read_time(row, "create_date", zone),
            sent_at=read_time(row, "sent_success_date", zone),
            details=_print_rest({name: value for name, value in row.items() if name not in _CAMPAIGN_COLUMNS}),
        ),
    )


def to_message(source: str, message_id: str, data: Row, zone: tzinfo) -> MessageRecord:
    """Turn a message's status into a record; which words it comes in is not stated, so none is required."""
    email = _find_text(data, _ADDRESS)
    return MessageRecord(
        source=source,
        id=message_id,
        ref=message_id,
        status=_find_text(data, _STATUS),
        subject=_find_text(data, ("subject",)),
        email=email if email and "@" in email else None,
        created_at=_find_time(data, _CREATED, zone),
        sent_at=_find_time(data, _SENT, zone),
        extension=TaximailMessage(details=_print_rest(data)),
    )


def _find_text(data: Row, names: tuple[str, ...]) -> str | None:
    return next((text for name in names if (text := to_text(data.get(name))) is not None), None)


def _find_time(data: Row, names: tuple[str, ...], zone: tzinfo) -> datetime | None:
    return next((moment for name in names if (moment := parse_time(data.get(name), zone)) is not None), None)


def _print_rest(rest: Row) -> str | None:
    return orjson.dumps(rest).decode() if rest else None
