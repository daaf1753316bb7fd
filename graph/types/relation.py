"""Relation fields: what a batch function answers, through the request's collector."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import strawberry
from strawberry.types.info import Info

from graph.context import GraphContext
from graph.execution.collector import BATCHED
from graph.execution.selection import build_selection
from resolvers.relations import RELATIONS


class GraphInfo(Info[GraphContext, None]):
    """What a resolver knows of the operation; needs nothing of the executor but graphql-core's own info."""

    def load(self, type_name: str, field_name: str, parent: object, args: Hashable = None) -> Any:
        """Return the future value of a relation of `type_name` for one parent."""
        batch = RELATIONS[type_name, field_name].batch
        return self.context.collector.load(batch, parent, args, self._raw_info)

    def batch(self, type_name: str, field_name: str, parents: Sequence[object]) -> Any:
        """Return the awaitable values of a relation for parents that are all known already."""
        batch = RELATIONS[type_name, field_name].batch
        return batch(parents, None, self.context.request, build_selection(self._raw_info))


def relation(type_name: str, field_name: str, description: str) -> Any:
    """Describe a relation without arguments."""

    def resolve(root: strawberry.Parent[Any], info: GraphInfo) -> Any:
        return info.load(type_name, field_name, root)

    return strawberry.field(resolver=resolve, description=description, name=field_name, metadata={BATCHED: True})


def local(read: Callable[[Any], Any], description: str, *, name: str | None = None) -> Any:
    """Describe a field that is worked out from its record without waiting for anything."""

    def resolve(root: strawberry.Parent[Any]) -> Any:
        return read(root)

    return strawberry.field(resolver=resolve, description=description, name=name)


def plain(description: str, *, name: str | None = None) -> Any:
    """Describe a field that is an attribute of its record."""
    return strawberry.field(description=description, name=name)
