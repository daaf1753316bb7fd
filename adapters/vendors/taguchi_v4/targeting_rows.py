"""
Rows of imports, views and event types to records.

Source: taguchi-v4-api.txt, Import Resource, View Resource and Event Resource.
"""

from adapters.credentials import hide_credentials_in_xml
from adapters.records import AudienceKind, AudienceRecord, EventTypeRecord, ImportRecord, ViewRecord

from .extensions import TaguchiImport, TaguchiView
from .manifests import to_manifest
from .values import read_id, read_number, read_required_id, read_required_text, read_text, read_time
from .wire import Row


def to_import(source: str, row: Row) -> ImportRecord:
    """Build an import; neither form of its manifest holds credentials."""
    manifest = read_text(row, "manifest")
    return ImportRecord(
        source=source,
        id=read_required_id(row),
        ref=read_text(row, "ref"),
        name=read_text(row, "name"),
        origin=read_text(row, "source"),
        started_at=read_time(row, "timestamp"),
        status=read_text(row, "status"),
        total=read_number(row, "total"),
        invalid=read_number(row, "invalid"),
        bounced=read_number(row, "bounced"),
        global_new=read_number(row, "global_new"),
        list_new=read_number(row, "list_new"),
        manifest=to_manifest(source, manifest),
        extension=TaguchiImport(
            manifest=None if manifest is None else hide_credentials_in_xml(manifest),
            params=read_text(row, "params"),
            organization_id=read_id(row, "organization_id"),
        ),
    )


def to_view(source: str, row: Row) -> ViewRecord:
    """Build a view. The document's prose calls the predicate `constraint`, its JSON `predicate`."""
    return ViewRecord(
        source=source,
        id=read_required_id(row),
        ref=read_text(row, "ref"),
        name=read_text(row, "name"),
        predicate=read_text(row, "predicate"),
        status=read_text(row, "status"),
        extension=TaguchiView(organization_id=read_id(row, "organization_id")),
    )


def to_audience(source: str, row: Row) -> AudienceRecord:
    """Build an audience of a view: what it is made by is known, who is in it is not."""
    return AudienceRecord(
        source=source,
        id=read_required_id(row),
        kind=AudienceKind.VIEW,
        ref=read_text(row, "ref"),
        name=read_text(row, "name"),
        definition=read_text(row, "predicate"),
        status=read_text(row, "status"),
        reason="Taguchi tells a view's condition, not the people who meet it.",
    )


def to_event_type(source: str, row: Row) -> EventTypeRecord:
    """Build an event type, whose key is a text."""
    return EventTypeRecord(
        source=source,
        id=read_required_text(row, "ref"),
        name=read_text(row, "name"),
        description=read_text(row, "description"),
        priority=read_number(row, "priority"),
    )
