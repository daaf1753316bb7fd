"""Custom fields."""

from typing import Any

import strawberry

from graph.types.description import described
from graph.types.relation import plain


@described(strawberry.type)
class CustomField:
    """A field your company has added to its subscribers: a name of its own and a text."""

    key: str = plain("The field's name at the vendor, unique on its subscriber.")
    value: str | None = plain("The field's text, or nothing when it was emptied.")


def read_custom_fields(record: Any, keys: list[str] | None) -> Any:
    """Return a record's custom fields, or those of the given keys in the order they are asked for."""
    if keys is None:
        return record.custom_fields
    by_key = {field.key: field for field in record.custom_fields}
    return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
