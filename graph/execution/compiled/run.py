"""One execution of a compiled operation: what it waits for, and what resolvers see."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from graphql import Executor, GraphQLResolveInfo

from graph.context import GraphContext
from graph.execution.collector import BatchFunction, Collector
from graph.execution.compiled.column import Column
from graph.execution.compiled.place import Place
from resolvers.context import RequestContext


class Part(Protocol):
    """What becomes of one column of values: some parts are complete at once, some wait."""

    @property
    def waited(self) -> bool:
        """Whether any of it had to be waited for."""
        ...

    def fold(self) -> Column:
        """Return the completed column; called when nothing waits any more."""
        ...


Then = Callable[[Sequence[Any]], Part]


@dataclass(slots=True)
class Later:
    """A part whose values are waited for."""

    part: Part | None = None

    @property
    def waited(self) -> bool:
        """Say that it was."""
        return True

    def fold(self) -> Column:
        """Return the column of what the values became."""
        if self.part is None:
            raise RuntimeError("an answer was put together before its values had arrived")
        return self.part.fold()


@dataclass(frozen=True, slots=True)
class Question:
    """What a field's resolver asked the collector for."""

    function: BatchFunction
    args: Hashable


class _Listener(Collector):
    """A collector that loads nothing and remembers what it was asked."""

    def __init__(self, request: RequestContext) -> None:
        super().__init__(request)
        self.questions: list[Question] = []

    def load(self, function: BatchFunction, parent: object, args: Hashable, info: GraphQLResolveInfo[Any]) -> Any:
        del parent, info
        self.questions.append(Question(function, args))


_SETTLED: Final[set[type]] = set()
"""The classes that were met whose values are not awaited."""


def are_settled(values: Sequence[object]) -> bool:
    """Say whether none of the values is awaited; asked of every column, so classes are looked at once."""
    if _SETTLED.issuperset(map(type, values)):
        return True
    kinds = set(map(type, values))
    settled = {kind for kind in kinds if not hasattr(kind, "__await__")}
    _SETTLED.update(settled)
    return settled == kinds


class Run:
    """
    The state of one execution.

    Values are awaited side by side; whatever depends on them is started in the callback that brings them, so that
    relations which arrive in one tick ask for their own relations in one tick too, and share calls.
    """

    def __init__(self, executor: Executor[Any]) -> None:
        """Take graphql-core's executor of the operation, for its variables, its context and its rules."""
        self.executor = executor
        context: GraphContext = executor.context_value
        self.collector = context.collector
        self._listener = _Listener(context.request)
        self._listening = GraphContext(context.request, self._listener)
        self._infos: dict[Place, GraphQLResolveInfo[Any]] = {}
        self._waiting: set[asyncio.Future[Any]] = set()
        self._idle: asyncio.Future[None] | None = None

    def info(self, place: Place) -> GraphQLResolveInfo[Any]:
        """Return what the resolvers of a place are told, the same for all rows."""
        info = self._infos.get(place)
        if info is None:
            info = self._infos[place] = self.executor.build_resolve_info(
                place.definition, place.nodes, place.parent_type, place.path
            )
        return info

    def ask(self, place: Place, source: object) -> Question:
        """
        Let a batched field's own resolver turn its arguments into what its batch function takes.

        Raises:
            Exception: whatever the resolver refuses its arguments with.
        """
        self._listener.questions.clear()
        info = self.info(place)._replace(context=self._listening)
        place.call(source, info, place.arguments(self.executor))
        if len(self._listener.questions) != 1:
            raise RuntimeError(f"{place} is marked as batched and did not ask once")
        return self._listener.questions[0]

    def settle(self, values: Sequence[Any], then: Then) -> Part:
        """Go on with values, once those among them that are awaitable have become values or exceptions."""
        if are_settled(values):
            return then(values)
        places = [place for place, value in enumerate(values) if hasattr(value, "__await__")]
        awaitables: list[Awaitable[Any]] = [values[place] for place in places]
        together = asyncio.gather(*awaitables, return_exceptions=True)
        return self.after(together, lambda settled: then(_replace(values, places, settled)))

    def after(self, future: "asyncio.Future[Any]", then: Then) -> Part:
        """Go on with the sequence of values of a future, as soon as it has them."""
        later = Later()

        def resume(done: "asyncio.Future[Sequence[Any]]") -> None:
            self._waiting.discard(done)
            try:
                later.part = then(done.result())
            except BaseException as error:  # noqa: BLE001 - it ends the run, which waits for it
                self._end(error)
            if not self._waiting:
                self._end(None)

        self._waiting.add(future)
        future.add_done_callback(resume)
        return later

    async def finish(self) -> None:
        """Wait until nothing is waited for."""
        if self._waiting:
            self._idle = asyncio.get_running_loop().create_future()
            await self._idle

    def close(self) -> None:
        """Give up whatever is still waited for."""
        for future in self._waiting:
            future.cancel()

    def _end(self, error: BaseException | None) -> None:
        if self._idle is None or self._idle.done():
            return
        if error is None:
            self._idle.set_result(None)
        else:
            self._idle.set_exception(error)


def _replace(values: Sequence[Any], places: Sequence[int], settled: Sequence[Any]) -> list[Any]:
    """Return values with those at some places replaced; one that was cancelled, and did not fail, ends the run."""
    replaced = list(values)
    for place, value in zip(places, settled, strict=True):
        if isinstance(value, BaseException) and not isinstance(value, Exception):
            raise value
        replaced[place] = value
    return replaced
