"""The schema as a reviewed artefact: its text, its words, and what its fields are made of."""

from collections.abc import Iterator
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLNamedType,
    build_schema,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    is_specified_scalar_type,
    validate_schema,
)
from strawberry.types.base import get_object_definition
from strawberry.types.field import StrawberryField

from graph.api_sdl import MACHINERY
from graph.schema import Query, print_api_sdl, print_sdl, schema
from resolvers.relations import RELATIONS

FILE = Path(__file__).parents[2] / "schema.graphql"
CORE = schema._schema


def test_the_file_holds_the_schema() -> None:
    """Broken, a change of the schema would reach clients without having been read by anybody."""
    assert FILE.read_text(encoding="utf-8") == print_sdl(), "write it anew with `marketing-graph schema`"


def test_the_client_view_is_a_schema_of_its_own() -> None:
    """Broken, linters and generators would refuse the text, or see what only gateways may ask."""
    view = build_schema(print_api_sdl())

    assert validate_schema(view) == []
    assert {name for name in view.type_map if "_" not in name} >= {type_.name for type_ in list_types()}
    assert not {name for name in view.type_map if "_" in name and not name.startswith("__")}
    assert view.query_type is not None
    assert not MACHINERY & set(view.query_type.fields)
    assert "@key" not in print_api_sdl()


def list_types() -> Iterator[GraphQLNamedType]:
    """The types clients meet: neither GraphQL's own nor federation's."""
    for name, type_ in CORE.type_map.items():
        if "_" not in name and not is_specified_scalar_type(type_):
            yield type_


def list_described() -> Iterator[tuple[str, str | None]]:
    """Everything that a reader of the schema meets, with its description."""
    for type_ in list_types():
        yield type_.name, type_.description
        if is_object_type(type_) or is_interface_type(type_):
            for name, field in type_.fields.items():
                if name not in MACHINERY:
                    yield f"{type_.name}.{name}", field.description
                    yield from ((f"{type_.name}.{name}({arg})", each.description) for arg, each in field.args.items())
        elif is_input_object_type(type_):
            yield from ((f"{type_.name}.{name}", each.description) for name, each in type_.fields.items())
        elif is_enum_type(type_):
            yield from ((f"{type_.name}.{name}", value.description) for name, value in type_.values.items())


def test_everything_is_described() -> None:
    """Broken, a marketer would meet a name without a meaning."""
    described = dict(list_described())

    assert [name for name, text in described.items() if not (text or "").strip()] == []
    assert len(described) > 300
    assert [name for name, text in described.items() if (text or "").strip()[-1] not in ".?!"] == []


def list_fields() -> Iterator[tuple[str, GraphQLField, StrawberryField]]:
    for type_ in list_types():
        if is_object_type(type_) or is_interface_type(type_):
            definition = type_.extensions["strawberry-definition"]
            by_name = {schema.config.name_converter.from_field(field): field for field in definition.fields}
            yield from ((f"{type_.name}.{name}", field, by_name[name]) for name, field in type_.fields.items())


def test_fields_have_no_machinery_of_their_own() -> None:
    """Broken, each of ten thousand values would pay for a permission class or an extension."""
    found = [name for name, _, field in list_fields() if field.permission_classes or field.extensions]

    assert found == []
    assert len(list(list_fields())) > 100


def test_only_relations_are_awaited() -> None:
    """Broken, plain fields would cost a task each."""
    found = [
        name
        for name, core, field in list_fields()
        if field.is_async or iscoroutinefunction(core.resolve) or iscoroutinefunction(field.base_resolver)
    ]

    assert found == []


def test_every_relation_is_a_field_of_the_schema() -> None:
    """Broken, the table that counts costs and the schema would tell of different relations."""
    names = {f"{type_name}.{field_name}" for type_name, field_name in RELATIONS}
    fields = {f"{type_.name}.{name}" for type_ in list_types() if is_object_type(type_) for name in type_.fields}

    assert names <= fields


ROOT_FIELDS = [name for type_name, name in RELATIONS if type_name == "Query" and not name.startswith("_")]


@pytest.mark.parametrize("name", ROOT_FIELDS)
def test_root_fields_can_fail_alone(name: str) -> None:
    """Broken, one failed source would take the answers of the others with it."""
    assert CORE.query_type is not None
    field: Any = CORE.query_type.fields[name]

    assert not str(field.type).endswith("!")


def test_vendor_ids_are_never_numbers() -> None:
    """Broken, an id above 2^53 would be rounded by a client's JSON parser."""
    ids = [
        (f"{type_.name}.{name}", str(field.type))
        for type_ in list_types()
        if is_object_type(type_)
        for name, field in type_.fields.items()
        if name == "id" or name.endswith("Id")
    ]

    assert {"ID", "ID!"} == {kind for _, kind in ids}
    assert len(ids) > 15


def test_the_roots_are_what_the_query_class_lists() -> None:
    """Broken, a root field would exist that no reader of the table of contents knows of."""
    assert CORE.query_type is not None
    listed = {
        schema.config.name_converter.from_field(field) for field in get_object_definition(Query, strict=True).fields
    }

    assert set(CORE.query_type.fields) == listed | {"_entities", "_service"}
