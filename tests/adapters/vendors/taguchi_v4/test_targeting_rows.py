"""Rows of imports, views and event types to records: every field arrives, and no password does."""

import dataclasses
import json
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from adapters.filters.fields import FIELDS as COMMON
from adapters.filters.fields import build_extension_fields
from adapters.records import (
    Entity,
    EventTypeRecord,
    ImportRecord,
    ManifestRecord,
    ManifestSourceRecord,
    Unreadable,
    ViewRecord,
)
from adapters.vendors.taguchi_v4.columns import COLUMNS
from adapters.vendors.taguchi_v4.extensions import EXTENSIONS, TaguchiImport, TaguchiView
from adapters.vendors.taguchi_v4.mapping import to_record
from adapters.vendors.taguchi_v4.values import UnreadableError
from adapters.vendors.taguchi_v4.wire import WireEventType, WireImport, WireView

EXAMPLES = Path(__file__).with_name("examples")
NOON = "2024-05-01T12:00:00"
NOON_AT = datetime(2024, 5, 1, 12, tzinfo=UTC)
MANIFEST = '<manifest><source href="ftp://loader:hunter2@files.example.com/a.tsv"/></manifest>'
HIDDEN = '<manifest><source href="ftp://REDACTED@files.example.com/a.tsv"/></manifest>'
IMPORT = "Import Resource, Common Fields"
VIEW = "View Resource, Common Fields"
EVENT = "Event Resource, Common Fields"
WIRES = {Entity.IMPORT: WireImport, Entity.VIEW: WireView, Entity.EVENT_TYPE: WireEventType}
RECORDS = {Entity.IMPORT: ImportRecord, Entity.VIEW: ViewRecord, Entity.EVENT_TYPE: EventTypeRecord}

# section, JSON field, place in the record, a value of the vendor's, the value read
FIELDS: dict[Entity, list[tuple[str, str, str, Any, Any]]] = {
    Entity.IMPORT: [
        (IMPORT, "id", "id", 7, "7"),
        (IMPORT, "ref", "ref", "fair-1", "fair-1"),
        (IMPORT, "name", "name", "Fair", "Fair"),
        (IMPORT, "source", "origin", "Trade fair", "Trade fair"),
        (IMPORT, "timestamp", "started_at", NOON, NOON_AT),
        (
            IMPORT,
            "manifest",
            "manifest",
            MANIFEST,
            ManifestRecord(
                sources=(ManifestSourceRecord(source="retail", href="ftp://REDACTED@files.example.com/a.tsv"),)
            ),
        ),
        (IMPORT, "manifest", "extension.manifest", MANIFEST, HIDDEN),
        (IMPORT, "status", "status", "processing", "processing"),
        (IMPORT, "params", "extension.params", "{}", "{}"),
        (IMPORT, "organization_id", "extension.organization_id", 1, "1"),
        (IMPORT, "total", "total", 120, 120),
        (IMPORT, "invalid", "invalid", 2, 2),
        (IMPORT, "bounced", "bounced", 3, 3),
        (IMPORT, "global_new", "global_new", 60, 60),
        (IMPORT, "list_new", "list_new", 40, 40),
    ],
    Entity.VIEW: [
        (VIEW, "id", "id", 7, "7"),
        (VIEW, "ref", "ref", "vic", "vic"),
        (VIEW, "name", "name", "Victoria", "Victoria"),
        (VIEW, "predicate", "predicate", "s.state = 'VIC'", "s.state = 'VIC'"),
        (VIEW, "status", "status", "draft", "draft"),
        (VIEW, "organization_id", "extension.organization_id", 1, "1"),
    ],
    Entity.EVENT_TYPE: [
        (EVENT, "ref", "id", "aap", "aap"),
        (EVENT, "ref", "ref", "aap", "aap"),
        (EVENT, "name", "name", "Proofed Activity", "Proofed Activity"),
        (EVENT, "description", "description", "", ""),
        (EVENT, "priority", "priority", 2, 2),
    ],
}
ROWS = [pytest.param(entity, row, id=f"{entity}.{row[2]}") for entity, rows in FIELDS.items() for row in rows]


