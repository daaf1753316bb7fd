"""
Custom fields, whose types the vendor tells by its JSON alone.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from adapters.records import CustomFieldRecord, CustomFieldType

from .values import read_object
from .wire import Row


def to_custom_fields(row: Row) -> tuple[CustomFieldRecord, ...]:
    """
    Read the custom fields of a user, in the vendor's order; an empty array is no field.

    Raises:
        UnreadableError: something else than an object holds them.
    """
    return tuple(_to_custom_field(key, value) for key, value in (read_object(row, "custom_fields") or {}).items())


def _to_custom_field(key: str, value: Any) -> CustomFieldRecord:
    kind = _TYPES.get(type(value), CustomFieldType.UNSTATED)
    if kind is CustomFieldType.UNSTATED:
        return CustomFieldRecord(key=key, value=None)
    if kind is CustomFieldType.TEXT:
        return CustomFieldRecord(key=key, value=value, type=kind)
    return CustomFieldRecord(key=key, value=_PRINT.get(kind, _print_json)(value), type=kind, typed=value)


def _print_json(value: Any) -> str:
    return orjson.dumps(value).decode()


_TYPES: Final[Mapping[type, CustomFieldType]] = {
    str: CustomFieldType.TEXT,
    bool: CustomFieldType.FLAG,
    int: CustomFieldType.NUMBER,
    float: CustomFieldType.NUMBER,
    list: CustomFieldType.LIST,
    dict: CustomFieldType.OBJECT,
}
_PRINT: Final[Mapping[CustomFieldType, Callable[[Any], str]]] = {CustomFieldType.NUMBER: str}
