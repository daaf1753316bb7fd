"""
What an operation costs in vendor calls and values, worked out from its syntax and page sizes before any call.

Both numbers are estimates. `least` is what is made when pages are full and ids stand close together, so that loaders
need the fewest calls; pages that hold fewer rows need fewer still. `most` assumes the worst everywhere, and the whole
call budget below lists whose length nothing bounds. The first is what an operation is refused for, the second is what
the call budget stops at run time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from graphql import (
    Executor,
    FieldNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetails, collect_fields
from graphql.execution.values import get_argument_values

from adapters.contract import Source
from graph.errors import Code, refuse_document
from graph.execution.statistics_costs import count_series, count_statistics
from resolvers.context import RequestContext
from resolvers.email_check import check_email
from resolvers.relations import RELATIONS, Relation, Shape
from resolvers.roles import find_email_checker, find_people_finder

PAGES: Final = frozenset({Shape.PAGE, Shape.CHILDREN, Shape.MEMBERS, Shape.LEDGER})
ROWS: Final = frozenset({"nodes", "edges"})
ALONE: Final = ("orderBy", "after", "before", "last")
"""Arguments with which each parent's page is read by itself."""

_READS_BY_VALUE: Final = 2
"""Calls that find a value at one source: a reply that may have been cut is followed by one more."""

_ONCE: Final = {Shape.PAGE: (1, 1), Shape.WRITE: (1, 1), Shape.LOOK: (0, 1), Shape.LEDGER: (0, 0)}
"""Calls of what is asked once, whatever it stands below: the least, and the most in scan budgets."""

OWN_LENGTH: Final = 5
"""Values that each entry of a record's own list stands for: how many there are, nothing says before the call."""

RELATED: Final = 10
"""Values that a record reached by a relation takes the time of."""

