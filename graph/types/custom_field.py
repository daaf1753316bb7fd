"""Custom fields."""

from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from graph.types.description import described
from graph.types.enums import CustomFieldType
from graph.types.relation import plain

Keys = Annotated[
    list[str] | None, strawberry.argument(description="Only the fields of these names; otherwise all of them.")
]


@described(strawberry.type)
class CustomField:
    """A field your company has added to its people or events: a name of its own and a text."""

    key: str = plain("The field's name at the vendor, unique on its record.")
    label: str | None = plain("The name people gave the field, where that is not its key.")
    value: str | None = plain("The field's text, or nothing when it was emptied.")
    type: CustomFieldType = plain("What the vendor says its values are.")
    typed: JSON | None = plain(
        "The value as the vendor's type has it: a number, yes or no, a list, an object; nothing where the text is all."
    )


def resolve_custom_fields(root: strawberry.Parent[Any], keys: Keys = None) -> Any:
    """Return a record's custom fields, or those of the given keys in the order they are asked for."""
    if keys is None:
        return root.custom_fields
    by_key = {field.key: field for field in root.custom_fields}
    return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
