"""
Changes of audiences, by internal or by external ids: read whole, then made, so that a refused one changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .calls import MAX_CHANGES
from .refusals import not_found, refuse_value
from .store import Audience, Profile, Store

_NAMES = ("adds", "deletes")


@dataclass(frozen=True, slots=True)
class Changes:
    """The audiences one profile joins and leaves."""

    adds: tuple[Audience, ...] = ()
    deletes: tuple[Audience, ...] = ()

    def __len__(self) -> int:
        """How many there are."""
        return len(self.adds) + len(self.deletes)

    def make(self, store: Store, profile: Profile) -> None:
        """Make them; what is in both is left."""
        for audience in self.adds:
            store.join(profile, audience)
        for audience in self.deletes:
            store.leave(profile, audience)


def read_changes(store: Store, given: Any, *, external: bool = False, whole: bool = False) -> Changes:
    """
    Read `{adds, deletes}`; both must be there where `whole` says so (the Integration API, not the CDP one).

    Raises:
        Refusal: 400 for a wrong shape; 404 for an audience that is not there (this sandbox's choice: vendors/facts.md,
            8.5 has no answer).
    """
    if not isinstance(given, dict):
        raise refuse_value("Invalid type", "audiencesChanges must be an object.", pointer="/audiencesChanges")
    if whole and not {"adds", "deletes"} <= given.keys():
        raise refuse_value("Unknown", "adds and deletes are both required.", pointer="/audiencesChanges")
    return Changes(
        *(tuple(_find(store, each, external=external) for each in _read_list(given, name)) for name in _NAMES)
    )


def check_amount(changes: Sequence[Changes]) -> None:
    """Refuse more than 1000 changes in one request. Source: T1-OAS-3P, the note on data."""
    if sum(map(len, changes)) > MAX_CHANGES:
        text = f"The total number of adds and deletes must not exceed {MAX_CHANGES}."
        raise refuse_value("Invalid type", text, pointer="/data")


def _read_list(given: dict[str, Any], name: str) -> list[Any]:
    found = given.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise refuse_value("Invalid type", f"{name} must be a list.", pointer=f"/{name}")
    return found


def _find(store: Store, given: Any, *, external: bool) -> Audience:
    found: Audience | None = None
    if external and isinstance(given, str):
        found = store.find_external(given)
    elif not external and type(given) is int:
        found = store.audiences.get(given)
    else:
        raise refuse_value("Invalid type", "This is no ID of an audience.", pointer="/adds")
    if found is None:
        raise not_found()
    return found
