"""
Which sources a place of an operation can read from: below others, those that its records come from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from adapters.records import Entity
from graph.execution.costs import Load
from resolvers.context import RequestContext
from resolvers.lookups import LookupArgs, place_lookup
from resolvers.node import TYPE_ENTITIES
from resolvers.relations import RELATIONS
from resolvers.writes.arguments import WriteArgs

_PARENTS: Final[Mapping[str, Entity]] = {
    **TYPE_ENTITIES,
    "FeedEvent": Entity.FEED_EVENT,
    "Unsubscribe": Entity.UNSUBSCRIBE,
}
"""The kind of record behind each type with relations of its own."""


@dataclass(slots=True)
class Reach:
    """
    The sources that each place was found to read from, by its path.

    A record leads to others of its own source only, so whatever stands below a place reads from the same ones.
    """

    request: RequestContext
    _known: dict[str, frozenset[str]] = field(default_factory=dict, init=False)
    _begins: dict[str, int] = field(default_factory=dict, init=False)

    def note(self, load: Load, names: Iterable[str], least: int | None = None) -> None:
        """Remember which sources a place reads from, and with how many calls it begins where that is planned."""
        self._known[load.path] = frozenset(names)
        if least is not None:
            self._begins[load.path] = least

    def weigh(self, load: Load) -> Load:
        """Return a place with the calls it begins with as its least; one that begins with none makes none."""
        least = self._begins.get(load.path)
        return load if least is None else replace(load, least=least, most=max(load.most, least) if least else 0)

    def narrow(self, load: Load) -> RequestContext:
        """Return the request as a place sees it: with the sources that its parents come from."""
        names = self._find(load.path.split("."))
        entity = _PARENTS.get(load.type_name)
        sources = {
            name: source
            for name, source in self.request.sources.items()
            if (names is None or name in names) and (entity is None or entity in source.capability.entities)
        }
        return replace(self.request, sources=sources)

    def _find(self, path: list[str]) -> frozenset[str] | None:
        """Return the sources of the nearest place above; None where there is none."""
        above = (".".join(path[:length]) for length in range(len(path) - 1, 0, -1))
        return next((self._known[each] for each in above if each in self._known), None)


def name_sources(load: Load, asked: Any, request: RequestContext) -> Iterable[str]:
    """
    Name the sources a place asks by its arguments: the one that is named, or that of the id.

    Raises:
        InputError: the arguments are refused.
    """
    entity = RELATIONS[load.type_name, load.field_name].reads
    if isinstance(asked, LookupArgs) and entity is not None:
        return place_lookup(entity, asked, request)
    named = asked.command.source if isinstance(asked, WriteArgs) else getattr(asked, "source", None)
    return (named,) if named else request.sources
