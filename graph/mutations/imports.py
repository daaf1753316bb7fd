"""Imports of people: made, changed, removed and started."""

from enum import Enum
from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import ConsentInput, build_payload, given, mutation, write_input
from graph.mutations.noun import describe_noun
from graph.types.description import described
from graph.types.enums import describe_enum
from graph.types.subscriber_import import SubscriberImport

CONSENT: Final = (
    "Why people who had opted out or left a list may be in it. Taguchi: needed where the manifest names lists, or "
    "fields beside the plain ones, as `unsubscribed`."
)


class ManifestFormatType(Enum):
    """How a file of people is written."""

    DELIMITED = "delimited"
    XML = "xml"


describe_enum(
    ManifestFormatType,
    "ManifestFormatType",
    "How a file of people is written.",
    {"DELIMITED": "Rows of values, as spreadsheets write them.", "XML": "An XML document."},
)


@described(strawberry.input)
class ManifestFormatInput:
    """How a file is cut into people."""

    type: ManifestFormatType = strawberry.field(description="How it is written.")
    field_separator: str | None = given("DELIMITED: what stands between two values, with C's escapes, as `\\\\t`.")
    line_separator: str | None = given("DELIMITED: what stands between two people, with C's escapes, as `\\\\n`.")
    select: str | None = given("XML: the XPath of each person.")


@described(strawberry.input)
class ManifestFieldInput:
    """Which part of a row becomes which field."""

    name: str = strawberry.field(
        description="The vendor's name of the field, as `email`; `custom_x` for the custom field `x`."
    )
    select: str = strawberry.field(description="`@0` for the leftmost value of a row; XML: an XPath within the person.")


@described(strawberry.input)
class ManifestSourceInput:
    """One file of people."""

    href: str = strawberry.field(
        description="Its address: https, http, ftp or file. A password in it is shown to nobody again."
    )
    format: ManifestFormatInput = strawberry.field(description="How it is cut into people.")
    fields: list[ManifestFieldInput] = strawberry.field(description="Which part of it becomes which field.")
    list_ids: list[strawberry.ID] | None = given("The vendor's ids of the lists its people are put on.")


@described(strawberry.input)
class ImportManifestInput:
    """What an import reads, and what becomes of it."""

    sources: list[ManifestSourceInput] = strawberry.field(description="The files.")


@described(strawberry.input)
class ImportFieldsInput:
    """What is to be known of an import. What is left out stays as it is; null empties a field."""

    ref: str | None = given("Your own key for the import.")
    name: str | None = given("The import's name, as the vendor's own pages show it.")
    origin: str | None = given("Where its people came from, for audits.")
    status: str | None = given("The vendor's word for the import's state.")
    params: str | None = given("Taguchi's free text of your own about the import.")
    manifest: ImportManifestInput | None = given("What it reads, and what becomes of it.")
    manifest_xml: str | None = given("The same as Taguchi's XML, instead of `manifest`.")


@write_input
class ProcessImportInput:
    """An import to be started. Started twice, it imports twice."""

    id: strawberry.ID = strawberry.field(description="The import's id in this graph.")
    recipients_unchecked: bool | None = given(
        "true: you know that nobody is looked up beforehand: people who have left a list may be in it. Needed."
    )
    consent: ConsentInput | None = given(CONSENT)


IMPORTS: Final = describe_noun(
    "Import",
    "an import",
    field="imported",
    type_=SubscriberImport,
    entity=Entity.IMPORT,
    fields=ImportFieldsInput,
)
CreateImportPayload: Any = IMPORTS.create_payload
UpdateImportPayload: Any = IMPORTS.update_payload
DeleteImportPayload: Any = IMPORTS.delete_payload
ProcessImportPayload: Any = build_payload(
    "ProcessImportPayload",
    "What became of starting an import; ACCEPTED: it has started.",
    field="imported",
    type_=SubscriberImport,
    entity=Entity.IMPORT,
)
process_import: Final = mutation(
    "processImport", "Start an import of people.", input_type=ProcessImportInput, entity=Entity.IMPORT
)
