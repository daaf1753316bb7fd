"""
Large inputs of mutations: read while others are served.

A field's resolver turns what graphql-core has coerced into what its batch function takes, which for thousands of items
lasts as long as many other requests together. It does so in a thread then, and asks a collector that only listens.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, update_wrapper
from typing import Any

from graphql import GraphQLResolveInfo, GraphQLSchema

from adapters.concurrency import FEW, work_aside
from graph.context import GraphContext
from graph.execution.collector import BatchFunction, Collector
from resolvers.context import RequestContext
from resolvers.selection import Selection

Resolve = Callable[..., Any]


def read_large_aside(schema: GraphQLSchema) -> None:
    """Let every mutation of a schema read a large input in a thread."""
    for field in schema.mutation_type.fields.values() if schema.mutation_type else ():
        if field.resolve is not None:
            field.resolve = update_wrapper(partial(_resolve, field.resolve), field.resolve)


def _resolve(resolve: Resolve, source: Any, info: GraphQLResolveInfo[GraphContext], **given: Any) -> Any:
    count, collector = _count(given), info.context.collector
    # a collector that only listens has nobody to serve, and wants the arguments
    if count <= FEW or type(collector) is not Collector:
        return resolve(source, info, **given)
    asking = _Asking(info.context.request)
    listening = info._replace(context=GraphContext(info.context.request, asking))
    return collector.load(_load, None, _Unread(asking, partial(resolve, source, listening, **given), count), info)


def _count(given: Mapping[str, Any]) -> int:
    """Return how many values the longest list of an input has."""
    values = given.get("input")
    lists = values.values() if isinstance(values, Mapping) else ()
    return max((len(each) for each in lists if isinstance(each, list)), default=0)


class _Asking(Collector):
    """A collector that loads nothing, and keeps what it was asked."""

    asked: tuple[BatchFunction, Hashable]

    def load(self, function: BatchFunction, parent: object, args: Hashable, info: GraphQLResolveInfo[Any]) -> Any:
        del parent, info
        self.asked = function, args


@dataclass(frozen=True, slots=True, eq=False)
class _Unread:
    """A mutation whose input is still to be read, which tells `asking` what to load."""

    asking: _Asking
    read: Callable[[], object]
    count: int


async def _load(parents: Sequence[Any], unread: _Unread, ctx: RequestContext, selection: Selection) -> Sequence[Any]:
    """Read an input and do what is asked; raises whatever it is refused with."""
    await work_aside(unread.count, unread.read)
    function, args = unread.asking.asked
    return await function(parents, args, ctx, selection)
