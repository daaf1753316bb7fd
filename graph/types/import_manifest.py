"""What an import reads, and what becomes of it."""

import strawberry

from graph.types.description import described
from graph.types.lazy import LazySubscriberList
from graph.types.relation import plain, relation


@described(strawberry.type)
class ManifestFormat:
    """How an imported file is cut into people."""

    type: str | None = plain("`delimited` or `xml`.")
    field_separator: str | None = plain("What stands between the fields of a delimited file, as in `\\t`.")
    line_separator: str | None = plain("What stands between the lines of a delimited file, as in `\\n`.")
    select: str | None = plain("The path (XPath) of each person in an XML file.")


@described(strawberry.type)
class ManifestField:
    """Which part of each imported person becomes which field."""

    name: str = plain("The field's name at the vendor, as in `firstname`.")
    select: str | None = plain("Where it is taken from: `@0` for the first column, or a path (XPath) in an XML file.")
    custom_field: str | None = plain("The custom field's name, where it is one your company has added.")


@described(strawberry.type)
class ManifestSource:
    """One imported file."""

    href: str | None = plain("Where the file is fetched from; user, password and parameter values are left out.")
    format: ManifestFormat | None = plain("How it is cut into people.")
    fields: list[ManifestField] = plain("What is taken from it.")
    list_ids: list[strawberry.ID] = plain("The vendor's ids of the lists its people are put on.")
    lists: list[LazySubscriberList | None] | None = relation(
        "ManifestSource",
        "lists",
        "The lists its people are put on; nothing in the place of a list that the vendor hides.",
    )


@described(strawberry.type)
class ImportManifest:
    """What an import reads, and what becomes of it."""

    sources: list[ManifestSource] = plain("The imported files.")
