"""
Attributes: those the account has defined, and what may be written into them.

Source: T1-OAS-MGMT, NewAttribute, type; vendors/facts.md, 5.2: they must exist beforehand, null deletes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .refusals import BAD_REQUEST, Problem, Refusal, build_problem

Attributes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Definition:
    """One attribute of customer profiles; those that Talon.One brings along are built in."""

    id: int
    name: str
    type: str
    builtin: bool = True

    def show(self, account_id: int) -> dict[str, Any]:
        """The definition as the Management API prints it."""
        return {
            "id": self.id,
            "created": "2020-02-07T08:15:22Z",
            "accountId": account_id,
            "entity": "CustomerProfile",
            "name": self.name,
            "title": self.name,
            "type": self.type,
            "description": "",
            "suggestions": [],
            "editable": not self.builtin,
        }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_time(value: Any) -> bool:
    """RFC 3339 has a zone."""
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_list(inner: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(inner, value))


def _is_place(value: Any) -> bool:
    """How a place is written is not documented: any object or list will do."""
    return isinstance(value, dict | list)


TYPES: Mapping[str, Callable[[Any], bool]] = {
    "string": _is_text,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "time": _is_time,
    "(list string)": _is_list(_is_text),
    "(list number)": _is_list(_is_number),
    "(list time)": _is_list(_is_time),
    "location": _is_place,
    "(list location)": _is_list(_is_place),
}


def check_attributes(given: Attributes, known: Mapping[str, Definition], *, skip_unknown: bool = False) -> Attributes:
    """
    Return the attributes that may be written.

    Raises:
        Refusal: 400 for one that is not defined or has another type; titles are the vendor's.
    """
    taken = {name: value for name, value in given.items() if name in known or not skip_unknown}
    problems = tuple(filter(None, (_find_problem(name, value, known.get(name)) for name, value in taken.items())))
    if problems:
        raise Refusal(BAD_REQUEST, "The submitted data was invalid", problems)
    return taken


def _find_problem(name: str, value: Any, known: Definition | None) -> Problem | None:
    pointer = f"/attributes/{name}"
    if known is None:
        text = f'The attribute "{name}" is not defined on CustomerProfile entities.'
        return build_problem("Unknown", text, pointer=pointer)
    if value is not None and not TYPES[known.type](value):
        return build_problem("Invalid type", f'The attribute "{name}" is of type {known.type}.', pointer=pointer)
    return None


def merge(old: Attributes, changes: Attributes) -> Attributes:
    """What a profile's attributes are after a change: null takes one away."""
    return {name: value for name, value in {**old, **changes}.items() if value is not None}
