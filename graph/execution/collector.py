"""
The per-tick collector: graphql-core asks for one parent at a time, batch functions answer many.

graphql-core walks a finished list without leaving the event loop: every item's fields are started before the next
callback runs. So the first request of a tick asks the loop to call back, and until then its siblings have arrived,
also those below other parents whose own batch ended in the same tick. The compiled executor asks for whole columns of
parents, and shares the same calls.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any, Final

from graphql import GraphQLResolveInfo

from adapters.errors import FacadeError
from adapters.records.tables import Shared
from graph.execution.selection import build_selection
from resolvers.context import FacadeErrorAt, RequestContext
from resolvers.pages import ConnectionRecord
from resolvers.selection import Selection

BatchFunction = Callable[[Sequence[Any], Any, RequestContext, Selection], Awaitable[Sequence[Any]]]

BATCHED: Final = "batched"
"""
Marks a field whose resolver does nothing but ask the collector: for the parent it is given, with arguments that are
made of the field's own alone. What it asks for one parent then holds for all of them.
"""


_VALUES: Final = (list, tuple, Shared)


@dataclass(slots=True, eq=False)
class _Batch:
    """The parents of one relation that asked in one tick, and who waits for how many of their values."""

    function: BatchFunction
    args: Hashable
    selection: Selection
    asked: list[Sequence[Any]] = field(default_factory=list)
    waiting: list[tuple[int, Callable[[Sequence[Any]], None]]] = field(default_factory=list)

    def join(self, parents: Sequence[Any], settle: Callable[[Sequence[Any]], None]) -> None:
        """Add parents; `settle` gets their values, in order."""
        self.asked.append(parents)
        self.waiting.append((len(parents), settle))

    async def run(self, request: RequestContext) -> None:
        """Call the batch function once and hand each parent its value; an error stays with those it belongs to."""
        # those of one question stay as they are, for they may be a table
        parents = self.asked[0] if len(self.asked) == 1 else list(chain.from_iterable(self.asked))
        try:
            values: object = await self.function(parents, self.args, request, self.selection)
        except Exception as error:  # noqa: BLE001 - whatever it is, it fails these parents and nobody else
            values = [error] * len(parents)
        if not isinstance(values, _VALUES) or len(values) != len(parents):
            # Values that cannot be told apart are given to nobody: a neighbour's data must never be shown.
            values = [self._unusable(values, len(parents)) for _ in parents]
        start = 0
        for count, settle in self.waiting:
            settle(values if count == len(values) else values[start : start + count])
            start += count

    def _unusable(self, values: object, wanted: int) -> RuntimeError:
        name = getattr(self.function, "__name__", "batch function")
        what = f"{len(values)} values" if isinstance(values, _VALUES) else type(values).__name__
        return RuntimeError(f"{name} gave {what} for {wanted} parents")


def find_gaps(value: object) -> Sequence[FacadeError]:
    """Return what a value cannot show; it is told beside the data, at the value's place in the response."""
    return value.gaps if isinstance(value, ConnectionRecord) else ()


def _settle_all(future: asyncio.Future[Sequence[Any]], values: Sequence[Any]) -> None:
    if not future.done():
        future.set_result(values)


class Collector:
    """Joins the calls of one relation that happen in one tick into one call; one collector per request."""

    def __init__(self, request: RequestContext) -> None:
        """Keep the request whose loaders, deadline and budget the batch functions use."""
        self._request = request
        self._waiting: dict[Hashable, _Batch] = {}
        self._running: set[asyncio.Task[None]] = set()

    def load(
        self, function: BatchFunction, parent: object, args: Hashable, info: GraphQLResolveInfo[Any]
    ) -> asyncio.Future[Any]:
        """
        Return the future value of a relation for one parent.

        Parents share a call when function, arguments and the selecting syntax are the same, so whatever a batch
        function reads off its selection holds for all of them.
        """
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        path = tuple(info.path.as_list())
        self._find_batch(function, args, info).join([parent], partial(self._settle, future, path))
        return future

    def load_all(
        self, function: BatchFunction, parents: Sequence[object], args: Hashable, info: GraphQLResolveInfo[Any]
    ) -> asyncio.Future[Sequence[Any]]:
        """
        Return the future values of a relation for many parents; those that failed are exceptions among them.

        What values cannot show is left to whoever knows their places.
        """
        future: asyncio.Future[Sequence[Any]] = asyncio.get_running_loop().create_future()
        self._find_batch(function, args, info).join(parents, partial(_settle_all, future))
        return future

    def close(self) -> None:
        """Stop what still runs or is about to, once the answer is complete or nobody waits for it any more."""
        self._waiting = {}
        for task in self._running:
            task.cancel()
        self._request.close()

    def _settle(self, future: asyncio.Future[Any], path: tuple[str | int, ...], values: Sequence[Any]) -> None:
        """Hand one parent its value, unless it was given up because a non-null neighbour failed."""
        if future.done():
            return
        (value,) = values
        if isinstance(value, Exception):
            future.set_exception(value)
            future.exception()  # read once: a parent that was given up meanwhile must not be reported as forgotten
        else:
            future.set_result(value)
            self._request.notices += [FacadeErrorAt(error, path) for error in find_gaps(value)]

    def _find_batch(self, function: BatchFunction, args: Hashable, info: GraphQLResolveInfo[Any]) -> _Batch:
        """Return the call of this tick that parents can join, or a new one."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._dispatch)
        key = (function, args, tuple(map(id, info.field_nodes)))
        batch = self._waiting.get(key)
        if batch is None:
            batch = self._waiting[key] = _Batch(function, args, build_selection(info))
        return batch

    def _dispatch(self) -> None:
        batches, self._waiting = self._waiting, {}
        for batch in batches.values():
            task = asyncio.get_running_loop().create_task(batch.run(self._request))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
