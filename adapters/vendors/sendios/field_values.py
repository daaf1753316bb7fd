"""
Fields of a person between our names and Sendios', on the way there and as they are read back.

Names as user fields' own page has them: `language`, `country` and `city`, without the `_id` of the push call.
Source: vendors/facts.md, 4.3; sendios-faq.txt, 7 and 8.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.errors import CapabilityError, InputError

from .targets import Path, read_number
from .values import is_nothing
from .wire import Row

_COMMON: Final[Mapping[str, str]] = {
    "ref": "client_user_id",
    "gender": "gender",
    "country": "country",
    "suburb": "city",
}
OWN: Final = ("name", "language", "platform_id", "list_id", "ak", "age", "photo", "channel_id", "subchannel_id", "vip")
NUMBERED: Final = frozenset({"list_id", "channel_id", "subchannel_id"})
RESERVED: Final = frozenset({*_COMMON.values(), *OWN, "country_id", "language_id", "email", "id", "project_id"})
_HINTS: Final[Mapping[str, str]] = {
    "email": "An address cannot be changed: under another one somebody is another person.",
    "first_name": "Say the whole name as `sendios { name }`.",
    "last_name": "Say the whole name as `sendios { name }`.",
    "memberships": "Say the person's group as `sendios { listId }`.",
    "unsubscribed_at": "Use `unsubscribe`.",
    "phone": "Keep it as a custom field.",
    "mobile": "Keep it as a custom field.",
}


def to_wire_fields(fields: Mapping[str, Any], current: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """
    Return fields by the vendor's names; `current` are the custom fields there are, which must keep their types.

    Raises:
        InputError: the vendor has no such field, a custom field is named twice or like one of its own.
    """
    wire: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "sendios":
            wire |= to_own_fields(value or {}, (*path, name))
        elif name == "custom_fields":
            wire |= _to_custom(value or (), current, (*path, "customFields"))
        elif name in _COMMON:
            wire[_COMMON[name]] = value
        else:
            raise CapabilityError(
                f"Sendios keeps no {name.replace('_', ' ')} that could be set.",
                hint=_HINTS.get(name, "Leave it out, or keep it as a custom field."),
                path=(*path, to_word(name)),
            )
    return wire


def to_own_fields(own: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return what only Sendios keeps by the vendor's names: ids as numbers, a flag as 1 or 0."""
    return dict(_read_own(own, path))


def _read_own(own: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Any]]:
    for word, value in own.items():
        name = "platform_id" if word == "platform_number" else word
        if value is not None and name in NUMBERED:
            yield name, read_number(value, (*path, to_word(name)))
        elif isinstance(value, bool):
            yield name, int(value)
        else:
            yield name, value


def _to_custom(given: Sequence[Mapping[str, Any]], current: Mapping[str, Any], path: Path) -> dict[str, Any]:
    wire: dict[str, Any] = {}
    for place, each in enumerate(given):
        key = each["key"]
        if key in wire:
            raise InputError("This custom field is named twice.", path=(*path, place, "key"))
        if key in RESERVED or not key:
            raise InputError("Sendios has a field of its own by this name.", path=(*path, place, "key"))
        wire[key] = each["typed"] if "typed" in each else _keep_type(each["value"], current.get(key))
    return wire


def _keep_type(text: str | None, current: Any) -> Any:
    """Return a text as a value of the type the field has now: a value of another type would be refused."""
    try:
        if isinstance(current, bool):
            return {"true": True, "false": False}.get(text or "", text)
        if isinstance(current, int | float) and text is not None:
            number = type(current)(text)
            # JSON has no such numbers: null would be sent, which empties the field
            return text if isinstance(number, float) and not math.isfinite(number) else number
    except ValueError:
        return text
    return text


_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "language": ("language", "language_id"),
    "country": ("country", "country_id"),
}
_IN_PROFILE: Final = frozenset({"ak", "age", "photo"})
UNREADABLE: Final = frozenset({"city"})
"""Fields that no read shows as they are set: of the city a number is shown."""


def find_shown(name: str, fields: Row, user: Row) -> tuple[bool, Any]:
    """Say whether a field is shown by user fields or user info, and its value."""
    rows = (fields, user, _find_profile(user)) if name in _IN_PROFILE else (fields, user)
    for row in rows:
        for spelling in _SPELLINGS.get(name, (name,)):
            if spelling in row:
                return True, row[spelling]
    for row in (fields, user):
        custom = row.get("custom_fields")
        if isinstance(custom, dict) and name in custom:
            return True, custom[name]
    return name not in RESERVED, None


def _find_profile(user: Row) -> Row:
    meta = user.get("meta")
    profile = meta.get("profile") if isinstance(meta, dict) else None
    return profile if isinstance(profile, dict) else {}


def is_same(shown: Any, wanted: Any) -> bool:
    """Say whether a shown value is the wanted one: numbers may come as text, and nothing in several shapes."""
    if is_nothing(shown) and is_nothing(wanted):
        return True
    if isinstance(wanted, dict | list) or isinstance(shown, dict | list):
        return bool(shown == wanted)
    return str(shown) == str(wanted)


def to_word(name: str) -> str:
    """Return a name of ours as callers write it."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
