"""
Saved revisions: which of them a call brings along.

Source: taguchi-v4-api.txt, Activity Resource and Template Resource, `revisions`; without it, none are returned.
"""

from collections.abc import Mapping
from typing import Final

from adapters.records import Entity, RevisionChoice

OFFERED: Final[Mapping[Entity, tuple[RevisionChoice, ...]]] = {
    Entity.ACTIVITY: tuple(RevisionChoice),
    Entity.TEMPLATE: (RevisionChoice.LATEST, RevisionChoice.HISTORY),
}
"""The values each resource's parameter takes."""


def choose_revisions(entity: Entity, parts: frozenset[str]) -> RevisionChoice | None:
    """
    Choose what one call brings of the parts that were asked for; None where it is no revisions.

    A call carries one value. Nothing tells how the vendor's choices are made of its history, so of several the first
    is taken, its records say which, and the others are read again.
    """
    return next((choice for choice in OFFERED.get(entity, ()) if choice.part in parts), None)
