"""
Reading users, and changing what is stored about them.

Source: vendors/facts.md, 4.2 to 4.4.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from adapters.sandbox import Reply

from .calls import Call
from .envelope import answer, answer_one, invalid_fields
from .people import User, print_time
from .showing import Json, show_fields, show_user

LANGUAGES: Final = frozenset({"en", "es", "de", "fr", "it", "pt", "pl", "uk", "th", "ja"})
_WHOLE: Final = re.compile(r"-?\d+", re.ASCII)


def read_by_id(call: Call) -> Reply:
    """`GET user/id/{userId}`."""
    return _answer_user(call, call.find_user())


def read_by_email(call: Call) -> Reply:
    """`GET user/project/{projectId}/email/{email}`, the address as it is or percent-encoded."""
    return _answer_user(call, call.find_user_by_email())


def _answer_user(call: Call, user: User) -> Reply:
    return answer_one(show_user(user, call.store, call.options), lambda row: {"user": row})


def read_fields_by_id(call: Call) -> Reply:
    """`GET userfields/user/{userId}`."""
    return _answer_fields(call, call.find_user())


def read_fields_by_email(call: Call) -> Reply:
    """`GET userfields/project/{projectId}/email/{email}`."""
    return _answer_fields(call, call.find_user_by_email())


def _answer_fields(call: Call, user: User) -> Reply:
    def wrap(row: Any) -> Json:
        found = {"user": row, "custom_fields": user.custom_fields or []}
        return found if call.options.fields_depth == "data" else {"result": found}

    return answer_one(show_fields(user, call.options), wrap)


def write_fields_by_id(call: Call) -> Reply:
    """`PUT userfields/user/{userId}`."""
    return _write_fields(call, call.find_user())


def write_fields_by_email(call: Call) -> Reply:
    """`PUT userfields/project/{projectId}/emailhash/{base64}`; the base64 may hold slashes."""
    return _write_fields(call, call.find_user_by_hash())


def _write_fields(call: Call, user: User) -> Reply:
    values = call.read_body()
    errors = {name: error for name, value in values.items() if (error := _find_error(call, user, name, value))}
    if errors:
        raise invalid_fields(errors)
    store_fields(user, values, call.store.now)
    return answer({"result": True})


def store_fields(user: User, values: Mapping[str, Any], now: str) -> None:
    """Keep values under the stored fields of their names, and all others as custom fields."""
    for name, value in values.items():
        stored = STORED.get(name)
        if stored is None:
            user.custom_fields[name] = value
        else:
            setattr(user, stored, value)
    user.updated_at = now


STORED: Final[Mapping[str, str]] = {
    **{name: name for name in ("name", "gender", "platform_id", "list_id", "client_user_id", "ak", "age", "photo")},
    **{name: name for name in ("channel_id", "subchannel_id", "vip", "partner_id", "language", "country")},
    "language_id": "language",
    "country_id": "country",
}
"""Where the fields of both spellings are kept; the user-data page calls them language and country."""


def _find_error(call: Call, user: User, name: str, value: Any) -> str | None:
    if name in _CHECKS:
        fits, error = _CHECKS[name]
        return None if fits(value) else error.format(name=name, value=value)
    if name in STORED:
        return None
    if call.options.unknown_fields == "refuse":
        return None if type(value) is int and name in user.custom_fields else f"Can't find user field: {name}"
    kept = user.custom_fields.get(name)
    return None if kept is None or type(kept) is type(value) else f"Field {name} does not match the required format"


def _is_language(value: Any) -> bool:
    return value in LANGUAGES


def _is_gender(value: Any) -> bool:
    return value in {"m", "f"}


def _is_switch(value: Any) -> bool:
    return str(value) in {"0", "1"}


def _is_whole(value: Any) -> bool:
    return _WHOLE.fullmatch(str(value)) is not None


_LANGUAGE: Final = (_is_language, "Field {name} is not valid language code: {value}")
_FORMAT: Final = "Field {name} does not match the required format"
_CHECKS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "language": _LANGUAGE,
    "language_id": _LANGUAGE,
    "gender": (_is_gender, "Field {name} must be a part of list: m, f"),
    "vip": (_is_switch, _FORMAT),
    "age": (_is_whole, _FORMAT),
    "platform_id": (_is_whole, _FORMAT),
}


def link_client_user(call: Call) -> Reply:
    """`POST clientuser/create`."""
    body = call.read_body()
    call.require(body, "email", "project_id", "client_user_id")
    user = call.find_user_by_email(str(body["email"]), body["project_id"])
    user.client_user_id = str(body["client_user_id"])
    return _confirm(call, "Client user was created")


def record_payment(call: Call) -> Reply:
    """`POST lastpayment`."""
    body = call.read_body()
    call.require(body, "user_id", "start_date")
    user = call.find_user_in_body()
    names = ("start_date", "expire_date", "total_count", "payment_type", "amount", "mail_id")
    user.last_payment = {name: body[name] for name in names if name in body}
    return _confirm(call, "Last payment was created")


def _confirm(call: Call, message: str) -> Reply:
    return answer({"message": message, "date": call.store.now, "status": True})


def mark_online_by_id(call: Call) -> Reply:
    """`PUT v3 users/{userId}/online`."""
    return _mark_online(call, call.find_user())


def mark_online_by_email(call: Call) -> Reply:
    """`PUT v3 users/project/{projectId}/email/{base64}/online`."""
    return _mark_online(call, call.find_user_by_hash())


def _mark_online(call: Call, user: User) -> Reply:
    body = call.read_body()
    call.require(body, "timestamp")
    user.last_online = _read_moment(body["timestamp"]) or call.store.now
    return answer({"result": True})


def _read_moment(told: Any) -> str | None:
    """A time as clients send it: seconds since 1970, as the vendor's own client writes them, or as the guide shows."""
    text = str(told)
    try:
        moment = datetime.fromtimestamp(int(text), UTC) if text.isdigit() else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return print_time(moment)


def confirm_by_email(call: Call) -> Reply:
    """`PUT v3 users/project/{projectId}/email/{base64}/confirm`."""
    user = call.find_user_by_hash()
    body = call.read_body()
    call.require(body, "last_reaction")
    user.confirm = 1
    user.last_reaction = _read_moment(body["last_reaction"]) or call.store.now
    return answer({"result": True})


def erase(call: Call) -> Reply:
    """`POST user/erase`."""
    body = call.read_body()
    call.require(body, "email", "project_id")
    call.store.remove(call.find_user_by_email(str(body["email"]), body["project_id"]))
    return answer({"result": True})
