"""
Users as the vendor prints them: as user info, and as user fields, which differ.

Source: vendors/facts.md, 4.4, from replies a public client has recorded. An empty object is an empty array.
"""

from typing import Any

from .options import SandboxOptions
from .people import OptOut, SentMail, User, to_unix
from .store import Store

Json = dict[str, Any]

CATEGORIES = {1: "System", 2: "Trigger"}


def show_user(user: User, store: Store, options: SandboxOptions) -> Json:
    """A user as user info prints it."""
    shown = {
        "id": user.id,
        "project_id": user.project_id,
        "project_title": store.projects.get(user.project_id),
        "email": user.email,
        "name": user.name,
        "gender": user.gender,
        "country": user.country,
        "language": user.language,
        "err_response": user.err_response,
        "confirm": user.confirm,
        "last_online": user.last_online,
        "last_reaction": user.last_reaction,
        "last_mailed": user.last_mailed,
        "last_request": None,
        "activation": None,
        "meta": {"profile": {"age": user.age, "ak": user.ak, "photo": user.photo, "partner_id": user.partner_id}},
        "clicks": user.clicks,
        "sends": user.sends,
        "created_at": user.created_at,
        "sent_mails": [_show_mail(mail) for mail in user.mails],
        "unsubscribe": show_opt_out(user, user.opt_out) if user.opt_out else [],
        "unsubscribe_types": [_show_type(store, each, off=True) for each in sorted(user.types_off)],
        "unsub_promo": [],
        "webpush": user.webpush or [],
        "last_payment": user.last_payment or [],
        "channel_id": user.channel_id,
        "subchannel_id": user.subchannel_id,
        "custom_fields": user.custom_fields or [],
        "vip": user.vip,
    }
    return _print_numbers(shown) if options.numbers_as_text else shown


def show_fields(user: User, options: SandboxOptions) -> Json:
    """A user as user fields print it: other names, and some times as numbers."""
    shown: Json = {
        "project_id": user.project_id,
        "list_id": user.list_id,
        "email": user.email,
        "name": user.name,
        "language_id": user.language,
        "city_id": user.city_id,
        "vendor_id": user.vendor_id,
        "valid_id": None,
        "country_id": user.country,
        "platform_id": user.platform_id,
        "client_user_id": user.client_user_id,
        "gender": user.gender,
        "confirm": user.confirm,
        "vip": user.vip,
        "err_response": user.err_response,
        "last_online": to_unix(user.last_online) or 0,
        "last_reaction": to_unix(user.last_reaction) or 0,
        "last_mailed": to_unix(user.last_mailed) or 0,
        "created_at": user.created_at,
        "id": user.id,
        "registered_at": user.created_at,
        "updated_at": user.updated_at,
    }
    return _print_numbers(shown) if options.numbers_as_text else shown


def show_opt_out(user: User, opt_out: OptOut) -> Json:
    """An opt-out as `unsub/isunsub` prints it."""
    return {
        "project_id": user.project_id,
        "user_id": user.id,
        "source_id": opt_out.source_id,
        "meta": {"message": opt_out.reason},
        "created_at": opt_out.created_at,
        "updated_at": opt_out.updated_at,
    }


def show_listed(user: User, opt_out: OptOut) -> Json:
    """An opt-out as `unsub/list` prints it: without the user's id."""
    return {
        "email": user.email,
        "project_id": user.project_id,
        "client_user_id": user.client_user_id,
        "source_id": opt_out.source_id,
        "created_at": opt_out.created_at,
    }


def show_types(user: User, store: Store) -> list[Json]:
    """Every type of mail, and whether the user wants it."""
    return [_show_type(store, type_id, off=type_id in user.types_off) for type_id in store.types]


def _show_type(store: Store, type_id: int, *, off: bool) -> Json:
    return {"type_id": type_id, "unsubscribed": off, "name": store.types.get(type_id, "")}


def _show_mail(mail: SentMail) -> Json:
    return {
        "id": mail.id,
        "category_id": mail.category_id,
        "type_id": mail.type_id,
        "subject_id": mail.subject_id,
        "template_id": mail.template_id,
        "split_group": 0,
        "source_id": mail.source_id,
        "server_id": mail.server_id,
        "created_at": mail.created_at,
        "mail_group_id": 11,
        "pre_header_id": None,
        "category_sig": CATEGORIES.get(mail.category_id, "Unknown"),
        "server_name": f"mail{mail.server_id}",
        "server_ip": f"192.0.2.{mail.server_id}",
        "source_name": "system",
        "type_sig": mail.type_sig,
    }


def _print_numbers(row: Json) -> Json:
    return {name: str(value) if type(value) is int else value for name, value in row.items()}
