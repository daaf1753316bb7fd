"""Saved revisions: the fields of activities and templates that tell them."""

from typing import Annotated, Any

import strawberry

from graph.types.enums import RevisionChoice, TemplateRevisionChoice
from graph.types.relation import GraphInfo
from resolvers.revisions import RevisionsArgs

Which = Annotated[RevisionChoice, strawberry.argument(description="Which of the revisions are meant.")]
TemplateWhich = Annotated[TemplateRevisionChoice, strawberry.argument(description="Which of the revisions are meant.")]


def resolve_activity_revisions(
    root: strawberry.Parent[Any], info: GraphInfo, which: Which = RevisionChoice.LATEST
) -> Any:
    """Tell an activity's revisions."""
    return info.load("Activity", "revisions", root, RevisionsArgs(which))


def resolve_template_revisions(
    root: strawberry.Parent[Any], info: GraphInfo, which: TemplateWhich = TemplateRevisionChoice.LATEST
) -> Any:
    """Tell a template's revisions."""
    return info.load("Template", "revisions", root, RevisionsArgs(RevisionChoice(which.value)))
