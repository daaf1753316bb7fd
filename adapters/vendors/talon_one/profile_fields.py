"""
A customer's fields as attributes, and the other way round.

Which attribute fills which common field is said in the source's `attributes`.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from adapters.errors import CapabilityError, InputError
from adapters.records import SubscriberRecord

from .changes import Path
from .settings import AttributeSettings
from .wire import Row

_ASIDE: Final = frozenset({"ref", "custom_fields"})
MAX_NAME_CHARS: Final = 200
_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+")


def to_graph_name(name: str) -> str:
    """Return a field's name as callers write it: `first_name` is `firstName`."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def build_attributes(names: AttributeSettings, fields: Mapping[str, Any], path: Path) -> Row:
    """
    Build the attributes of common and custom fields; a null deletes one.

    Raises:
        CapabilityError: no attribute holds a field.
        InputError: a custom field is given twice, or is one that a common field fills.
    """
    known = dict(names.pairs())
    attributes: Row = {}
    for name, value in fields.items():
        if name in _ASIDE:
            continue
        if name not in known:
            raise CapabilityError(
                f"No attribute of this source holds `{to_graph_name(name)}`.",
                hint="Let the operator name it in the source's `attributes`, or write it with `updateCustomerProfile`.",
                path=(*path, to_graph_name(name)),
            )
        attributes[known[name]] = value
    for place, field in enumerate(fields.get("custom_fields") or ()):
        where = (*path, "customFields", place, "key")
        if field["key"] in attributes:
            raise InputError("This attribute is given twice.", path=where)
        check_name(field["key"], where)
        attributes[field["key"]] = read_value(field)
    return attributes


def check_address(value: Any, path: Path) -> None:
    """Refuse what is no e-mail address and does not empty one; raises `InputError`."""
    if value and not (isinstance(value, str) and _ADDRESS.fullmatch(value.strip())):
        raise InputError("This is no e-mail address.", path=path)


def read_value(field: Mapping[str, Any]) -> Any:
    """Return the value of a custom field that is to be written: the typed one where it is given."""
    return field["typed"] if field.get("typed") is not None else field.get("value")


def check_attributes(attributes: Any, path: Path) -> Row:
    """Return attributes as they were given; raises `InputError` for what are none."""
    if not isinstance(attributes, dict):
        raise InputError('Attributes are an object, as `{ "Tier": "gold" }`.', path=path)
    for name in attributes:
        check_name(name, (*path, name))
    return attributes


def check_name(name: str, path: Path) -> None:
    """Refuse what cannot name an attribute; raises `InputError`."""
    if not 0 < len(name.strip()) <= MAX_NAME_CHARS:
        raise InputError(f"An attribute's name has 1 to {MAX_NAME_CHARS} characters.", path=path)


def read_attributes(names: AttributeSettings, record: SubscriberRecord) -> dict[str, Any]:
    """Return a customer's attributes as Talon.One holds them."""
    common = {attribute: getattr(record, field) for field, attribute in names.pairs()}
    held = {name: value for name, value in common.items() if value is not None}
    if record.birth_date is not None and names.birth_date:
        held[names.birth_date] = record.birth_date.isoformat()
    custom = {field.key: field.value if field.typed is None else field.typed for field in record.custom_fields}
    return {**custom, **held}


def read_fields(names: AttributeSettings, record: SubscriberRecord, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return those fields of a customer that `wanted` names, in the same shape."""
    held = read_attributes(names, record)
    known = dict(names.pairs())
    found: dict[str, Any] = {name: held.get(known[name]) for name in wanted if name in known}
    if "ref" in wanted:
        found["ref"] = record.ref
    if wanted.get("custom_fields"):
        found["custom_fields"] = [
            {"key": each["key"], "value": held.get(each["key"])} for each in wanted["custom_fields"]
        ]
    return found
