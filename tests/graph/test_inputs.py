"""Filters, orders and look-ups as clients write them, and the trees they become."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, parse, parse_value, validate
from graphql.utilities import coerce_input_literal, coerce_input_value
from strawberry.types.arguments import convert_argument
from strawberry.types.base import get_object_definition

from adapters.errors import FilterError
from adapters.filters.evaluate import evaluate
from adapters.filters.fields import (
    FIELDS,
    OPERATORS,
    FieldSpec,
    Kind,
    build_extension_fields,
    to_order_word,
    to_word,
)
from adapters.filters.order import Order
from adapters.filters.tree import EVERYTHING, And, Comparison, Filter, Not, Op, Or, Some, walk
from adapters.records import CustomFieldRecord, Entity, MembershipRecord, SubscriberRecord
from graph.inputs.activity_filter import ActivityFilter
from graph.inputs.campaign_filter import CampaignFilter
from graph.inputs.condition import graphql_name, list_fields
from graph.inputs.event_type_filter import EventTypeFilter
from graph.inputs.extension_filter import is_filterable
from graph.inputs.lookup import SubscriberBy
from graph.inputs.order import CampaignOrder, SubscriberListOrder, SubscriberOrder, list_columns
from graph.inputs.subscriber_filter import SubscriberFilter
from graph.inputs.subscriber_import_filter import SubscriberImportFilter
from graph.inputs.subscriber_list_filter import SubscriberListFilter
from graph.inputs.subscriber_view_filter import SubscriberViewFilter
from graph.inputs.template_filter import TemplateFilter
from graph.schema import schema
from graph.types.extension import list_extensions

ACTIVE = "ACTIVE"


def read(input_type: type, written: str) -> Any:
    """What a batch function gets for an input literal, through GraphQL's own coercion."""
    core = schema._schema.type_map[get_object_definition(input_type, strict=True).name]
    assert isinstance(core, GraphQLInputObjectType)
    coerced = coerce_input_literal(parse_value(written), core)
    assert isinstance(coerced, dict), written
    return convert(input_type, coerced)


def convert(input_type: type, coerced: Mapping[str, Any]) -> Any:
    converter = schema.schema_converter
    return convert_argument(coerced, input_type, converter.scalar_registry, schema.config, path=("filter",))


def eq(name: str, value: Any, **more: Any) -> Comparison:
    return Comparison(name, Op.EQ, value, **more)


