"""
A write that is checked and not yet sent: its steps, what it changes, and how it is looked for afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from adapters.errors import InputError
from adapters.recipes import Recipe, Step
from adapters.records import Entity

from .endpoints import build_items
from .outcomes import Verdicts
from .present import tell_present
from .settings import TaguchiV5Settings
from .wire import Row

CHUNK: Final = 100
"""The most items one call takes here; how many an endpoint takes is not documented."""

SUBSCRIBER_PATH: Final = "subscriber"
LOG: Final = "Look at Settings > Integrations > this integration > View Status at Taguchi"
"""Source: taguchi-v5-integration.txt, Viewing Logs in the UI."""


@dataclass(frozen=True, slots=True)
class LookBack:
    """How the record a write was about is found again: its kind, and what identifies it."""

    entity: Entity
    identity: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    A write that can be shown and sent.

    `look_back` is None where nothing can be read; `before`, `after` and `warnings` are for a dry run.
    """

    recipe: Recipe
    look_back: LookBack | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    skipped: Mapping[int, str] = field(default_factory=dict)


def build_single(
    settings: TaguchiV5Settings,
    path: str,
    item: Row,
    touches: Sequence[Entity],
    check: str,
    *,
    known_by: Mapping[str, str] | None = None,
    repeatable: bool = True,
) -> Recipe:
    """
    Build the recipe of one item, with the words by which Taguchi may tell of it.

    What is `repeatable` is sent again where the endpoint surely drops a repetition.

    Raises:
        InputError: it cannot be encoded.
    """
    safe = repeatable and settings.drops_repetitions
    verdicts = Verdicts(settings.webhook_mode)
    step = Step(
        name=next(iter(item)),
        build=lambda found: build_items(path, tell_present([item], found), "", safe=safe),
        read=verdicts.read_one,
        repeatable=safe,
        known_by=known_by or {},
    )
    return Recipe(steps=(step,), touches=frozenset(touches), check=check)


def build_bulk(
    settings: TaguchiV5Settings,
    items: Mapping[int, Row],
    touches: Sequence[Entity],
    check: str,
    *,
    repeatable: bool = True,
) -> Recipe:
    """
    Build the recipe of many items by their places: calls of at most `CHUNK`, none of which hangs on another.

    What is `repeatable` is sent again where the endpoint surely drops a repetition.

    Raises:
        InputError: there are none, or some cannot be encoded.
    """
    if not items:
        raise InputError("There is nothing to send.", path=("input",))
    places = list(items)
    chunks = [places[start : start + CHUNK] for start in range(0, len(places), CHUNK)]
    safe = repeatable and settings.drops_repetitions
    steps = tuple(_build_chunk(settings, chunk, [items[place] for place in chunk], safe=safe) for chunk in chunks)
    return Recipe(steps=steps, touches=frozenset(touches), independent=True, check=check)


def _build_chunk(settings: TaguchiV5Settings, places: Sequence[int], items: Sequence[Row], *, safe: bool) -> Step:
    return Step(
        name=f"{next(iter(items[0]))}s {places[0]}-{places[-1]}",
        build=lambda found: build_items(SUBSCRIBER_PATH, tell_present(items, found), "", safe=safe),
        read=partial(Verdicts(settings.webhook_mode).read_many, places=tuple(places)),
        repeatable=safe,
        places=tuple(places),
    )
