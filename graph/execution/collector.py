"""
The per-tick collector: graphql-core asks for one parent at a time, batch functions answer many.

graphql-core walks a finished list without leaving the event loop: every item's fields are started before the next
callback runs. So the first request of a tick asks the loop to call back, and until then its siblings have arrived,
also those below other parents whose own batch ended in the same tick.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLResolveInfo
from graphql.pyutils import Path

from graph.execution.selection import build_selection
from resolvers.context import FacadeErrorAt, RequestContext
from resolvers.pages import ConnectionRecord
from resolvers.selection import Selection

BatchFunction = Callable[[Sequence[Any], Any, RequestContext, Selection], Awaitable[Sequence[Any]]]


@dataclass(slots=True, eq=False)
class _Batch:
    """The parents of one relation that asked in one tick, and the futures they wait for."""

    function: BatchFunction
    args: Hashable
    selection: Selection
    parents: list[Any] = field(default_factory=list)
    futures: list[asyncio.Future[Any]] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)

    async def run(self, request: RequestContext) -> None:
        """Call the batch function once and hand each parent its value; an error stays with those it belongs to."""
        try:
            values: object = await self.function(self.parents, self.args, request, self.selection)
        except Exception as error:  # noqa: BLE001 - whatever it is, it fails these parents and nobody else
            values = [error] * len(self.futures)
        if not isinstance(values, list | tuple) or len(values) != len(self.futures):
            # Values that cannot be told apart are given to nobody: a neighbour's data must never be shown.
            values = [self._unusable(values) for _ in self.futures]
        for future, value, path in zip(self.futures, values, self.paths, strict=True):
            if not future.done():  # cancelled, because a non-null neighbour failed
                _settle(future, value)
                request.notices += find_notices(value, path)

    def _unusable(self, values: object) -> RuntimeError:
        name = getattr(self.function, "__name__", "batch function")
        what = f"{len(values)} values" if isinstance(values, list | tuple) else type(values).__name__
        return RuntimeError(f"{name} gave {what} for {len(self.futures)} parents")


def find_notices(value: object, path: Path) -> list[FacadeErrorAt]:
    """Return what a value cannot show, as errors at its place in the response."""
    gaps = value.gaps if isinstance(value, ConnectionRecord) else ()
    return [FacadeErrorAt(error, tuple(path.as_list())) for error in gaps]


def _settle(future: asyncio.Future[Any], value: object) -> None:
    if isinstance(value, Exception):
        future.set_exception(value)
        future.exception()  # read once: a parent that was given up meanwhile must not be reported as forgotten
    else:
        future.set_result(value)


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
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._dispatch)
        key = (function, args, tuple(map(id, info.field_nodes)))
        batch = self._waiting.get(key)
        if batch is None:
            batch = self._waiting[key] = _Batch(function, args, build_selection(info))
        future: asyncio.Future[Any] = loop.create_future()
        batch.parents.append(parent)
        batch.futures.append(future)
        batch.paths.append(info.path)
        return future

    def close(self) -> None:
        """Stop what still runs or is about to, once the answer is complete or nobody waits for it any more."""
        self._waiting = {}
        for task in self._running:
            task.cancel()
        self._request.close()

    def _dispatch(self) -> None:
        batches, self._waiting = self._waiting, {}
        for batch in batches.values():
            task = asyncio.get_running_loop().create_task(batch.run(self._request))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
