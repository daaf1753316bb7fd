"""How fields are read: every field of the schema in the fewest steps, and nothing of it left out."""

from collections.abc import Iterator
from typing import Any

import strawberry
from graphql import Executor, FieldNode, GraphQLField, GraphQLObjectType, parse
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.types.field import StrawberryField

from adapters.records import Entity
from graph.execution.collector import BATCHED
from graph.execution.compiled.calling import find_strawberry_field
from graph.execution.compiled.place import Place
from graph.execution.compiled.reading import (
    Attributes,
    Batched,
    Computed,
    Resolved,
    choose_reader,
)
from graph.execution.compiled.run import Run
from graph.types.extension import list_extensions
from resolvers.relations import RELATIONS
from tests.graph.execution.marketing import CORE_SCHEMA, open_marketing
from tests.graph.execution.sameness import build, run_compiled, run_core
from tests.graph.execution.world import open_world

OURS = frozenset({"_entities"})
"""
Relations whose resolver does more than to ask. A mutation has one parent, and what vendors add to a record asks for the
record and not for itself, so those are not marked either.
"""


def list_fields() -> Iterator[tuple[GraphQLObjectType, str, GraphQLField]]:
    for type_ in CORE_SCHEMA.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            yield from ((type_, name, field) for name, field in type_.fields.items())


def find_place(type_: GraphQLObjectType, name: str) -> Place:
    """Make the place of a field that is selected without anything."""
    document = parse(f"{{ {name} }}")
    executor = Executor.build(CORE_SCHEMA, document)
    assert isinstance(executor, Executor)
    [node] = executor.operation.selection_set.selections
    assert isinstance(node, FieldNode)
    return Place(type_, type_.fields[name], [FieldDetails(node, None)], Path(None, name, type_.name))


def test_no_field_of_the_schema_has_what_a_plan_would_have_to_skip() -> None:
    """Broken, a permission or an extension might be checked by one executor and not by the other."""
    fields = [(type_.name, name, find_strawberry_field(field)) for type_, name, field in list_fields()]

    assert not [(type_, name) for type_, name, field in fields if field is None]
    assert not [
        (type_, name) for type_, name, field in fields if field and (field.permission_classes or field.extensions)
    ]


def test_every_relation_is_asked_once_for_all_parents() -> None:
    """Broken, a relation whose field is not marked would be resolved parent by parent."""
    readers = {(type_.name, name): choose_reader(find_place(type_, name)) for type_, name, _ in list_fields()}

    alone = {extension.type.__name__ for entity in Entity for extension in list_extensions(entity)} | {"Mutation"}
    asked = {key: readers[key] for key in RELATIONS if key in readers and key[0] not in alone and key[1] not in OURS}
    unmarked = [key for key, reader in asked.items() if not isinstance(reader, Batched)]
    assert not unmarked
    assert {Attributes, Computed, Batched} <= set(map(type, readers.values()))


async def test_what_a_marked_field_asks_depends_on_its_arguments_alone() -> None:
    """Broken, the first parent's question would be asked for its neighbours."""
    marketing = open_marketing()
    marked = [
        (type_, name)
        for type_, name, field in list_fields()
        if isinstance(choose_reader(find_place(type_, name)), Batched)
        and not any(each.type.__class__.__name__ == "GraphQLNonNull" for each in field.args.values())
    ]
    for type_, name in marked:
        executor = build(CORE_SCHEMA, parse("{ __typename }"), {}, marketing.build_context())
        run, place = Run(executor), find_place(type_, name)
        assert run.ask(place, object()) == run.ask(place, "another parent")
    await marketing.sources.aclose()

    assert len(marked) > 30


async def test_arguments_are_those_of_the_request() -> None:
    """Broken, what the first request's variables said would be asked for all that follow."""
    marketing = open_marketing()
    text = """query ($source: ID, $name: String, $first: Int = 2) {
      subscribers(source: $source, first: $first, filter: {or: [{lastName: {eq: $name}}, {ref: {eq: "7"}}]}, last: 3) {
        __typename
      }
    }"""
    given: list[dict[str, Any]] = [
        {"source": "a", "name": "b", "first": 1},
        {"name": "c"},
        {"source": None, "first": 3},
    ]

    prepared = [marketing.prepare(text, **variables) for variables in given]
    [plan] = {each.compiled for each in prepared if each.compiled}
    place = plan._steps[0].fields[0].position.place
    coerced = [place.arguments(each.executor) for each in prepared]

    assert coerced == [
        get_argument_values(place.definition, place.nodes[0], each.executor.variable_values) for each in prepared
    ]
    assert [{"source", "first", "filter"} - each.keys() for each in coerced] == [set(), {"source"}, set()]
    assert not place.constant
    await marketing.sources.aclose()


class Refuse(BasePermission):
    message = "not for you"

    def has_permission(self, source: Any, info: Any, **_given: Any) -> bool:
        return False


class Shout(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Any, **given: Any) -> Any:
        return next_(source, info, **given).upper()


class Odd(StrawberryField):
    def get_result(self, source: Any, info: Any, args: Any, kwargs: Any) -> Any:
        return "odd"


@strawberry.type
class Guarded:
    secret: str | None = strawberry.field(permission_classes=[Refuse], default="secret", graphql_type=str | None)
    plain: str = "plain"

    @strawberry.field(extensions=[Shout()], metadata={BATCHED: True})  # type: ignore[untyped-decorator] # as Strawberry types it
    def loud(self) -> str:
        return "loud"

    @strawberry.field(permission_classes=[Refuse])  # type: ignore[untyped-decorator] # as Strawberry types it
    def hidden(self) -> str | None:
        return "hidden"


@strawberry.type
class Query:
    @strawberry.field
    def guarded(self) -> list[Guarded]:
        return [Guarded(), Guarded()]


async def test_permissions_and_extensions_are_never_skipped() -> None:
    """Broken, a field that somebody guards one day would be open to all."""
    schema, document = strawberry.Schema(Query)._schema, parse("{ guarded { secret plain loud hidden } }")

    core = await run_core(build(schema, document, {}, open_world(1, 0)))
    compiled = await run_compiled(build(schema, document, {}, open_world(1, 0)))

    row = {"secret": None, "plain": "plain", "loud": "LOUD", "hidden": None}
    assert {"guarded": [row, row]} == compiled.data == core.data
    assert [each.formatted for each in core.errors or ()] == [each.formatted for each in compiled.errors or ()]
    assert len(compiled.errors or ()) == 4


async def test_a_field_that_is_no_plain_one_is_resolved_by_itself() -> None:
    """Broken, what a class of fields does of its own would be taken for an attribute."""

    @strawberry.type
    class Root:
        odd: str = Odd(python_name=None, graphql_name=None, type_annotation=None, default="attribute")  # type: ignore[assignment]

    schema = strawberry.Schema(Root)._schema
    assert schema.query_type
    place = Place(
        schema.query_type,
        schema.query_type.fields["odd"],
        find_place(_root(), "sources").details,
        Path(None, "odd", "Root"),
    )

    assert isinstance(choose_reader(place), Resolved)


def _root() -> GraphQLObjectType:
    assert CORE_SCHEMA.query_type
    return CORE_SCHEMA.query_type
