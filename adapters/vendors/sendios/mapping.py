"""
What replies hold to records; pure. Unknown keys are ignored, a value of the wrong type is refused.

Source: vendors/facts.md, 4.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from adapters.records import EmailCheckRecord, MembershipRecord, SubscriberRecord

from .custom_fields import to_custom_fields
from .extensions import SendiosSentMail, SendiosStoredField, SendiosStoredFields, SendiosSubscriber
from .opt_outs import read_opt_out, to_type_opt_outs
from .platforms import PlatformTable, find_platform
from .values import (
    UnreadableError,
    is_nothing,
    read_flag,
    read_id,
    read_number,
    read_object,
    read_required_id,
    read_rows,
    read_text,
    read_time,
    to_json,
)
from .wire import Row


@dataclass(frozen=True, slots=True)
class Account:
    """What the source's settings say that rows do not: the zone of times, the table of platforms, projects' names."""

    source: str
    zone: tzinfo
    platform_table: PlatformTable | None
    projects: Mapping[int, str | None]


def find_user(data: Any) -> Row | None:
    """
    Find the user in a reply, in `user`, in `result.user` or in the reply itself; its custom fields may stand beside it.

    None where a place for one holds nothing. Source: vendors/facts.md, 4.4, the last trap.

    Raises:
        UnreadableError: there is no place for a user, or something else stands there.
    """
    for place in (data, data.get("result") if isinstance(data, dict) else None):
        if isinstance(place, dict) and "user" in place:
            return _join(place["user"], place.get("custom_fields"))
    if isinstance(data, dict) and "id" in data and "email" in data:
        return data
    if isinstance(data, dict) and "result" in data and is_nothing(data["result"]):
        return None
    raise UnreadableError("there is no user", "user")


def _join(user: Any, custom_fields: Any) -> Row | None:
    if is_nothing(user) or user == {}:
        return None
    if not isinstance(user, dict):
        raise UnreadableError("user is not an object", "user")
    return user if custom_fields is None else {**user, "custom_fields": custom_fields}


def to_subscriber(account: Account, row: Row) -> SubscriberRecord:
    """
    Turn a user into a record.

    Whether somebody has opted out is told only where the row has a place for it: user fields have none.

    Raises:
        UnreadableError: the id is missing, or a value is not of its documented type.
    """
    extension = _to_extension(account, row)
    opt_out = extension.unsubscribe
    list_id = read_id(row, "list_id")
    return SubscriberRecord(
        source=account.source,
        id=read_required_id(row),
        ref=read_text(row, "client_user_id"),
        email=read_text(row, "email"),
        gender=read_text(row, "gender"),
        country=read_text(row, "country" if "country" in row else "country_id"),
        unsubscribed=None if opt_out is None else opt_out.unsubscribed,
        unsubscribed_at=None if opt_out is None else opt_out.created_at,
        memberships=() if list_id is None else (MembershipRecord(source=account.source, list_id=list_id),),
        custom_fields=to_custom_fields(row),
        extension=extension,
    )


def _to_extension(account: Account, row: Row) -> SendiosSubscriber:
    profile = read_object(read_object(row, "meta") or {}, "profile") or {}
    platform_id = read_number(row, "platform_id")
    return SendiosSubscriber(
        project_id=read_id(row, "project_id"),
        project_title=read_text(row, "project_title") or _find_project(account, row),
        name=read_text(row, "name"),
        language=read_text(row, "language" if "language" in row else "language_id"),
        age=read_number(profile, "age"),
        photo=read_text(profile, "photo"),
        ak=read_text(profile, "ak"),
        partner_id=read_id(profile, "partner_id"),
        vip=read_flag(row, "vip"),
        channel_id=read_id(row, "channel_id"),
        subchannel_id=read_id(row, "subchannel_id"),
        platform_number=platform_id,
        platform=find_platform(platform_id, account.platform_table),
        confirmed=read_number(row, "confirm"),
        error_response=read_number(row, "err_response"),
        activation=read_text(row, "activation"),
        created_at=read_time(row, "created_at", account.zone),
        last_online_at=read_time(row, "last_online", account.zone),
        last_reaction_at=read_time(row, "last_reaction", account.zone),
        last_mailed_at=read_time(row, "last_mailed", account.zone),
        last_request_at=read_time(row, "last_request", account.zone),
        clicks=read_number(row, "clicks"),
        sends=read_number(row, "sends"),
        sent_mails=tuple(_to_sent_mail(account, mail) for mail in read_rows(row, "sent_mails")),
        unsubscribe=read_opt_out(row, "unsubscribe", account.zone) if "unsubscribe" in row else None,
        unsubscribe_types=to_type_opt_outs(row.get("unsubscribe_types")),
        promotion_opt_out=to_json(row, "unsub_promo"),
        webpush=to_json(row, "webpush"),
        last_payment=to_json(row, "last_payment"),
    )


def _find_project(account: Account, row: Row) -> str | None:
    project_id = read_number(row, "project_id")
    return None if project_id is None else account.projects.get(project_id)


def _to_sent_mail(account: Account, mail: Row) -> SendiosSentMail:
    return SendiosSentMail(
        id=read_required_id(mail),
        created_at=read_time(mail, "created_at", account.zone),
        category_id=read_id(mail, "category_id"),
        category=read_text(mail, "category_sig"),
        type_id=read_id(mail, "type_id"),
        type=read_text(mail, "type_sig"),
        subject_id=read_id(mail, "subject_id"),
        template_id=read_id(mail, "template_id"),
        pre_header_id=read_id(mail, "pre_header_id"),
        split_group=read_number(mail, "split_group"),
        mail_group_id=read_id(mail, "mail_group_id"),
        source_id=read_id(mail, "source_id"),
        source=read_text(mail, "source_name"),
        server_id=read_id(mail, "server_id"),
        server_name=read_text(mail, "server_name"),
        server_ip=read_text(mail, "server_ip"),
    )


def to_stored_fields(account: Account, row: Row) -> SendiosStoredFields:
    """
    Turn user fields into the part of a record that shows them.

    Raises:
        UnreadableError: a value is not of its documented type.
    """
    platform_id = read_number(row, "platform_id")
    fields = to_custom_fields(row)
    return SendiosStoredFields(
        list_id=read_id(row, "list_id"),
        client_user_id=read_text(row, "client_user_id"),
        platform_number=platform_id,
        platform=find_platform(platform_id, account.platform_table),
        language_id=read_text(row, "language_id" if "language_id" in row else "language"),
        country_id=read_text(row, "country_id" if "country_id" in row else "country"),
        city_id=read_id(row, "city_id"),
        vendor_id=read_id(row, "vendor_id"),
        valid_id=read_id(row, "valid_id"),
        registered_at=read_time(row, "registered_at", account.zone),
        updated_at=read_time(row, "updated_at", account.zone),
        custom_fields=tuple(SendiosStoredField(key=each.key, value=each.value) for each in fields),
    )


def to_email_check(source: str, email: str, row: Row) -> EmailCheckRecord:
    """
    Turn what the vendor says of an address into a record; its words stay as they are.

    Raises:
        UnreadableError: a value is not of its documented type, or it does not say whether the address is valid.
    """
    valid = read_flag(row, "valid")
    if valid is None:
        raise UnreadableError("valid is missing", "valid")
    return EmailCheckRecord(
        source=source,
        email=email,
        corrected=read_text(row, "email"),
        valid=valid,
        reason=read_text(row, "reason"),
        provider=read_text(row, "vendor"),
        domain=read_text(row, "domain"),
        trusted=read_flag(row, "trusted"),
    )
