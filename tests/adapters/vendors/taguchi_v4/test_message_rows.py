"""Rows of activities and templates to records: every field arrives, and only the revisions that were asked for."""

import dataclasses
import json
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from adapters.records import (
    ActivityRecord,
    ActivityRevisionRecord,
    CombinationRecord,
    Entity,
    RevisionChoice,
    TemplateRecord,
    TemplateRevisionRecord,
    Unreadable,
)
from adapters.vendors.taguchi_v4.columns import COLUMNS
from adapters.vendors.taguchi_v4.extensions import EXTENSIONS, TaguchiActivity, TaguchiTemplate
from adapters.vendors.taguchi_v4.mapping import to_record
from adapters.vendors.taguchi_v4.values import UnreadableError
from adapters.vendors.taguchi_v4.wire import (
    WireActivity,
    WireActivityRevision,
    WireCombination,
    WireTemplate,
    WireTemplateRevision,
)

EXAMPLES = Path(__file__).with_name("examples")
NOON = "2024-05-01T12:00:00"
NOON_AT = datetime(2024, 5, 1, 12, tzinfo=UTC)
HISTORY = RevisionChoice.HISTORY
ACTIVITY = "Activity Resource, Common Fields"
TEMPLATE = "Template Resource, Common Fields"
WIRES = {Entity.ACTIVITY: WireActivity, Entity.TEMPLATE: WireTemplate}
RECORDS = {Entity.ACTIVITY: ActivityRecord, Entity.TEMPLATE: TemplateRecord}

# section, JSON field, place in the record, a value of the vendor's, the value read
FIELDS: dict[Entity, list[tuple[str, str, str, Any, Any]]] = {
    Entity.ACTIVITY: [
        (ACTIVITY, "id", "id", 7, "7"),
        (ACTIVITY, "ref", "ref", "spring-1", "spring-1"),
        (ACTIVITY, "name", "name", "Spring", "Spring"),
        (ACTIVITY, "type", "type", "broadcast", "broadcast"),
        (ACTIVITY, "subtype", "subtype", "newsletter", "newsletter"),
        (ACTIVITY, "status", "status", "queued", "queued"),
        (ACTIVITY, "target_lists", "target_list_ids", "[3, 4]", ("3", "4")),
        (ACTIVITY, "target_lists", "extension.target_lists", "[3, 4]", "[3, 4]"),
        (ACTIVITY, "target_views", "target_view_ids", '["5"]', ("5",)),
        (ACTIVITY, "target_views", "extension.target_views", '["5"]', '["5"]'),
        (ACTIVITY, "approval_status", "approval_status", "approved", "approved"),
        (ACTIVITY, "date", "scheduled_at", NOON, NOON_AT),
        (ACTIVITY, "throttle", "throttle", 30, 30),
        (ACTIVITY, "data", "extension.data", "note", "note"),
        (ACTIVITY, "organization_id", "extension.organization_id", 1, "1"),
        (ACTIVITY, "campaign_id", "campaign_id", 2, "2"),
        (ACTIVITY, "template_id", "template_id", 3, "3"),
        (
            "Activity Resource, Revisions",
            "revisions",
            "revisions",
            [{"id": 9}],
            (ActivityRevisionRecord(source="retail", activity_id="7", id="9"),),
        ),
    ],
    Entity.TEMPLATE: [
        (TEMPLATE, "id", "id", 7, "7"),
        (TEMPLATE, "ref", "ref", "layout-1", "layout-1"),
        (TEMPLATE, "name", "name", "Layout", "Layout"),
        (TEMPLATE, "type", "type", "sms", "sms"),
        (TEMPLATE, "subtype", "subtype", "receipt", "receipt"),
        (TEMPLATE, "status", "status", "active", "active"),
        (TEMPLATE, "data", "extension.data", "note", "note"),
        (TEMPLATE, "organization_id", "extension.organization_id", 1, "1"),
        (
            "Template Resource, Revisions",
            "revisions",
            "revisions",
            [{"id": 9}],
            (TemplateRevisionRecord(source="retail", template_id="7", id="9"),),
        ),
    ],
}
REVISION_FIELDS: dict[Entity, list[tuple[str, str, Any, Any]]] = {
    Entity.ACTIVITY: [
        ("id", "id", 9, "9"),
        ("content", "content", "<edition/>", "<edition/>"),
        ("template_revision_id", "template_revision_id", 4, "4"),
        (
            "combinations",
            "combinations",
            [{"id": 1, "fragment_ids": "A1|B2"}, {"id": 2, "fragment_ids": None}],
            (CombinationRecord(id="1", fragment_ids=("A1", "B2")), CombinationRecord(id="2")),
        ),
        ("approval_status", "approval_status", "deployed", "deployed"),
        ("timestamp", "created_at", NOON, NOON_AT),
    ],
    Entity.TEMPLATE: [
        ("id", "id", 9, "9"),
        ("content", "content", "<xsl/>", "<xsl/>"),
        ("format", "format", "<format/>", "<format/>"),
        ("timestamp", "created_at", NOON, NOON_AT),
    ],
}
ROWS = [pytest.param(entity, row, id=f"{entity}.{row[1]}") for entity, rows in FIELDS.items() for row in rows]
REVISIONS = [
    pytest.param(entity, row, id=f"{entity}.revisions.{row[0]}")
    for entity, rows in REVISION_FIELDS.items()
    for row in rows
]