def _example(name: str) -> dict[str, Any]:
    row: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text())["rows"][0]
    return row


@pytest.mark.parametrize(("entity", "row"), ROWS)
def test_field_of_the_document_arrives(entity: Entity, row: tuple[str, str, str, Any, Any]) -> None:
    """A field dropped on the way is one nobody can ever ask for."""
    section, name, place, value, expected = row

    record = to_record(entity, "retail", {"id": 7, "ref": "s", name: value})

    assert section
    assert expected == attrgetter(place)(record)


@pytest.mark.parametrize("entity", list(FIELDS))
def test_the_tables_of_fields_are_complete(entity: Entity) -> None:
    """A field of the document, of the record or of the extension that is in no table is tested nowhere."""
    wire = {row[1] for row in FIELDS[entity]}
    places = {row[2] for row in FIELDS[entity]}
    extension = EXTENSIONS.get(entity)
    own = {f"extension.{field.name}" for field in dataclasses.fields(extension.type)} if extension else set()
    common = {field.name for field in dataclasses.fields(RECORDS[entity])} - {"source", "extension"}

    assert set(_example(entity.value)) <= wire
    assert set(get_type_hints(WIRES[entity])) == wire
    assert common | own == (places - {"ref"} if entity is Entity.EVENT_TYPE else places)
    assert {column.wire for column in COLUMNS[entity].values()} == wire - {"manifest"}


def test_import_example_of_the_document() -> None:
    """The document's own import must be read as the document describes it."""
    expected = ImportRecord(
        source="retail",
        id="1",
        name="Test Import 1",
        total=0,
        invalid=0,
        bounced=0,
        global_new=0,
        list_new=0,
        manifest=ManifestRecord(sources=(ManifestSourceRecord(source="retail"),)),
        extension=TaguchiImport(manifest='<manifest xmlns="dummy"><source/></manifest>', organization_id="1"),
    )

    assert expected == to_record(Entity.IMPORT, "retail", _example("import"))


def test_view_example_of_the_document() -> None:
    """The document's own view must be read as the document describes it."""
    expected = ViewRecord(
        source="retail",
        id="1",
        name="Example View",
        predicate="s.state = 'VIC'",
        extension=TaguchiView(organization_id="1"),
    )

    assert expected == to_record(Entity.VIEW, "retail", _example("view"))


def test_event_example_of_the_document() -> None:
    """The document's own event must be read as the document describes it."""
    expected = EventTypeRecord(
        source="retail",
        id="s",
        name="Sent",
        description="Logged each time an email, SMS, fax, phone call, or DM is sent to a subscriber.",
    )

    assert expected == to_record(Entity.EVENT_TYPE, "retail", _example("event_type"))


def test_a_manifest_of_no_sense_leaves_the_import() -> None:
    """One bad text would take an import with it, or pass as an import of nothing."""
    record: Any = to_record(Entity.IMPORT, "retail", {"id": 7, "manifest": "<manifest ftp://me:pw@host"})

    assert isinstance(record.manifest, Unreadable)
    assert record.extension.manifest == "<manifest ftp://REDACTED@host"


def test_nothing_compares_with_a_manifest() -> None:
    """Whoever may compare can guess a password letter by letter."""
    own = build_extension_fields("taguchi", EXTENSIONS[Entity.IMPORT].type)

    assert not {name for name in (*own, *COMMON[Entity.IMPORT], *COLUMNS[Entity.IMPORT]) if "manifest" in name}


@pytest.mark.parametrize("row", [{}, {"ref": None}, {"ref": ["s"]}, {"ref": "s", "priority": "high"}], ids=str)
def test_event_types_of_another_shape_are_refused(row: dict[str, Any]) -> None:
    """An event type without its key would answer for every one of them."""
    with pytest.raises(UnreadableError):
        to_record(Entity.EVENT_TYPE, "retail", row)
