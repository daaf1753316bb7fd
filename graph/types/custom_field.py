"""Custom fields."""

from typing import Annotated, Any

import strawberry

from graph.types.description import described
from graph.types.relation import plain

Keys = Annotated[
    list[str] | None, strawberry.argument(description="Only the fields of these names; otherwise all of them.")
]


@described(strawberry.type)
class CustomField:
    """A field your company has added to its people or events: a name of its own and a text."""

    key: str = plain("The field's name at the vendor, unique on its record.")
    value: str | None = plain("The field's text, or nothing when it was emptied.")


def resolve_custom_fields(root: strawberry.Parent[Any], keys: Keys = None) -> Any:
    """Return a record's custom fields, or those of the given keys in the order they are asked for."""
    if keys is None:
        return root.custom_fields
    by_key = {field.key: field for field in root.custom_fields}
    return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
