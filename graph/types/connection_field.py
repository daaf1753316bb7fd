"""Connection fields: their arguments, and the step from them to what batch functions take."""

from typing import Annotated, Any, Final, TypeVar

import strawberry

from adapters.filters.order import Order
from adapters.filters.tree import Filter
from graph.execution.collector import BATCHED
from graph.types.enums import MemberState
from graph.types.relation import GraphInfo
from resolvers.list import MembersArgs
from resolvers.pages import ConnectionArgs

A = TypeVar("A")
UNSET: Any = strawberry.UNSET

SourceId = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Ask this source only; otherwise every source you can see, one after the other."),
]
First = Annotated[
    int | None,
    strawberry.argument(
        description="How many records to read forwards: 25 if not said, at most 100 unless the operator allows more."
    ),
]
After = Annotated[str | None, strawberry.argument(description="Go on after this cursor.")]
Last = Annotated[
    int | None,
    strawberry.argument(description="How many records to read backwards, where the source can; not with `first`."),
]
Before = Annotated[str | None, strawberry.argument(description="Go on before this cursor; only with `last`.")]
State = Annotated[
    MemberState, strawberry.argument(description="Whether people on the list now, or past ones, are meant.")
]

_FILTER: Final = "Only records that match."
_ORDER: Final = "The order; by id where not said. Other orders need one source."


def build_args(kind: type[A], **given: Any) -> A:
    """Build a batch function's arguments from those a client gave."""
    return kind(**{name: value for name, value in given.items() if value is not UNSET})


def root_connection(field_name: str, description: str, *, filter_input: Any, order_input: Any) -> Any:
    """Describe a connection over every source."""
    filter_type, order_type = _annotate(filter_input, order_input)

    def resolve(  # noqa: PLR0917 - GraphQL passes them by name
        info: GraphInfo,
        source: SourceId = UNSET,
        filter: filter_type = UNSET,  # type: ignore[valid-type]  # noqa: A002 - both: named and typed by the schema
        order_by: order_type = UNSET,  # type: ignore[valid-type] # made from an input type
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> Any:
        args = build_args(
            ConnectionArgs,
            source=source,
            filter=filter,
            order=order_by,
            first=first,
            after=after,
            last=last,
            before=before,
        )
        return info.load("Query", field_name, None, args)

    return strawberry.field(resolver=resolve, description=description, metadata={BATCHED: True})


def child_connection(type_name: str, field_name: str, description: str, *, filter_input: Any, order_input: Any) -> Any:
    """Describe a connection below a record."""
    filter_type, order_type = _annotate(filter_input, order_input)

    def resolve(  # noqa: PLR0917 - GraphQL passes them by name
        root: strawberry.Parent[Any],
        info: GraphInfo,
        filter: filter_type = UNSET,  # type: ignore[valid-type]  # noqa: A002 - both: named and typed by the schema
        order_by: order_type = UNSET,  # type: ignore[valid-type] # made from an input type
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> Any:
        args = build_args(
            ConnectionArgs, filter=filter, order=order_by, first=first, after=after, last=last, before=before
        )
        return info.load(type_name, field_name, root, args)

    return strawberry.field(resolver=resolve, description=description, metadata={BATCHED: True})


def members_connection(description: str, *, filter_input: Any, order_input: Any) -> Any:
    """Describe the members of a list, who are asked for by the state of their membership too."""
    filter_type, order_type = _annotate(filter_input, order_input)

    def resolve(  # noqa: PLR0917 - GraphQL passes them by name
        root: strawberry.Parent[Any],
        info: GraphInfo,
        state: State = MemberState.ANY,
        filter: filter_type = UNSET,  # type: ignore[valid-type]  # noqa: A002 - both: named and typed by the schema
        order_by: order_type = UNSET,  # type: ignore[valid-type] # made from an input type
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
    ) -> Any:
        args = build_args(
            MembersArgs,
            state=state,
            filter=filter,
            order=order_by,
            first=first,
            after=after,
            last=last,
            before=before,
        )
        return info.load("SubscriberList", "members", root, args)

    return strawberry.field(resolver=resolve, description=description, metadata={BATCHED: True})


def _annotate(filter_input: Any, order_input: Any) -> tuple[Any, Any]:
    """Annotate the arguments whose GraphQL inputs arrive here as a filter tree and an order."""
    return (
        Annotated[Filter | None, strawberry.argument(description=_FILTER, graphql_type=filter_input | None)],
        Annotated[Order | None, strawberry.argument(description=_ORDER, graphql_type=order_input | None)],
    )