Question = tuple[str, Mapping[str, Any]]
"""A field and its arguments."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one place of the operation reads: below how many records, and in how many vendor calls."""

    path: str
    type_name: str
    field_name: str
    shape: Shape
    parents: int
    least: int
    most: int
    nodes: tuple[FieldNode, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """The values of a response or of a part of it, and the places that read."""

    values: int = 0
    loads: tuple[Load, ...] = ()

    def __add__(self, other: "Cost") -> "Cost":
        """Lay two parts side by side."""
        return Cost(self.values + other.values, self.loads + other.loads)

    @property
    def least(self) -> int:
        """The vendor calls all places together make with full pages and near ids."""
        return sum(load.least for load in self.loads)

    @property
    def most(self) -> int:
        """The vendor calls they make at the worst."""
        return sum(load.most for load in self.loads)


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where the walk stands: how many objects there are, and how many rows each has where they are pages.

    `unbounded` says that a list above is as long as its record has it: it counts for one where calls are counted, and
    `length` says for how many where values are.
    """

    path: str
    count: int
    size: int = 1
    length: int = 1
    unbounded: bool = False


def estimate_cost(executor: Executor[Any], request: RequestContext) -> Cost:
    """
    Estimate an operation whose variables are coerced; nothing is resolved and nothing called.

    Raises:
        RefusedError: a directive that chooses fields was given null, which a variable with a default may be.
    """
    try:
        return _walk_operation(executor, request)
    except GraphQLError as error:
        raise refuse_document(Code.BAD_INPUT, [error]) from None


def _walk_operation(executor: Executor[Any], request: RequestContext) -> Cost:
    operation = executor.operation
    root = executor.schema.get_root_type(operation.operation)
    if root is None:
        return Cost()
    fields = collect_fields(executor.schema, executor.fragments, executor.variable_values, root, operation)
    return _Walk(executor, request).fields(root, fields.grouped_field_set, Place("", 1))


@dataclass(frozen=True, slots=True)
class _Walk:
    executor: Executor[Any]
    request: RequestContext

    def fields(self, type_: GraphQLObjectType, grouped: Mapping[str, list[FieldDetails]], place: Place) -> Cost:
        cost = Cost()
        read: list[Question] = []
        for key, details in grouped.items():
            if not details[0].node.name.value.startswith("__"):
                cost += self.field(type_, details, replace(place, path=f"{place.path}.{key}".lstrip(".")), read)
        return cost

    def field(self, type_: GraphQLObjectType, details: list[FieldDetails], place: Place, read: list[Question]) -> Cost:
        node = details[0].node
        field = self.executor.schema.get_field(type_, node.name.value)
        if field is None:
            return Cost()
        args = self.arguments(field, details[0])
        relation = RELATIONS.get((type_.name, node.name.value))
        cost = Cost(place.count * place.length)
        if relation is not None and relation.shape is not Shape.LOCAL:
            load = self.weigh(type_, details, relation, args, place, read=read)
            cost = Cost(cost.values * RELATED, (load,))
            read.append((node.name.value, args))
        return cost + self.below(field, details, self.step(node.name.value, field, relation, args, place))

    def below(self, field: GraphQLField, details: list[FieldDetails], place: Place) -> Cost:
        """Walk what is selected below a field; of the types it may have, the costliest counts."""
        named: Any = get_named_type(field.type)
        parts = [
            self.fields(each, self.executor.collect_subfields(each, details).grouped_field_set, place)
            for each in self.possible_types(named)
        ]
        return max(parts, key=lambda part: (part.least, part.values), default=Cost())

    def possible_types(self, type_: GraphQLCompositeType) -> Sequence[GraphQLObjectType]:
        if is_abstract_type(type_):
            return self.executor.schema.get_possible_types(type_)
        return [type_] if is_object_type(type_) else []

    def step(
        self, name: str, field: GraphQLField, relation: Relation | None, args: Mapping[str, Any], place: Place
    ) -> Place:
        """Return the place below a field: a page remembers its size until its rows are selected."""
        if relation is not None and relation.shape in PAGES:
            return replace(place, size=self.page_size(args))
        if not is_list_type(get_nullable_type(field.type)):
            return replace(place, size=1)
        if relation is not None and relation.shape is Shape.STATISTICS:
            return replace(place, size=1, count=place.count * count_series(args))
        if name in ROWS:
            return replace(place, size=1, count=place.count * place.size)
        if (keys := _find_keys(args)) is not None:
            return replace(place, size=1, count=place.count * len(keys))
        return replace(place, size=1, length=place.length * OWN_LENGTH, unbounded=True)

    def weigh(
        self,
        type_: GraphQLObjectType,
        details: list[FieldDetails],
        relation: Relation,
        args: Mapping[str, Any],
        place: Place,
        *,
        read: Sequence[Question],
    ) -> Load:
        """
        Count a relation's calls, `read` being its neighbours.

        Beside itself under another name, a look-up adds keys to the same calls, and a page asked alike adds nothing.
        """
        nodes = tuple(each.node for each in details)
        name = nodes[0].name.value
        least, most = self.count_calls(relation, args, place.count)
        if (name, args) in read and relation.shape in PAGES:
            least = most = 0
        elif relation.shape is Shape.ONE and any(name == other for other, _ in read):
            least = 0
        elif relation.shape is Shape.STATISTICS:
            asked = [other for each, other in read if each == name]
            least, most = count_statistics(args, asked, self.sources(args), place.count)
        if place.unbounded and most:
            most = max(most, self.request.scope.max_calls)
        return Load(place.path, type_.name, name, relation.shape, place.count, least, most, nodes)

    def count_calls(self, relation: Relation, args: Mapping[str, Any], parents: int) -> tuple[int, int]:
        sources = self.sources(args)
        if not sources or not parents:
            return 0, 0
        scan = self.request.limits.scan_calls
        match relation.shape:
            case shape if shape in _ONCE:
                least, most = _ONCE[shape]
                counts = least, most * scan
            case Shape.MEMBERS:
                counts = parents, parents * scan
            case Shape.CHILDREN:
                alone = any(args.get(name) is not None for name in ALONE)
                counts = parents if alone else 1, parents * scan
            case Shape.EACH | Shape.WRITES:
                counts = _count_asked(relation, sources, scan)
            case Shape.PART:
                counts = 0, self.count_loads(relation, sources, parents)[1]
            case _ if args.get("by") and not {"id", "vendorId"} & args["by"].keys():
                counts = 1, _READS_BY_VALUE * len(sources)
            case _:
                counts = self.count_loads(relation, sources, parents * _count_keys(args))
        return counts

    def count_loads(self, relation: Relation, sources: Sequence[Source], keys: int) -> tuple[int, int]:
        counts = [
            source.adapter.count_loads(entity, keys)
            for source in sources
            for entity in source.capability.entities
            if relation.reads in (None, entity)
        ]
        return min((least for least, _ in counts), default=0), max((most for _, most in counts), default=0)

    def sources(self, args: Mapping[str, Any]) -> Sequence[Source]:
        named = args.get("source")
        return [source for name, source in self.request.sources.items() if named is None or name == named]

    def page_size(self, args: Mapping[str, Any]) -> int:
        """Return the rows of a page; a size that will be refused counts as the largest."""
        limits = self.request.limits
        size = args.get("first") or args.get("last") or limits.default_first
        return min(max(1, size), limits.max_first)

    def arguments(self, field: GraphQLField, details: FieldDetails) -> Mapping[str, Any]:
        """Return a field's arguments; none where they are wrong, since the field itself will say so."""
        values, fragment_values = self.executor.variable_values, details.fragment_variable_values
        try:
            return get_argument_values(field, details.node, values, fragment_values) if field.args else {}
        except GraphQLError:
            return {}


def _count_asked(relation: Relation, sources: Sequence[Source], scan: int) -> tuple[int, int]:
    """Count the calls of a question to each source that takes it; one about an address is a call."""
    if relation.batch is check_email:
        checking = sum(find_email_checker(source) is not None for source in sources)
        return checking, checking
    asked = len(sources)
    if relation.shape is Shape.EACH:
        asked = sum(find_people_finder(source) is not None for source in sources)
    return asked, asked * scan


def _find_keys(args: Mapping[str, Any]) -> Sequence[Any] | None:
    """Return the ids a field is asked for by; None where its list is the record's own."""
    keys: Sequence[Any] | None = args.get("ids", args.get("representations"))
    return keys


def _count_keys(args: Mapping[str, Any]) -> int:
    """Return how many records a field is asked for by id; one where it is asked for otherwise."""
    keys = _find_keys(args)
    return 1 if keys is None else len(keys)
