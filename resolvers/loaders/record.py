"""
How records of any kind are loaded: grouped by source, matched by key, one exception value per failed key.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from adapters.calls import CallScope
from adapters.concurrency import gather, settle
from adapters.contract import Loaded, Source
from adapters.errors import CapabilityError, FacadeError
from adapters.filters.fields import to_word
from adapters.records import Entity, Record
from resolvers.loaders.keys import PartKey, RecordsKey, RevisionsKey, StatisticsKey, ValueKey
from resolvers.loaders.loader import Loader
from resolvers.parts import find_read_fields

AnyKey = RecordsKey | ValueKey | RevisionsKey | StatisticsKey | PartKey
K = TypeVar("K", RecordsKey, ValueKey, RevisionsKey, StatisticsKey, PartKey)
P = TypeVar("P")
Found = tuple[Record, ...] | FacadeError


class RecordByIdLoader(Loader[RecordsKey, Mapping[str, Loaded]]):
    """
    Load records of one kind by source and ids: for each id its record, None where there is none.

    A key stands for all ids that one place of the operation refers to, so that a hundred of them cost no more than one.
    What is loaded or on its way is not asked for again, whichever place asks.
    """

    def __init__(self, entity: Entity, sources: Mapping[str, Source], scope: CallScope) -> None:
        """Keep the sources a request sees; must run inside its loop."""
        super().__init__()
        self.entity = entity
        self._sources = sources
        self._scope = scope
        self._loaded: defaultdict[str, dict[str, Loaded]] = defaultdict(dict)
        self._coming: defaultdict[str, dict[str, asyncio.Future[None]]] = defaultdict(dict)
        self._held: dict[RecordsKey, dict[str, Loaded]] = {}
        self._brought: list[tuple[Iterable[Record], frozenset[str]]] = []
        self._rows: dict[tuple[str, str], tuple[Record, frozenset[str]]] = {}
        self._lacking: dict[str, frozenset[str]] = {}

    async def fetch_batch(self, keys: list[RecordsKey]) -> list[Mapping[str, Loaded]]:
        """Ask each source once for all ids, side by side; a mapping may hold other ids too."""
        groups = group_keys(keys, lambda key: key.source)
        await gather([self._fetch(name, group) for name, group in groups.items()])
        return [
            self._loaded[key.source] | held if (held := self._held.pop(key, None)) else self._loaded[key.source]
            for key in keys
        ]

    async def _fetch(self, name: str, keys: Sequence[RecordsKey]) -> None:
        """Load what is neither there nor on its way, then wait for what is; who brought it may have failed to."""
        loaded, coming = self._loaded[name], self._coming[name]
        fresh, asking = _choose_fresh(keys, loaded.keys() | coming.keys())
        if fresh:
            await self._bring(name, fresh, asking)
        awaited = {coming[id_] for key in keys for id_ in key.ids if id_ in coming} if coming else ()
        if awaited:
            await asyncio.wait(awaited)
            await self._fetch(name, keys)

    async def _bring(self, name: str, ids: Sequence[str], keys: Sequence[RecordsKey]) -> None:
        arrived, coming = self.loop.create_future(), self._coming[name]
        coming.update(dict.fromkeys(ids, arrived))
        try:
            found = await self._ask(name, ids, keys)
            self._loaded[name].update({id_: found.get(id_) for id_ in ids})
        finally:
            for id_ in ids:
                del coming[id_]
            arrived.set_result(None)

    async def _ask(self, name: str, ids: Sequence[str], keys: Sequence[RecordsKey]) -> Mapping[str, Loaded]:
        source = self._sources[name]
        if self.entity not in source.capability.entities:
            return dict.fromkeys(ids, refuse_kind(source, self.entity))
        parts = frozenset[str]().union(*(key.parts for key in keys))
        try:
            return await source.adapter.fetch_by_ids(
                self.entity, ids, self._scope, parts=parts, purpose=name_purposes(keys), fields=_name_read(keys)
            )
        except FacadeError as error:
            return dict.fromkeys(ids, error)

    def prime_rows(self, records: Iterable[Record], parts: frozenset[str] = frozenset()) -> None:
        """
        Remember rows that a page brought, so that a later look-up of one costs nothing where they hold enough.

        `parts` are the costly parts that they were asked for with.
        """
        self._brought.append((records, parts))

    def load(self, key: RecordsKey) -> asyncio.Future[Mapping[str, Loaded]]:
        """Return the future records of a key; only now are the rows of pages told apart, which few operations need."""
        if self._brought:
            self._rows |= {(row.source, row.id): (row, parts) for rows, parts in self._brought for row in rows}
            self._brought = []
        if not self._rows or key in self._cache:  # a batch that ends finds the futures of its own keys
            return super().load(key)
        held: dict[str, Loaded] = {id_: row for id_ in key.ids if (row := self._find_row(key, id_)) is not None}
        if len(held) < len(key.ids):
            rest = replace(key, ids=[id_ for id_ in key.ids if id_ not in held])
            self._held[rest] = held
            return super().load(rest)
        found: asyncio.Future[Mapping[str, Loaded]] = self.loop.create_future()
        found.set_result(held)
        return found

    def _find_row(self, key: RecordsKey, id_: str) -> Record | None:
        """Return a row of a page that will do for a key; what was loaded by id is never less."""
        row, parts = self._rows.get((key.source, id_), (None, frozenset[str]()))
        known = id_ in self._loaded[key.source] or id_ in self._coming[key.source]
        return row if row is not None and not known and self._holds_enough(key, parts) else None

    def _holds_enough(self, key: RecordsKey, parts: frozenset[str]) -> bool:
        """
        Say whether a list row that came with some parts holds whatever is selected.

        Where nobody knows what is selected, it is everything that can be.
        """
        able = self._sources[key.source].capability.entities.get(self.entity)
        apart = able.parts_in_rows if able else frozenset()
        if not (apart if key.fields is None else apart & key.parts) <= parts:
            return False
        lacking = self._find_lacking(key.source)
        return not lacking or (key.fields is not None and lacking.isdisjoint(key.fields))

    def _find_lacking(self, source: str) -> frozenset[str]:
        """Name, as they are selected, the fields that list rows of a source do not hold."""
        if source not in self._lacking:
            able = self._sources[source].capability.entities.get(self.entity)
            names = able.missing_in_rows if able else frozenset()
            self._lacking[source] = frozenset(word for name in names for word in _name_fields(name.partition(".")[0]))
        return self._lacking[source]


def _choose_fresh(keys: Sequence[RecordsKey], known: Collection[str]) -> tuple[Sequence[str], Sequence[RecordsKey]]:
    """Return the ids that are not known yet, and the keys that ask for them first."""
    if len(keys) == 1 and not known:
        return keys[0].ids, keys
    fresh: dict[str, None] = {}
    asking = []
    for key in keys:
        ids = [id_ for id_ in key.ids if id_ not in known and id_ not in fresh]
        fresh.update(dict.fromkeys(ids))
        asking += [key] if ids else []
    return list(fresh), asking


def _name_read(keys: Sequence[RecordsKey]) -> frozenset[str] | None:
    """Name the fields that will be read of records, None where one of those who ask does not say."""
    selected = [key.fields for key in keys if key.fields is not None]
    return find_read_fields(frozenset().union(*selected)) if len(selected) == len(keys) else None


def _name_fields(name: str) -> Iterator[str]:
    """Name the fields of a type that need one of its record: itself, what an id refers to, what an opt-out decides."""
    word = to_word(name) if name != "custom_fields" else "customFields"
    yield word
    if name.endswith("_id"):
        yield word.removesuffix("Id")
    if name in _OPT_OUTS:
        yield "subscription"


_OPT_OUTS: Final = frozenset({"unsubscribed_at", "bounced_at"})


class RecordsByValueLoader(Loader[ValueKey, Found]):
    """Load all records of one kind whose text field has a value, by (source, field, value)."""

    def __init__(self, entity: Entity, sources: Mapping[str, Source], scope: CallScope) -> None:
        """Keep the sources a request sees; must run inside its loop."""
        super().__init__()
        self.entity = entity
        self._sources = sources
        self._scope = scope

    async def fetch_batch(self, keys: list[ValueKey]) -> list[Found]:
        """Ask each source once per field for all its values, side by side."""
        groups = group_keys(keys, lambda key: (key.source, key.name))
        replies = await gather([self._fetch(place, name, group) for (place, name), group in groups.items()])
        found = {key: value for reply in replies for key, value in reply.items()}
        return [found[key] for key in keys]

    async def _fetch(self, place: str, name: str, keys: Sequence[ValueKey]) -> Mapping[ValueKey, Found]:
        source = self._sources[place]
        if self.entity not in source.capability.entities:
            return dict.fromkeys(keys, refuse_kind(source, self.entity))
        values = list(dict.fromkeys(key.value for key in keys))
        parts = frozenset().union(*(key.parts for key in keys))
        try:
            reply = await source.adapter.fetch_by_values(
                self.entity, name, values, self._scope, parts=parts, purpose=name_purposes(keys)
            )
        except FacadeError as error:
            return dict.fromkeys(keys, error)
        return {key: reply.get(key.value, ()) for key in keys}


def refuse_kind(source: Source, entity: Entity) -> CapabilityError:
    """Build the error for a kind of record that a source does not hold, and is never asked for."""
    return CapabilityError(f"The source {source.name} holds no {entity.plural}.", hint="Name another source.")


def group_keys(keys: Sequence[K], place: Callable[[K], P]) -> dict[P, list[K]]:
    """Put keys of one place together, in the order they came."""
    groups: dict[P, list[K]] = {}
    for key in keys:
        groups.setdefault(place(key), []).append(key)
    return groups


def name_purposes(keys: Sequence[AnyKey]) -> str:
    """Name every place in the operation that a call serves."""
    return ", ".join(dict.fromkeys(key.purpose for key in keys if key.purpose))


async def load_all(loader: Loader[Any, Any], keys: Iterable[AnyKey | None]) -> list[Any]:
    """
    Load keys in order; None for no key, an exception value for a failed one.

    Only errors that may speak to a caller become values; anything else is a bug and is raised.
    """
    futures = [None if key is None else loader.load(key) for key in keys]
    await settle([future for future in futures if future is not None])
    return [None if future is None else _settle(future) for future in futures]


def _settle(future: asyncio.Future[Any]) -> Any:
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, FacadeError):
        return error
    raise error
