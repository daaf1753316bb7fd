"""What every resolver finds in `info.context`."""

from dataclasses import dataclass

from graph.execution.collector import Collector
from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class GraphContext:
    """
    One request, as resolvers see it: who asks and what it may spend, and the collector that batches its relations.

    Whoever executes the operation calls `collector.close()` when it is over.
    """

    request: RequestContext
    collector: Collector


def build_graph_context(request: RequestContext) -> GraphContext:
    """Give a request its own collector."""
    return GraphContext(request, Collector(request))
