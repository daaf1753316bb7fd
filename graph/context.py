"""What every resolver finds in `info.context`."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from adapters.errors import FilterError
from adapters.filters.tree import Filter
from graph.execution.collector import Collector
from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class GraphContext:
    """
    One request, as resolvers see it: who asks and what it may spend, and the collector that batches its relations.

    `filters` are those that variables brought, as they were read or refused. Whoever executes
    the operation calls `collector.close()` when it is over.
    """

    request: RequestContext
    collector: Collector
    filters: dict[Hashable, Filter | FilterError] = field(default_factory=dict, init=False, repr=False)


def build_graph_context(request: RequestContext) -> GraphContext:
    """Give a request its own collector."""
    return GraphContext(request, Collector(request))