def _example(name: str) -> dict[str, Any]:
    row: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text())["rows"][0]
    return row


def _activity(**fields: Any) -> ActivityRecord:
    record = to_record(Entity.ACTIVITY, "retail", {"id": 7, **fields}, HISTORY)
    assert isinstance(record, ActivityRecord)
    return record


@pytest.mark.parametrize(("entity", "row"), ROWS)
def test_field_of_the_document_arrives(entity: Entity, row: tuple[str, str, str, Any, Any]) -> None:
    """A field dropped on the way is one nobody can ever ask for."""
    section, name, place, value, expected = row

    record = to_record(entity, "retail", {"id": 7, name: value}, HISTORY)

    assert section
    assert expected == attrgetter(place)(record)


@pytest.mark.parametrize(("entity", "row"), REVISIONS)
def test_field_of_a_revision_arrives(entity: Entity, row: tuple[str, str, Any, Any]) -> None:
    """A field dropped on the way is one nobody can ever ask for."""
    name, place, value, expected = row

    record: Any = to_record(entity, "retail", {"id": 7, "revisions": [{"id": 9, name: value}]}, HISTORY)

    assert expected == getattr(record.revisions[0], place)


@pytest.mark.parametrize("entity", list(FIELDS))
def test_the_tables_of_fields_are_complete(entity: Entity) -> None:
    """A field of the document, of the record or of the extension that is in no table is tested nowhere."""
    wire = {row[1] for row in FIELDS[entity]}
    places = {row[2] for row in FIELDS[entity]}
    own = {f"extension.{field.name}" for field in dataclasses.fields(EXTENSIONS[entity].type)}
    common = {field.name for field in dataclasses.fields(RECORDS[entity])} - {"source", "extension", "revision_choice"}

    assert set(_example(entity.value)) <= wire
    assert set(get_type_hints(WIRES[entity])) == wire
    assert common | own == places
    assert {column.wire for column in COLUMNS[entity].values()} == wire - {"revisions"}


def test_the_tables_of_revisions_are_complete() -> None:
    """The same, for what stands inside them."""
    told = {entity: {row[0] for row in rows} for entity, rows in REVISION_FIELDS.items()}

    assert told[Entity.ACTIVITY] == set(get_type_hints(WireActivityRevision))
    assert told[Entity.TEMPLATE] == set(get_type_hints(WireTemplateRevision))
    assert set(get_type_hints(WireCombination)) == {field.name for field in dataclasses.fields(CombinationRecord)}


