"""
What one request carries: who asks, which sources it sees, what it may spend, and its loaders.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.calls import CallScope
from adapters.contract import Source
from adapters.errors import CapabilityError, FacadeError, InputError
from adapters.records import Entity
from resolvers.loaders.loader import Loader
from resolvers.loaders.parts import PartsLoader
from resolvers.loaders.record import RecordByIdLoader, RecordsByValueLoader
from resolvers.loaders.revisions import RevisionsLoader
from resolvers.loaders.statistics import StatisticsLoader
from resolvers.policy.masking import mask_source
from resolvers.principal import Principal, Scope
from resolvers.selection import Selection, Together

if TYPE_CHECKING:
    from resolvers.writes.desk import WriteDesk

T = TypeVar("T")
L = TypeVar("L", bound=Loader[Any, Any])


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """
    What a read may ask for.

    `default_first` and `max_first` are rows per page; `scan_calls` and `scan_rows` what one connection page may spend
    where rows are checked here; `max_nodes` the ids of one `nodes` or `_entities`; `max_values` the estimated values of
    one response.
    """

    default_first: int = 25
    max_first: int = 100
    scan_calls: int = 10
    scan_rows: int = 2000
    max_nodes: int = 500
    max_values: int = 50_000


@dataclass(frozen=True, slots=True)
class FacadeErrorAt:
    """An error that stands beside data: what failed, and the response path of the field that lost a part by it."""

    error: FacadeError
    path: tuple[str | int, ...]


@dataclass(kw_only=True)
class RequestContext:
    """
    One request's context; build it inside the running loop, once per request.

    `sources` are all configured ones when it is built, and only those the principal sees from then on; without the
    `pii` scope each of them answers masked records only, so that nothing read through a context can hold more.
    `notices` are errors to add to the response beside its data. `find_desk` finds who carries out writes;
    None where nobody does.
    """

    operation_id: str
    principal: Principal
    sources: Mapping[str, Source]
    scope: CallScope
    limits: ReadLimits = field(default_factory=ReadLimits)
    notices: list[FacadeErrorAt] = field(default_factory=list)
    find_desk: "Callable[[], Awaitable[WriteDesk]] | None" = None
    _by_id: dict[Entity, RecordByIdLoader] = field(default_factory=dict, init=False, repr=False)
    _by_value: dict[Entity, RecordsByValueLoader] = field(default_factory=dict, init=False, repr=False)
    _loaders: list[Loader[Any, Any]] = field(default_factory=list, init=False, repr=False)
    _shared: "dict[Hashable, asyncio.Task[Any]]" = field(default_factory=dict, init=False, repr=False)
    _asking: dict[Hashable, list[Selection]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep what the principal sees, as it may see it."""
        seen = {name: source for name, source in self.sources.items() if self.principal.sees(name)}
        masked = not self.principal.holds(Scope.PII)
        self.sources = {name: mask_source(source) if masked else source for name, source in sorted(seen.items())}

    def source(self, name: str, path: tuple[str | int, ...] = ("source",)) -> Source:
        """Return a source the principal sees, named at `path`; an unknown and an invisible one look alike."""
        found = self.sources.get(name)
        if found is None:
            known = ", ".join(self.sources) or "none"
            raise InputError(
                "There is no such source.",
                reason="SOURCE_UNKNOWN",
                hint=f"Sources you can use: {known}.",
                path=path,
            )
        return found

    async def desk(self) -> "WriteDesk":
        """Return who carries out writes; raises `CapabilityError` where nobody does."""
        if self.find_desk is None:
            raise CapabilityError(
                "This server keeps no ledger and so writes nothing.", hint="Ask the operator for one."
            )
        return await self.find_desk()

    async def share(self, key: Hashable, read: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Read once what several places of the operation ask alike; they share the value, or the error."""
        if key not in self._shared:
            self._shared[key] = asyncio.get_running_loop().create_task(read())
        value: T = await self._shared[key]
        return value

    async def share_page(
        self, key: Hashable, selection: Selection, read: Callable[[Selection], Coroutine[Any, Any, T]]
    ) -> T:
        """Read once, with all that is selected at any of them, what places of the operation ask alike in one tick."""
        asking = self._asking.setdefault(key, [])
        asking.append(selection)
        return await self.share(key, lambda: read(Together(asking)))

    def by_id(self, entity: Entity) -> RecordByIdLoader:
        """Return the loader of one kind of record by vendor id."""
        if entity not in self._by_id:
            self._by_id[entity] = self._keep(RecordByIdLoader(entity, self.sources, self.scope))
        return self._by_id[entity]

    def by_value(self, entity: Entity) -> RecordsByValueLoader:
        """Return the loader of one kind of record by the value of a text field, exactly as the vendor stores it."""
        if entity not in self._by_value:
            self._by_value[entity] = self._keep(RecordsByValueLoader(entity, self.sources, self.scope))
        return self._by_value[entity]

    @cached_property
    def revisions(self) -> RevisionsLoader:
        """Saved revisions of records that came without them."""
        return self._keep(RevisionsLoader(self.sources, self.scope))

    @cached_property
    def parts(self) -> PartsLoader:
        """Parts of records that cost calls of their own."""
        return self._keep(PartsLoader(self.sources, self.scope))

    @cached_property
    def statistics(self) -> StatisticsLoader:
        """Statistics by question."""
        return self._keep(StatisticsLoader(self.sources, self.scope))

    def forget(self) -> None:
        """Forget what was read, after a write: what is read next is read anew."""
        self._by_id.clear()
        self._by_value.clear()
        self._shared.clear()
        self.scope.kept.clear()
        for name in ("revisions", "parts", "statistics"):
            self.__dict__.pop(name, None)

    def close(self) -> None:
        """Give up every read that still runs, once nobody waits for it any more, and let go of what was read."""
        for task in self._shared.values():
            task.cancel()
        for loader in self._loaders:
            loader.close()
        self._loaders.clear()
        self._asking.clear()
        self.forget()  # whoever keeps the context, as graphql-core's executor does in a cycle, must not keep the rows

    def _keep(self, loader: L) -> L:
        self._loaders.append(loader)
        return loader
