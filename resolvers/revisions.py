"""
Saved revisions of activities and templates: with their record where they came along, otherwise many in one call.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adapters.errors import FacadeError
from adapters.records import (
    ActivityRecord,
    ActivityRevisionRecord,
    Entity,
    RevisionChoice,
    TemplateRecord,
    TemplateRevisionRecord,
)
from resolvers.context import RequestContext
from resolvers.loaders.keys import RevisionsKey
from resolvers.loaders.record import load_all
from resolvers.loaders.revisions import Revisions
from resolvers.lookups import fetch_referred
from resolvers.parts import DEFAULT_CHOICE
from resolvers.selection import Selection

RevisionPath = tuple[str, str, str]
"""A source, the record's vendor id there, and the revision's."""


class TemplateRevisionChoice(StrEnum):
    """Which of a template's revisions are meant; a template is neither deployed nor approved."""

    LATEST = RevisionChoice.LATEST.value
    HISTORY = RevisionChoice.HISTORY.value


@dataclass(frozen=True, slots=True)
class RevisionsArgs:
    """Which of a record's revisions are meant."""

    which: RevisionChoice = DEFAULT_CHOICE


async def revisions(
    parents: Sequence[ActivityRecord | TemplateRecord], args: RevisionsArgs, ctx: RequestContext, selection: Selection
) -> list[Revisions | FacadeError | None]:
    """Tell the chosen revisions of each activity or template; no call is made for those that came with their record."""
    keys = [
        None
        if parent.revision_choice is args.which
        else RevisionsKey(parent.source, parent.entity, parent.id, args.which, selection.path)
        for parent in parents
    ]
    loaded = await load_all(ctx.revisions, keys)
    return [
        parent.revisions if key is None else found for parent, key, found in zip(parents, keys, loaded, strict=True)
    ]


async def revision_activity(
    parents: Sequence[ActivityRevisionRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[ActivityRecord | FacadeError | None]:
    """Find the activity of each revision."""
    del args
    return await fetch_referred(Entity.ACTIVITY, parents, "activity_id", ctx, selection)


async def revision_template(
    parents: Sequence[TemplateRevisionRecord], args: None, ctx: RequestContext, selection: Selection
) -> Sequence[TemplateRecord | FacadeError | None]:
    """Find the template of each revision."""
    del args
    return await fetch_referred(Entity.TEMPLATE, parents, "template_id", ctx, selection)


async def template_revision(
    parents: Sequence[ActivityRevisionRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[TemplateRevisionRecord | FacadeError | None]:
    """Find the template revision each activity revision was made with, in the history of the activity's template."""
    del args
    paths = [_build_path(parent) for parent in parents]
    return await fetch_revisions(Entity.TEMPLATE, paths, ctx, selection)


def _build_path(parent: ActivityRevisionRecord) -> RevisionPath | None:
    if parent.template_id is None or parent.template_revision_id is None:
        return None
    return parent.source, parent.template_id, parent.template_revision_id


async def fetch_revisions(
    entity: Entity, paths: Sequence[RevisionPath | None], ctx: RequestContext, selection: Selection
) -> list[Any]:
    """Find single revisions in the history of their records, in order; None where there is none."""
    keys = [
        None if path is None else RevisionsKey(path[0], entity, path[1], RevisionChoice.HISTORY, selection.path)
        for path in paths
    ]
    histories = await load_all(ctx.revisions, keys)
    return [
        history if path is None or isinstance(history, FacadeError) else _find(history or (), path[2])
        for path, history in zip(paths, histories, strict=True)
    ]


def _find(
    history: Iterable[ActivityRevisionRecord | TemplateRevisionRecord], id_: str
) -> ActivityRevisionRecord | TemplateRevisionRecord | None:
    return next((revision for revision in history if revision.id == id_), None)
