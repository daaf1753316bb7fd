"""
What an input says of a contact, by the columns of its list.

A column is called `email`, `firstname`, `lastname` or `custom_field_208` here. The vendor has other names for it: 208
when it imports (taximail-contacts.txt, Importing, matched_fields), CustomField208 when it updates (Updating). That an
update calls the first name CustomFieldfirstname is inferred: one contact shows `firstname` as that field's id.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.errors import InputError
from adapters.vendors.taximail.custom_fields import NUMBERED, PREFIX, UPDATE_PREFIX

from .ask import Path, to_camel

EMAIL: Final = "email"
_TEXTS: Final = {"email": EMAIL, "first_name": "firstname", "last_name": "lastname"}
_OUR_NAMES: Final = {wire: name for name, wire in _TEXTS.items()}
_PARTS: Final = frozenset({"custom_fields", "memberships"})
_ADDRESS: Final = re.compile(r"[^\s@,;'\"]{1,64}@[^\s@,;'\"]{1,250}\.[^\s@,;'\".]{1,63}")


@dataclass(frozen=True, slots=True)
class Columns:
    """The texts an input gives, by column, and where in the input each stands."""

    texts: Mapping[str, str]
    paths: Mapping[str, Path]

    @property
    def email(self) -> str | None:
        """The address, where one is given."""
        return self.texts.get(EMAIL)


def read_columns(given: Mapping[str, Any], path: Path, known: frozenset[str] | None = None) -> Columns:
    """
    Read what an input says of a contact; `known` are the columns of its custom fields, where known.

    Raises:
        InputError: a field the vendor has not, a value that is no text of its kind, or a field named twice.
    """
    texts: dict[str, str] = {}
    paths: dict[str, Path] = {}
    for column, where, value in _list_values(given, path):
        if column in texts:
            raise InputError("Each field is named once.", path=where)
        if known is not None and NUMBERED.fullmatch(column) and column not in known:
            have = ", ".join(sorted(known)) or "none"
            raise InputError("The list has no such custom field.", hint=f"It has {have}.", path=where)
        texts[column], paths[column] = _to_text(value, where), where
    if EMAIL in texts:
        check_email(texts[EMAIL], paths[EMAIL])
    return Columns(texts, paths)


def _list_values(given: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Path, Any]]:
    for name, value in given.items():
        where = (*path, to_camel(name))
        if name in _TEXTS:
            yield _TEXTS[name], where, value
        elif name not in _PARTS:
            raise InputError(
                f"Taximail has no field `{to_camel(name)}`.",
                reason="FIELD_UNSUPPORTED",
                hint="Beside `email`, `firstName` and `lastName` it keeps everything in `customFields`.",
                path=where,
            )
    for place, field in enumerate(given.get("custom_fields") or ()):
        where = (*path, "customFields", place)
        if not NUMBERED.fullmatch(field["key"]):
            hint = "Use the key that a contact's `customFields` show, as custom_field_208."
            raise InputError("This is no key of a custom field.", hint=hint, path=(*where, "key"))
        typed = field.get("typed")
        yield field["key"], (*where, "value" if typed is None else "typed"), field["value"] if typed is None else typed


def _to_text(value: Any, path: Path) -> str:
    """Write a value as the vendor takes it: nothing as an empty text, flags as words (vendors/facts.md, 3.3)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise InputError("A custom field holds a text, a number or a flag.", path=path)


def check_email(text: str, path: Path) -> None:
    """Refuse what is no e-mail address; raises `InputError`."""
    if not (_ADDRESS.fullmatch(text) and text.isprintable()):
        raise InputError("This is no e-mail address that Taximail can take.", path=path)


def to_import_name(column: str) -> str:
    """Return what an import calls a column."""
    return column.removeprefix(PREFIX)


def to_update_name(column: str) -> str:
    """Return what an update calls a column."""
    return UPDATE_PREFIX + column.removeprefix(PREFIX)


def to_shown(texts: Mapping[str, str | None]) -> dict[str, Any]:
    """Show texts by column as the graph names them."""
    shown: dict[str, Any] = {to_camel(_OUR_NAMES[each]): text for each, text in texts.items() if each in _OUR_NAMES}
    custom = {each: text for each, text in texts.items() if each not in _OUR_NAMES}
    return shown | ({"customFields": custom} if custom else {})