TREES: list[tuple[str, Filter]] = [
    ("{}", EVERYTHING),
    ("{and: []}", EVERYTHING),
    ("{or: []}", Or()),
    ("{not: {}}", Not(EVERYTHING)),
    ("{email: {}}", EVERYTHING),
    ("{email: {ignoreCase: true}}", EVERYTHING),
    ('{email: {eq: "a"}}', eq("email", "a")),
    ('{email: {neq: "a"}}', Not(eq("email", "a"))),
    ('{email: {in: ["a", "b"]}}', Comparison("email", Op.IN, ("a", "b"))),
    ('{email: {in: "a"}}', Comparison("email", Op.IN, ("a",))),
    ("{email: {in: []}}", Comparison("email", Op.IN, ())),
    ('{email: {notIn: ["a"]}}', Not(Comparison("email", Op.IN, ("a",)))),
    ("{email: {isNull: true}}", Comparison("email", Op.IS_NULL)),
    ("{email: {isNull: false}}", Not(Comparison("email", Op.IS_NULL))),
    ('{email: {contains: "a"}}', Comparison("email", Op.CONTAINS, "a")),
    ('{email: {startsWith: "a"}}', Comparison("email", Op.STARTS_WITH, "a")),
    ('{email: {endsWith: "a"}}', Comparison("email", Op.ENDS_WITH, "a")),
    ('{email: {matches: "^a"}}', Comparison("email", Op.MATCHES, "^a")),
    ('{email: {eq: "a", ignoreCase: true}}', eq("email", "a", ignore_case=True)),
    ('{email: {eq: "a", ignoreCase: false}}', eq("email", "a")),
    (
        '{email: {ignoreCase: true, contains: "a", isNull: false}}',
        And((Not(Comparison("email", Op.IS_NULL)), Comparison("email", Op.CONTAINS, "a", ignore_case=True))),
    ),
    (
        '{email: {startsWith: "a", endsWith: "z"}, state: {eq: "VIC"}}',
        And(
            (
                And((Comparison("email", Op.STARTS_WITH, "a"), Comparison("email", Op.ENDS_WITH, "z"))),
                eq("state", "VIC"),
            )
        ),
    ),
    ("{vendorId: {eq: 7}}", eq("id", "7")),
    ('{vendorId: {gt: "12", lte: 20}}', And((Comparison("id", Op.LTE, "20"), Comparison("id", Op.GT, "12")))),
    ('{birthDate: {gte: "1970-04-01"}}', Comparison("birth_date", Op.GTE, date(1970, 4, 1))),
    (
        '{unsubscribedAt: {lt: "2026-03-01T20:30:00+11:00"}}',
        Comparison("unsubscribed_at", Op.LT, datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
    ),
    (
        '{or: [{ref: {eq: "a"}}, {and: [{state: {eq: "b"}}, {}]}], not: {email: {eq: "c"}}}',
        And((Or((eq("ref", "a"), And((eq("state", "b"), EVERYTHING)))), Not(eq("email", "c")))),
    ),
    (
        '{customField: {key: "pets", value: {neq: "cat", contains: "c"}}}',
        And((Not(eq("custom_fields", "cat", key="pets")), Comparison("custom_fields", Op.CONTAINS, "c", "pets"))),
    ),
    ("{memberships: {}}", EVERYTHING),
    ("{memberships: {listId: {}}}", EVERYTHING),
    (
        '{memberships: {listId: {eq: "3"}, state: {eq: ACTIVE}}}',
        Some("memberships", And((eq("list_id", "3"), eq("state", ACTIVE)))),
    ),
    ('{memberships: {listId: {neq: "3"}}}', Not(Some("memberships", eq("list_id", "3")))),
    (
        '{memberships: {listId: {notIn: ["3"]}, state: {eq: LEFT}, leftAt: {isNull: false}}}',
        And(
            (
                Some("memberships", And((eq("state", "LEFT"), Not(Comparison("left_at", Op.IS_NULL))))),
                Not(Some("memberships", Comparison("list_id", Op.IN, ("3",)))),
            )
        ),
    ),
    ('{taguchi: {clusterId: {eq: "3"}}}', eq("taguchi.cluster_id", "3")),
    (
        "{taguchi: {socialRating: {gte: 5, neq: 7}}}",
        And((Not(eq("taguchi.social_rating", 7)), Comparison("taguchi.social_rating", Op.GTE, 5))),
    ),
    ("{taguchi: {}}", EVERYTHING),
]


@pytest.mark.parametrize(("written", "tree"), TREES, ids=[written for written, _ in TREES])
def test_a_filter_becomes_its_tree(written: str, tree: Filter) -> None:
    """Broken, people would be chosen by another question than the one that was asked."""
    assert read(SubscriberFilter, written) == tree


REFUSED: list[tuple[str, str, tuple[str | int, ...]]] = [
    ("{email: {eq: null}}", "NULL_OPERAND", ("filter", "email", "eq")),
    ("{email: {neq: null}}", "NULL_OPERAND", ("filter", "email", "neq")),
    ("{email: {in: null}}", "NULL_OPERAND", ("filter", "email", "in")),
    ("{email: {isNull: null}}", "NULL_OPERAND", ("filter", "email", "isNull")),
    ("{email: {ignoreCase: null}}", "NULL_OPERAND", ("filter", "email", "ignoreCase")),
    ("{email: null}", "NULL_OPERAND", ("filter", "email")),
    ("{and: null}", "NULL_OPERAND", ("filter", "and")),
    (
        "{not: {or: [{}, {ref: {eq: null}}]}}",
        "NULL_OPERAND",
        ("filter", "not", "or", 1, "ref", "eq"),
    ),
    ("{memberships: {listId: {eq: null}}}", "NULL_OPERAND", ("filter", "memberships", "listId", "eq")),
    ("{memberships: null}", "NULL_OPERAND", ("filter", "memberships")),
    ("{taguchi: {clusterId: {gt: null}}}", "NULL_OPERAND", ("filter", "taguchi", "clusterId", "gt")),
    (
        '{customField: {key: "a", value: {eq: null}}}',
        "NULL_OPERAND",
        ("filter", "customField", "value", "eq"),
    ),
    ('{email: {matches: "a{1000}"}}', "PATTERN_INVALID", ("filter", "email", "matches")),
    ('{vendorId: {lt: "abc"}}', "OPERAND_INVALID", ("filter", "vendorId", "lt")),
    ('{vendorId: {notIn: ["1", ""]}}', "OPERAND_INVALID", ("filter", "vendorId", "notIn", 1)),
    ('{customField: {key: "", value: {eq: "a"}}}', "KEY_INVALID", ("filter", "customField", "value", "eq")),
]


@pytest.mark.parametrize(("written", "reason", "path"), REFUSED, ids=[written for written, *_ in REFUSED])
def test_bad_operands_are_refused_at_their_place(written: str, reason: str, path: tuple[str | int, ...]) -> None:
    """Broken, a null would be compared with, or the caller not told which part of the filter is wrong."""
    with pytest.raises(FilterError) as refused:
        read(SubscriberFilter, written)

    assert (refused.value.reason, refused.value.path) == (reason, path)
    assert refused.value.hint


@pytest.mark.parametrize("written", ["{not: %s}", "{and: [%s]}", "{or: [%s]}"])
def test_a_filter_without_end_is_refused(written: str) -> None:
    """Broken, a few hundred brackets would exhaust the interpreter's stack and answer with an internal error."""
    deep = "{}"
    for _ in range(80):
        deep = written.replace("%s", deep)

    with pytest.raises(FilterError) as refused:
        read(SubscriberFilter, deep)

    assert (refused.value.reason, refused.value.path) == ("FILTER_TOO_DEEP", ("filter",))


def test_a_null_operand_points_to_is_null() -> None:
    """Broken, somebody who looks for missing values would not learn how."""
    with pytest.raises(FilterError) as refused:
        read(SubscriberFilter, "{email: {eq: null}}")

    assert "isNull" in (refused.value.hint or "")


def test_variables_become_the_same_tree_as_literals() -> None:
    """Broken, a filter would mean something else when it comes as a variable."""
    core = schema._schema.type_map["SubscriberFilter"]
    given = {"memberships": {"state": {"eq": "ACTIVE"}}, "birthDate": {"in": ["1970-04-01"]}, "vendorId": {"eq": 7}}
    written = '{memberships: {state: {eq: ACTIVE}}, birthDate: {in: ["1970-04-01"]}, vendorId: {eq: 7}}'

    coerced = coerce_input_value(given, core)  # type: ignore[arg-type]

    assert convert(SubscriberFilter, coerced) == read(SubscriberFilter, written)


def person(*lists: tuple[str, str, str | None]) -> SubscriberRecord:
    """A subscriber with places on lists: list, campaign, and the option."""
    places = tuple(
        MembershipRecord(source="s", list_id=list_id, campaign_id=campaign, option=option)
        for list_id, campaign, option in lists
    )
    return SubscriberRecord(
        source="s", id="1", memberships=places, custom_fields=(CustomFieldRecord(key="a", value="x"),)
    )


MEANINGS: list[tuple[str, SubscriberRecord, bool]] = [
    ('{memberships: {listId: {eq: "3"}, campaignId: {eq: "5"}}}', person(("3", "4", None), ("2", "5", None)), False),
    ('{memberships: {listId: {eq: "3"}, campaignId: {eq: "5"}}}', person(("3", "5", None)), True),
    ('{memberships: {listId: {neq: "3"}}}', person(("3", "4", None), ("2", "5", None)), False),
    ('{memberships: {listId: {neq: "3"}}}', person(), True),
    ('{memberships: {listId: {eq: "3"}, option: {neq: "x"}}}', person(("3", "4", None)), True),
    ('{memberships: {listId: {eq: "3"}, option: {neq: "x"}}}', person(("3", "4", "y"), ("2", "4", "x")), False),
    ("{memberships: {option: {isNull: true}}}", person(("3", "4", "y"), ("2", "4", None)), True),
    ("{memberships: {option: {isNull: false}}}", person(("3", "4", "y"), ("2", "4", None)), True),
    ('{customField: {key: "b", value: {neq: "x"}}}', person(), True),
    ('{customField: {key: "a", value: {neq: "x"}}}', person(), False),
]


@pytest.mark.parametrize(("written", "record", "expected"), MEANINGS, ids=[written for written, *_ in MEANINGS])
def test_a_filter_means_what_its_description_says(written: str, record: SubscriberRecord, expected: bool) -> None:
    """Broken, mail would go to people who were excluded, or miss those who were meant."""
    assert evaluate(read(SubscriberFilter, written), record, FIELDS[Entity.SUBSCRIBER]) is expected


def list_specs() -> list[tuple[type, Entity]]:
    return [
        (SubscriberFilter, Entity.SUBSCRIBER),
        (SubscriberListFilter, Entity.LIST),
        (CampaignFilter, Entity.CAMPAIGN),
        (ActivityFilter, Entity.ACTIVITY),
        (TemplateFilter, Entity.TEMPLATE),
        (SubscriberImportFilter, Entity.IMPORT),
        (SubscriberViewFilter, Entity.VIEW),
        (EventTypeFilter, Entity.EVENT_TYPE),
    ]


@pytest.mark.parametrize(("filter_type", "entity"), list_specs(), ids=str)
def test_every_field_of_the_tree_can_be_asked_for(filter_type: type, entity: Entity) -> None:
    """Broken, a field that adapters can narrow by would be out of reach, or an input would lead nowhere."""
    attributes = {field.python_name for field in list_fields(filter_type)}
    words = {extension.word for extension in filter(is_filterable, list_extensions(entity))}

    assert attributes == set(FIELDS[entity]) | words | {"and_", "or_", "not_"}


def list_operators() -> list[tuple[str, str, FieldSpec]]:
    """Every comparable field: the filter's GraphQL type, the input name, and its spec."""
    found = []
    for filter_type, entity in list_specs():
        core = get_object_definition(filter_type, strict=True).name
        for field in list_fields(filter_type):
            spec = FIELDS[entity].get(field.python_name)
            if spec is not None and not spec.keyed and spec.kind is not Kind.ELEMENT:
                found.append((core, graphql_name(field), spec))
        for extension in filter(is_filterable, list_extensions(entity)):
            by_name = {
                name.split(".")[1]: spec
                for name, spec in build_extension_fields(extension.word, extension.type).items()
            }
            core_filter = schema._schema.type_map[f"{extension.type.__name__}Filter"]
            for name, given in core_filter.fields.items():  # type: ignore[attr-defined]
                found.append((core_filter.name, name, by_name[given.extensions["strawberry-definition"].python_name]))
    return found


@pytest.mark.parametrize(
    ("type_name", "name", "spec"),
    list_operators(),
    ids=[f"{type_name}.{name}" for type_name, name, _ in list_operators()],
)
def test_each_field_takes_exactly_the_operators_of_its_kind(type_name: str, name: str, spec: FieldSpec) -> None:
    """Broken, an operator would be offered that is always refused, or one that works would be missing."""
    core: Any = schema._schema.type_map[type_name]
    offered = set(core.fields[name].type.fields) - {"neq", "notIn", "ignoreCase"}

    assert offered == {op.value for op in OPERATORS[spec.kind] if op not in {Op.DIFFERS, Op.PRESENT}}


@pytest.mark.parametrize(
    ("order", "written", "expected"),
    [
        (SubscriberOrder, "{field: EMAIL}", Order("email")),
        (SubscriberOrder, "{field: VENDOR_ID, direction: DESC}", Order("id", descending=True)),
        (SubscriberOrder, "{field: TAGUCHI_CLUSTER_ID, direction: ASC}", Order("taguchi.cluster_id")),
        (SubscriberListOrder, "{field: CREATED_AT}", Order("created_at")),
        (CampaignOrder, "{field: STARTS_AT, direction: DESC}", Order("starts_at", descending=True)),
    ],
    ids=["a column", "backwards by id", "a vendor's column", "lists", "campaigns"],
)
def test_an_order_names_the_records_field(order: type, written: str, expected: Order) -> None:
    """Broken, a page would stand in another order than the one asked for."""
    assert read(order, written) == expected


@pytest.mark.parametrize(
    "filter_type",
    [filter_type for filter_type, _ in list_specs()],
    ids=lambda filter_type: filter_type.__name__,
)
def test_refusals_call_fields_what_the_schema_calls_them(filter_type: type) -> None:
    """Refusals are worded where no schema is known; a field renamed in it only would be called by a name of ours."""
    named = {field.python_name: graphql_name(field) for field in list_fields(filter_type)}
    named = {name: word for name, word in named.items() if not name.endswith("_")}

    assert {name: to_word(name) for name in named} == named


def test_refusals_call_columns_what_the_schema_calls_them() -> None:
    """A hint lists the orders a source has by the words of the enumeration."""
    columns = list(list_columns(Entity.SUBSCRIBER, SubscriberFilter))

    assert [to_order_word(field) for _, field, _ in columns] == [word for word, _, _ in columns]


def test_a_look_up_is_a_name_and_a_value() -> None:
    """Broken, a person would be looked up by the wrong key."""
    assert read(SubscriberBy, '{email: "a@b"}') == ("email", "a@b")


def test_the_trees_of_all_inputs_are_hashable() -> None:
    """Broken, parents with the same filter could not share a call."""
    for written, _ in TREES:
        tree = read(SubscriberFilter, written)
        assert hash(tree) == hash(read(SubscriberFilter, written))
        assert list(walk(tree))


@pytest.mark.parametrize(
    "written",
    ["{}", "{id: null}", '{id: "a", ref: "b"}', '{ref: "b", email: null}'],
    ids=["nothing", "null", "two", "one and a null"],
)
def test_a_look_up_by_anything_but_one_value_is_not_valid(written: str) -> None:
    """Broken, a slip in a look-up would be answered with an internal error."""
    errors = validate(schema._schema, parse(f"{{ subscriber(by: {written}) {{ id }} }}"))

    assert ["exactly one field" in error.message for error in errors] == [True]
