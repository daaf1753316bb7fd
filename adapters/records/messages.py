"""
Campaigns, their activities (mailings, text messages, pages), and the templates these are made with.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from adapters.records.entity import Entity
from adapters.records.making import ReadLater, Rest, made_quickly
from adapters.records.unreadable import Unreadable


class RevisionChoice(StrEnum):
    """Which of a record's saved revisions are meant: the newest deployed, approved or of all, or every one."""

    DEPLOYED = "deployed"
    APPROVED = "approved"
    LATEST = "latest"
    HISTORY = "history"

    @property
    def part(self) -> str:
        """The word for it among the parts of a record that are asked for."""
        return f"revisions={self.value}"


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRecord(ReadLater):
    """A campaign: the bracket around activities, with a start date for reporting."""

    entity: ClassVar[Entity] = Entity.CAMPAIGN

    source: str
    id: str
    ref: str | None = None
    name: str | None = None
    starts_at: datetime | None = None
    status: str | None = None
    success_event_ref: str | None = None
    extension: object | None = None
    rest: Rest | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinationRecord:
    """One way to put the variable fragments of a revision together."""

    id: str
    fragment_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRevisionRecord:
    """One saved state of an activity's content. `template_id` is the activity's own, where its revisions are found."""

    source: str
    activity_id: str
    id: str
    content: str | None = None
    template_id: str | None = None
    template_revision_id: str | None = None
    combinations: tuple[CombinationRecord, ...] = ()
    approval_status: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRecord:
    """
    A mailing, a text message or a page.

    `target_list_ids` and `target_view_ids` are None where no target is set. `revisions` are those of
    `revision_choice`, None being that none were asked for.
    """

    entity: ClassVar[Entity] = Entity.ACTIVITY

    source: str
    id: str
    ref: str | None = None
    name: str | None = None
    type: str | None = None
    subtype: str | None = None
    status: str | None = None
    approval_status: str | None = None
    scheduled_at: datetime | None = None
    throttle: int | None = None
    campaign_id: str | None = None
    template_id: str | None = None
    target_list_ids: tuple[str, ...] | Unreadable | None = None
    target_view_ids: tuple[str, ...] | Unreadable | None = None
    revisions: tuple[ActivityRevisionRecord, ...] = ()
    revision_choice: RevisionChoice | None = None
    extension: object | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRevisionRecord:
    """One saved state of a template: its stylesheet, and the description of what editors may enter."""

    source: str
    template_id: str
    id: str
    content: str | None = None
    format: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRecord:
    """
    The layout of mailings, text messages or pages.

    `revisions` are those of `revision_choice`, None being that none were asked for.
    """

    entity: ClassVar[Entity] = Entity.TEMPLATE

    source: str
    id: str
    ref: str | None = None
    name: str | None = None
    type: str | None = None
    subtype: str | None = None
    status: str | None = None
    revisions: tuple[TemplateRevisionRecord, ...] = ()
    revision_choice: RevisionChoice | None = None
    extension: object | None = None