def test_activity_example_of_the_document() -> None:
    """The document's own activity must be read as the document describes it."""
    revisions = tuple(
        ActivityRevisionRecord(
            source="retail",
            activity_id="1",
            id=id_,
            content=content,
            template_id="1",
            template_revision_id="2",
            combinations=(CombinationRecord(id=id_, fragment_ids=fragments),),
            approval_status=status,
            created_at=datetime(2010, 4, 10, 3, 44, second, tzinfo=UTC),
        )
        for id_, content, fragments, status, second in (
            ("1", "<edition><channel/></edition>", ("1", "2", "3"), None, 10),
            ("2", "<edition><channel2/></edition>", ("1", "2", "4"), "approved", 20),
        )
    )
    expected = ActivityRecord(
        source="retail",
        id="1",
        name="Test Activity 1",
        type="broadcast",
        throttle=0,
        campaign_id="1",
        template_id="1",
        revisions=revisions,
        revision_choice=HISTORY,
        extension=TaguchiActivity(organization_id="1"),
    )

    assert expected == to_record(Entity.ACTIVITY, "retail", _example("activity"), HISTORY)


def test_template_example_of_the_document() -> None:
    """The document's own template must be read as the document describes it."""
    revisions = tuple(
        TemplateRevisionRecord(
            source="retail",
            template_id="1",
            id=id_,
            content="<abc></abc>",
            format="<def></def>",
            created_at=datetime(2010, 4, 10, 3, 44, second, tzinfo=UTC),
        )
        for id_, second in (("1", 10), ("2", 20))
    )
    expected = TemplateRecord(
        source="retail",
        id="1",
        name="Test Template 1",
        type="broadcast",
        revisions=revisions,
        revision_choice=HISTORY,
        extension=TaguchiTemplate(organization_id="1"),
    )

    assert expected == to_record(Entity.TEMPLATE, "retail", _example("template"), HISTORY)


@pytest.mark.parametrize("entity", list(FIELDS))
def test_revisions_nobody_asked_for_are_not_told(entity: Entity) -> None:
    """No revisions would look like a record that has none."""
    record: Any = to_record(entity, "retail", {"id": 7, "revisions": []})

    assert (record.revisions, record.revision_choice) == ((), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("null", None),
        ("[]", ()),
        ("[3]", ("3",)),
        (' [ 3 , "4" ] ', ("3", "4")),
        ("[3, 3, 4]", ("3", "4")),
        ('["007"]', ("7",)),
    ],
)
def test_targets_are_ids_in_a_text(text: str | None, expected: tuple[str, ...] | None) -> None:
    """An activity would be shown as reaching other people than it does."""
    record = _activity(target_lists=text, target_views=text)

    assert (record.target_list_ids, record.target_view_ids) == (expected, expected)


@pytest.mark.parametrize(
    "text",
    ["", "3", "[3", "{}", '{"3": 4}', "[[3]]", "[true]", "[-3]", "[3.5]", "[null]", '["s.state"]', '"3"', "[" * 10_000],
    ids=lambda text: text[:12],
)
def test_targets_of_no_sense_are_no_guess(text: str) -> None:
    """A text of no sense would pass as no target, or take the whole activity with it."""
    record = _activity(target_lists=text)

    assert isinstance(record.target_list_ids, Unreadable)
    assert text not in record.target_list_ids.what or not text
    assert record.extension == TaguchiActivity(target_lists=text)
    assert record.target_view_ids is None


@pytest.mark.parametrize(
    "fields",
    [
        {"throttle": "fast"},
        {"throttle": 1.5},
        {"date": "soon"},
        {"campaign_id": "spring"},
        {"target_lists": [3]},
        {"revisions": {"id": 1}},
        {"revisions": [{"content": "<a/>"}]},
        {"revisions": [{"id": 1, "combinations": [{"fragment_ids": "A1"}]}]},
        {"revisions": [{"id": 1, "timestamp": "soon"}]},
    ],
    ids=str,
)
def test_values_of_another_type_are_refused(fields: dict[str, Any]) -> None:
    """A guessed value is a wrong one that nobody notices."""
    with pytest.raises(UnreadableError):
        _activity(**fields)
