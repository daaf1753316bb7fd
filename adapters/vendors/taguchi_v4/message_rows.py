"""
Rows of campaigns, activities and templates to records.

Source: taguchi-v4-api.txt, Campaign Resource, Activity Resource and Template Resource.
"""

import json
from typing import Final

from adapters.records import (
    ActivityRecord,
    ActivityRevisionRecord,
    CampaignRecord,
    CombinationRecord,
    RevisionChoice,
    TemplateRecord,
    TemplateRevisionRecord,
    Unreadable,
)

from .columns_of_rows import IdReader, TextReader, TimeReader
from .extensions import TaguchiActivity, TaguchiCampaign, TaguchiTemplate
from .row_map import PartReader, RowMap
from .values import read_id, read_number, read_required_id, read_rows, read_text, read_time
from .wire import Row

_FRAGMENTS: Final = "|"
"""What stands between the fragment ids of a combination. Source: Activity Resource, Revisions, combinations."""


CAMPAIGN: Final = RowMap(
    CampaignRecord,
    texts={"ref": "ref", "name": "name", "status": "status", "success_event_ref": "success_event_ref"},
    readers={
        "id": IdReader("id", required=True),
        "starts_at": TimeReader("date"),
        "extension": PartReader(
            TaguchiCampaign, {"data": TextReader("data"), "organization_id": IdReader("organization_id")}
        ),
    },
)


def to_activity(source: str, row: Row, choice: RevisionChoice | None) -> ActivityRecord:
    """Build an activity; `choice` are the revisions that were asked for."""
    template_id = read_id(row, "template_id")
    return ActivityRecord(
        source=source,
        id=read_required_id(row),
        ref=read_text(row, "ref"),
        name=read_text(row, "name"),
        type=read_text(row, "type"),
        subtype=read_text(row, "subtype"),
        status=read_text(row, "status"),
        approval_status=read_text(row, "approval_status"),
        scheduled_at=read_time(row, "date"),
        throttle=read_number(row, "throttle"),
        campaign_id=read_id(row, "campaign_id"),
        template_id=template_id,
        target_list_ids=_to_targets(row, "target_lists"),
        target_view_ids=_to_targets(row, "target_views"),
        revisions=tuple(_to_activity_revision(source, row, item) for item in _read_revisions(row, choice)),
        revision_choice=choice,
        extension=TaguchiActivity(
            target_lists=read_text(row, "target_lists"),
            target_views=read_text(row, "target_views"),
            data=read_text(row, "data"),
            organization_id=read_id(row, "organization_id"),
        ),
    )


def _to_targets(row: Row, name: str) -> tuple[str, ...] | Unreadable | None:
    """
    Read the ids in a JSON text, numbers or texts, each once; None where nothing is set.

    A text that is anything else is `Unreadable`: whom an activity reaches is not to be guessed.
    """
    text = read_text(row, name)
    try:
        items = None if text is None else json.loads(text)
        if items is None:
            return None
        if isinstance(items, list):
            return tuple(dict.fromkeys(read_required_id({name: item}, name) for item in items))
    except (ValueError, RecursionError):
        pass
    return Unreadable(f"{name} that are no list of ids")


def _read_revisions(row: Row, choice: RevisionChoice | None) -> list[Row]:
    return [] if choice is None else read_rows(row, "revisions")


def _to_activity_revision(source: str, row: Row, item: Row) -> ActivityRevisionRecord:
    return ActivityRevisionRecord(
        source=source,
        activity_id=read_required_id(row),
        id=read_required_id(item),
        content=read_text(item, "content"),
        template_id=read_id(row, "template_id"),
        template_revision_id=read_id(item, "template_revision_id"),
        combinations=tuple(_to_combination(each) for each in read_rows(item, "combinations")),
        approval_status=read_text(item, "approval_status"),
        created_at=read_time(item, "timestamp"),
    )


def _to_combination(item: Row) -> CombinationRecord:
    fragments = read_text(item, "fragment_ids")
    return CombinationRecord(
        id=read_required_id(item), fragment_ids=tuple(fragments.split(_FRAGMENTS)) if fragments else ()
    )


def to_template(source: str, row: Row, choice: RevisionChoice | None) -> TemplateRecord:
    """Build a template; `choice` are the revisions that were asked for."""
    return TemplateRecord(
        source=source,
        id=read_required_id(row),
        ref=read_text(row, "ref"),
        name=read_text(row, "name"),
        type=read_text(row, "type"),
        subtype=read_text(row, "subtype"),
        status=read_text(row, "status"),
        revisions=tuple(_to_template_revision(source, row, item) for item in _read_revisions(row, choice)),
        revision_choice=choice,
        extension=TaguchiTemplate(data=read_text(row, "data"), organization_id=read_id(row, "organization_id")),
    )


def _to_template_revision(source: str, row: Row, item: Row) -> TemplateRevisionRecord:
    return TemplateRevisionRecord(
        source=source,
        template_id=read_required_id(row),
        id=read_required_id(item),
        content=read_text(item, "content"),
        format=read_text(item, "format"),
        created_at=read_time(item, "timestamp"),
    )
