"""
Events: what people and records caused, what was done to records, and what leads on from one event.
"""

from collections.abc import Sequence

from adapters.errors import CapabilityError, FacadeError, IdError
from adapters.records import (
    ActivityRecord,
    ActivityRevisionRecord,
    CampaignRecord,
    Entity,
    EventKind,
    EventTypeRecord,
    FeedEventRecord,
    FeedKey,
    FeedSide,
    ImportRecord,
    ListRecord,
    SubscriberRecord,
    TemplateRecord,
    ViewRecord,
)
from resolvers.context import RequestContext
from resolvers.feeds import EventPlace, Part, fetch_events, fetch_feed_pages
from resolvers.lookups import fetch_referred
from resolvers.pages import ConnectionArgs, ConnectionRecord
from resolvers.revisions import fetch_revisions
from resolvers.selection import Selection

Causing = SubscriberRecord | CampaignRecord | ActivityRecord
Audited = Causing | ListRecord | ImportRecord | ViewRecord | TemplateRecord
KeyPath = tuple[str, ...]
"""A feed's kind of record, that record's id and its side; an event's kind and its id."""

EventPage = ConnectionRecord[FeedEventRecord] | FacadeError | None


async def events(
    parents: Sequence[Causing], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[EventPage]:
    """Read one page of what each record caused: its subject feed."""
    parts = [Part((parent.source, FeedKey(parent.entity, parent.id, FeedSide.SUBJECT))) for parent in parents]
    return await fetch_feed_pages(_name(parents, "events"), parts, args, ctx, selection)


async def audit_log(
    parents: Sequence[Audited], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[EventPage]:
    """Read one page of what was done to each record: its object feed."""
    parts = [Part((parent.source, FeedKey(parent.entity, parent.id, FeedSide.OBJECT))) for parent in parents]
    return await fetch_feed_pages(_name(parents, "auditLog"), parts, args, ctx, selection)


def _name(parents: Sequence[Audited], field: str) -> str:
    """Name a connection as its cursors do."""
    return f"{parents[0].entity}.{field}" if parents else field


async def event_children(
    parents: Sequence[FeedEventRecord], args: ConnectionArgs, ctx: RequestContext, selection: Selection
) -> list[EventPage]:
    """
    Read one page of what each event caused, from the feed of the person it concerns.

    [inferred] Taguchi's document links to a feed of all events that it does not describe; what an event caused
    concerns the same person, so it stands in that person's feed.
    """
    known = [parent for parent in parents if _refuse_children(parent) is None]
    parts = [Part((parent.source, _find_feed(parent)), parent.id) for parent in known]
    pages = iter(await fetch_feed_pages("feedEvent.children", parts, args, ctx, selection))
    return [_refuse_children(parent) or next(pages) for parent in parents]


async def event_parent(
    parents: Sequence[FeedEventRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[FeedEventRecord | FacadeError | None]:
    """
    Find what caused each event, in the feed of the person it concerns; only what has happened can be a cause.

    None where the event has no cause, or the cause is not in that feed.
    """
    del args
    found = await fetch_events([_find_cause(parent) for parent in parents], ctx, selection)
    return [_refuse_parent(parent) or cause for parent, cause in zip(parents, found, strict=True)]


async def fetch_event_paths(
    paths: Sequence[tuple[str, KeyPath]], ctx: RequestContext, selection: Selection
) -> list[FeedEventRecord | FacadeError | None]:
    """Find single events by source and key path, in order; None where there is none."""
    return await fetch_events([read_event_path(source, path) for source, path in paths], ctx, selection)


def build_key_path(event: FeedEventRecord) -> KeyPath:
    """Return what an event's global id holds."""
    return event.feed.holder, event.feed.id, event.feed.side, event.kind, event.id


def read_event_path(source: str, path: KeyPath) -> EventPlace:
    """Say which event an id stands for; raises `IdError` where it stands for none."""
    holder, id_, side, kind, token = path
    try:
        return source, FeedKey(Entity(holder), id_, FeedSide(side)), EventKind(kind), token
    except ValueError:
        hint = "Use an id that this graph returned."
        raise IdError("This is not an id of this graph.", hint=hint, path=("id",)) from None


def _find_cause(event: FeedEventRecord) -> EventPlace | None:
    if event.parent_id is None or event.subscriber_id is None:
        return None
    return event.source, _find_feed(event), EventKind.LOGGED, event.parent_id


def _find_feed(event: FeedEventRecord) -> FeedKey:
    """Return the feed that holds an event's causes and consequences."""
    return FeedKey(Entity.SUBSCRIBER, event.subscriber_id or "", FeedSide.SUBJECT)


def _refuse_parent(event: FeedEventRecord) -> FacadeError | None:
    return _refuse_nobody() if event.parent_id is not None and event.subscriber_id is None else None


def _refuse_children(event: FeedEventRecord) -> FacadeError | None:
    if event.kind is EventKind.SCHEDULED:
        return CapabilityError(
            "What a scheduled event will cause cannot be told: its id may be that of a logged event too.",
            reason="EVENT_NOT_LOGGED",
            hint="Ask for the children of logged events.",
        )
    return _refuse_nobody() if event.subscriber_id is None else None


def _refuse_nobody() -> CapabilityError:
    return CapabilityError(
        "The event concerns no person, in whose events its causes and consequences could be found.",
        reason="EVENT_WITHOUT_SUBSCRIBER",
    )


async def event_type_of(
    parents: Sequence[FeedEventRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[EventTypeRecord | FacadeError | None]:
    """Find the type of each event."""
    del args
    return await fetch_referred(Entity.EVENT_TYPE, parents, "event_ref", ctx, selection)


async def event_subscriber(
    parents: Sequence[FeedEventRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[SubscriberRecord | FacadeError | None]:
    """Find the person who caused each event."""
    del args
    return await fetch_referred(Entity.SUBSCRIBER, parents, "subscriber_id", ctx, selection)


async def event_activity(
    parents: Sequence[FeedEventRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[ActivityRecord | FacadeError | None]:
    """Find the activity each event came from."""
    del args
    return await fetch_referred(Entity.ACTIVITY, parents, "activity_id", ctx, selection)


async def event_revision(
    parents: Sequence[FeedEventRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[ActivityRevisionRecord | FacadeError | None]:
    """Find the revision each event came from, in the history of its activity."""
    del args
    paths = [
        None
        if parent.activity_id is None or parent.revision_id is None
        else (parent.source, parent.activity_id, parent.revision_id)
        for parent in parents
    ]
    return await fetch_revisions(Entity.ACTIVITY, paths, ctx, selection)


async def event_campaign(
    parents: Sequence[FeedEventRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[CampaignRecord | FacadeError | None]:
    """Find the campaign each event is credited to."""
    del args
    return await fetch_referred(Entity.CAMPAIGN, parents, "campaign_id", ctx, selection)
