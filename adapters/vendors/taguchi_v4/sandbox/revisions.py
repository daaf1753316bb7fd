"""
Which saved revisions a read returns.

Source: taguchi-v4-api.txt, Activity and Template resources: none without `revisions=`; the key is always there
(vendors/facts.md, 1.3). `deployed` and `approved` are read literally, as the newest revision whose approval status is
that word.
"""

from collections.abc import Callable, Mapping

from .children import ACTIVITY_REVISIONS, Item
from .options import SandboxOptions
from .query import Parameters, single
from .refusals import bad_request
from .resources import Resource
from .tables import Row

Choice = Callable[[Row], Mapping[str, tuple[Item, ...]]]
REVISIONS = "revisions"
ALIAS = "revision"


def read_revision_choice(parameters: Parameters, resource: Resource, options: SandboxOptions) -> Choice:
    """
    Read `revisions=`; the choice returned gives, for a row, the revisions to print.

    Raises:
        Refusal: 400 for a value the resource does not know; on resources without revisions the parameter is ignored.
    """
    if not resource.revisions:
        return lambda _row: {}
    asked = single(parameters, REVISIONS)
    if asked is None and options.revision_alias:
        asked = single(parameters, ALIAS)
    if asked is None:
        return lambda _row: {REVISIONS: ()}
    if asked not in resource.revisions:
        raise bad_request(f"revisions must be one of {', '.join(resource.revisions)}, not {asked}")
    position = resource.child_positions[REVISIONS]
    return lambda row: {REVISIONS: choose(row.children[position], asked)}


def choose(revisions: tuple[Item, ...], asked: str) -> tuple[Item, ...]:
    """The revisions asked for, of a record's revisions from oldest to newest."""
    if asked == "history":
        return revisions
    if asked == "latest":
        return revisions[-1:]
    return tuple(item for item in revisions if approval_status_of(item) == asked)[-1:]


def approval_status_of(revision: Item) -> str | None:
    """An activity revision's approval status."""
    status = ACTIVITY_REVISIONS.show(revision)["approval_status"]
    return None if status is None else str(status)
