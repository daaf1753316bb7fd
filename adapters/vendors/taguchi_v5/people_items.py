"""
Profile items: a person's fields in Taguchi's words, checked before anything is sent.

Source: vendors/facts.md, 2.2 and 2.4 (the fields an item holds), 2.3 (how V4's names became V5's).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from adapters.errors import CapabilityError, InputError
from adapters.identity import to_e164, to_email_key

from .present import NOW, write_time
from .settings import TaguchiV5Settings
from .values import is_id
from .wire import Row

Path = tuple[str | int, ...]

IDENTIFIERS: Final = ("ref", "email", "phone")
TEXTS: Final[Mapping[str, str]] = {
    "ref": "ref",
    "email": "email",
    "phone": "phone",
    "title": "title",
    "first_name": "firstname",
    "last_name": "lastname",
    "birth_date": "dob",
    "gender": "gender",
    "address": "address",
    "address2": "address2",
    "address3": "address3",
    "suburb": "suburb",
    "state": "state",
    "country": "country",
    "postcode": "postcode",
    "notifications": "notifications",
    "extra": "extra",
}
"""Our names of the fields an item may hold, with Taguchi's."""

_INSTEAD: Final[Mapping[str, str]] = {
    "mobile": "Taguchi V5 knows one number: give it as `phone`.",
    "data": "Taguchi V5 takes custom fields instead.",
    "unsubscribed_at": "Use `unsubscribe`, which opts people out as the endpoint's page says.",
}
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+")
_WORD: Final = re.compile(r"_(\w)")


def to_graph_name(name: str) -> str:
    """Return a field's name as callers write it: `first_name` is `firstName`."""
    return _WORD.sub(lambda found: found[1].upper(), name)


def build_profile(settings: TaguchiV5Settings, fields: Mapping[str, Any], path: Path) -> Row:
    """
    Build a profile item's content: only what was given, with the organization that every profile needs.

    Raises:
        InputError: a value cannot be sent; `path` leads to the fields.
        CapabilityError: a field is not one that the endpoint takes.
    """
    check_fields(fields, path)
    profile: Row = {"organizationId": settings.organization_id}
    for name, value in fields.items():
        if name in TEXTS:
            profile[TEXTS[name]] = _write_text(settings, name, value, (*path, to_graph_name(name)))
    if fields.get("custom_fields"):
        profile["custom"] = _write_custom(fields["custom_fields"], (*path, "customFields"))
    if fields.get("memberships"):
        profile["lists"] = write_memberships(fields["memberships"], (*path, "memberships"))
    return profile


def check_fields(fields: Mapping[str, Any], path: Path) -> None:
    """Refuse a field that an item cannot hold; raises `CapabilityError`."""
    for name in fields:
        if name not in TEXTS and name not in {"custom_fields", "memberships"}:
            hint = _INSTEAD.get(name)
            raise CapabilityError(
                f"A Taguchi V5 endpoint takes no `{to_graph_name(name)}`.", hint=hint, path=(*path, to_graph_name(name))
            )


def _write_text(settings: TaguchiV5Settings, name: str, value: Any, path: Path) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError("This is no text.", path=path)
    if name == "email" and value.strip() and not _ADDRESS.fullmatch(value.strip()):
        raise InputError("This is no e-mail address.", path=path)
    if name == "phone":
        return to_e164(value, settings.region) or value
    return value


def _write_custom(fields: Sequence[Mapping[str, Any]], path: Path) -> Row:
    custom: Row = {}
    for place, field in enumerate(fields):
        key = field["key"]
        if not key.strip() or key in custom:
            raise InputError("A custom field needs a name that is given once.", path=(*path, place, "key"))
        custom[key] = read_value(field)
    return custom


def read_value(field: Mapping[str, Any]) -> Any:
    """Return the value of a custom field that is to be written: the typed one where it is given."""
    return field["typed"] if field.get("typed") is not None else field.get("value")


def check_lists(memberships: Sequence[Mapping[str, Any]] | None, path: Path) -> None:
    """Refuse a list that is not named by a number; raises `InputError`."""
    for place, each in enumerate(memberships or ()):
        if not is_id(each["list_id"]):
            raise InputError("A list is named by Taguchi's own number.", path=(*path, place, "listId"))


def write_memberships(memberships: Sequence[Mapping[str, Any]], path: Path) -> list[Row]:
    """
    Write places on lists: `unsubscribedTimestamp` null joins, the present leaves.

    Raises:
        InputError: a list's id is none, or a list is named twice.
    """
    rows: list[Row] = []
    for place, each in enumerate(memberships):
        list_id = each["list_id"]
        if not is_id(list_id) or any(row["listId"] == int(list_id) for row in rows):
            raise InputError("A list is named once, by Taguchi's own number.", path=(*path, place, "listId"))
        left_at = _write_left(each, (*path, place, "leftAt"))
        option = {"subscriptionOption": each["option"]} if "option" in each else {}
        rows.append({"listId": int(list_id), "unsubscribedTimestamp": left_at, **option})
    return rows


def _write_left(membership: Mapping[str, Any], path: Path) -> str | None:
    """Write when somebody left a list: null for who is on it, the present where no time is given."""
    joins, given = membership.get("subscribed", True), membership.get("left_at")
    if joins and given is not None:
        raise InputError("Who is on a list has not left it.", path=path)
    return None if joins else write_past(given, path)


def write_past(text: str | None, path: Path) -> str:
    """Write a time that has been, the present where none is given; raises `InputError` for one that is to come."""
    if text is None:
        return NOW
    moment = datetime.fromisoformat(text)
    if moment > datetime.now(UTC):
        raise InputError("This time is to come.", hint="Leave it out for now.", path=path)
    return write_time(moment)


def to_identity_key(settings: TaguchiV5Settings, identity: str, value: str) -> str:
    """Return what values of an identity are compared by."""
    if identity == "email":
        return to_email_key(value)
    return (to_e164(value, settings.region) or value) if identity == "phone" else value


def read_identity(settings: TaguchiV5Settings, holder: Mapping[str, Any], path: Path) -> str:
    """
    Return the value that this endpoint identifies a person by.

    Raises:
        InputError: it is missing or empty.
    """
    value = holder.get(settings.identify_by)
    if not isinstance(value, str) or not value.strip():
        raise InputError(
            f"This Taguchi V5 endpoint identifies people by `{settings.identify_by}`, which is missing.",
            hint=f"Give `{settings.identify_by}`.",
            path=(*path, settings.identify_by),
        )
    return value


def build_target(settings: TaguchiV5Settings, who: Mapping[str, Any], path: Path) -> Row:
    """
    Build the target of an event or a message: by id, reference, e-mail address, number, or several of them.

    Raises:
        InputError: nothing is given, or what is given can be none.
    Source: vendors/facts.md, 2.2, target objects.
    """
    target: Row = {}
    if (id_ := who.get("id")) is not None:
        if not is_id(id_):
            raise InputError("This is no id of Taguchi's.", path=(*path, "id"))
        target["id"] = int(id_)
    for name in IDENTIFIERS:
        text = _write_text(settings, name, who.get(name), (*path, name))
        if text is not None and text.strip():
            target[name] = text
    if not target:
        raise InputError("Nobody is named.", hint="Give `id`, `ref`, `email` or `phone`.", path=path)
    return target
