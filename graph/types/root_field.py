"""Fields of the root that find single records."""

from typing import Annotated, Any

import strawberry

from graph.execution.collector import BATCHED
from graph.types.connection_field import UNSET, build_args
from graph.types.relation import GraphInfo
from resolvers.lookups import LookupArgs
from resolvers.node import NodeArgs, NodesArgs

SourceId = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Look in this source only; otherwise in every source you can see."),
]
NodeId = Annotated[strawberry.ID, strawberry.argument(description="An id this graph returned.")]
NodeIds = Annotated[list[strawberry.ID], strawberry.argument(description="Ids this graph returned: at most 500.")]


def lookup(field_name: str, description: str, *, by: Any) -> Any:
    """Describe a field that finds one record by one value."""
    by_type = Annotated[
        tuple[str, str], strawberry.argument(description="What the record is found by.", graphql_type=by)
    ]

    def resolve(info: GraphInfo, by: by_type, source: SourceId = UNSET) -> Any:
        name, value = by
        return info.load("Query", field_name, None, build_args(LookupArgs, by=name, value=value, source=source))

    return strawberry.field(resolver=resolve, description=description, name=field_name, metadata={BATCHED: True})


def resolve_node(info: GraphInfo, id: NodeId) -> Any:  # noqa: A002 - the argument's name
    """Find a record by global id."""
    return info.load("Query", "node", None, NodeArgs(id))


def resolve_nodes(info: GraphInfo, ids: NodeIds) -> Any:
    """Find records by global ids."""
    return info.load("Query", "nodes", None, NodesArgs(tuple(ids)))
