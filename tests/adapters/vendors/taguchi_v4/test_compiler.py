"""The golden table of the query grammar: a filter, an order or a position in, wire text out."""

import tomllib
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from adapters.calls import CallNote
from adapters.contract import SliceQuery
from adapters.errors import CapabilityError
from adapters.filters.bind import bind
from adapters.filters.capability import Support
from adapters.filters.fields import FIELDS, build_extension_fields
from adapters.filters.order import Order, Position
from adapters.filters.split import build_plan
from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some
from adapters.filters.words import describe
from adapters.records import Entity
from adapters.transport.urls import quote_query
from adapters.vendors.taguchi_v4.capability import TABLES
from adapters.vendors.taguchi_v4.columns import COLUMNS
from adapters.vendors.taguchi_v4.compiler import COMPILERS
from adapters.vendors.taguchi_v4.endpoints import ListCall, build_list
from adapters.vendors.taguchi_v4.extensions import EXTENSIONS
from adapters.vendors.taguchi_v4.slices import build_line

GOLDEN = tomllib.loads(Path(__file__).with_name("filters.toml").read_text())
SUBSCRIBER = Entity.SUBSCRIBER


def build_tree(case: dict[str, Any]) -> Filter:
    """Read a filter of the table."""
    match case:
        case {"and": parts}:
            return And(tuple(map(build_tree, parts)))
        case {"or": parts}:
            return Or(tuple(map(build_tree, parts)))
        case {"not": part}:
            return Not(build_tree(part))
        case {"some": field, "where": where}:
            return Some(field, build_tree(where))
    value = case.get("value")
    operand = tuple(value) if isinstance(value, list) else value
    return Comparison(case["field"], Op(case["op"]), operand, case.get("key"), case.get("ignoreCase", False))


def build_order(text: str) -> Order:
    """Read an order of the table."""
    return Order(text.removeprefix("-"), descending=text.startswith("-"))


@pytest.mark.parametrize("case", GOLDEN["case"], ids=itemgetter("name"))
def test_filter_becomes_the_golden_text(case: dict[str, Any]) -> None:
    """A vendor asked in other words answers for other people."""
    entity = Entity(case.get("entity", "subscriber"))
    extension = EXTENSIONS.get(entity)
    fields = {**FIELDS[entity], **(build_extension_fields("taguchi", extension.type) if extension else {})}
    tree = bind(build_tree(case["filter"]), fields)
    plan = build_plan(tree, fields, TABLES[entity], build_order(case.get("order", "id")))

    assert case["source"]
    assert case["wire"] == [list(COMPILERS[entity].build_predicates(branch)) for branch in plan.branches]
    assert case["residual"] == ("" if plan.exact else describe(plan.residual))


@pytest.mark.parametrize("case", GOLDEN["bound"], ids=itemgetter("name"))
def test_page_goes_on_from_the_golden_bound(case: dict[str, Any]) -> None:
    """A page that went on from another place would repeat or skip people."""
    parts = [None if isinstance(part, dict) else part for part in case.get("after", ())]
    after = Position(tuple(parts)) if parts else None
    entity = Entity(case.get("entity", "subscriber"))
    line = build_line(SliceQuery(entity, order=build_order(case["order"]), after=after))

    call = line.build_call(25, 1000)

    assert case["source"]
    assert case["params"] == "&".join(f"{name}={value}" for name, value in call.params)


def test_the_golden_table_covers_every_operator_of_every_kind() -> None:
    """An operator nobody wrote down could be compiled wrongly unseen."""
    kinds = {
        (COLUMNS[SUBSCRIBER][name].kind, op)
        for name in COLUMNS[SUBSCRIBER]
        for op in TABLES[SUBSCRIBER].fields[name].operators
    }
    operators = {op for _, op in kinds}

    assert operators == {leaf for case in GOLDEN["case"] for leaf in _operators(build_tree(case["filter"]))} | {
        Op.PRESENT
    }


def _operators(tree: Filter) -> set[Op]:
    match tree:
        case And(parts) | Or(parts):
            return {op for part in parts for op in _operators(part)}
        case Not(part) | Some(_, part):
            return _operators(part)
        case Comparison():
            return {tree.op}


@pytest.mark.parametrize("entity", list(COLUMNS))
def test_patterns_are_never_asked_of_numbers_and_times(entity: Entity) -> None:
    """PostgreSQL fails such a query as a whole."""
    patterns = {Op.IN, Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH, Op.MATCHES}
    texts = {name for name, column in COLUMNS[entity].items() if column.kind == "text"}
    asked = {name for name, field in TABLES[entity].fields.items() if patterns & set(field.operators)}

    assert asked <= texts


def test_texts_have_no_ranges() -> None:
    """The vendor's collation is unknown, so a range of texts could not be checked."""
    ranges = {Op.LT, Op.LTE, Op.GT, Op.GTE}
    texts = [TABLES[SUBSCRIBER].fields[name] for name, column in COLUMNS[SUBSCRIBER].items() if column.kind == "text"]

    assert all(not ranges & set(field.operators) for field in texts)


def test_what_needs_two_predicates_is_never_called_exact() -> None:
    """That repeated predicates are ANDed is our reading; the rows must be checked."""
    for entity, table in TABLES.items():
        for name, column in COLUMNS[entity].items():
            line = table.line(name, Op.EQ)
            if column.kind == "time":
                assert line is not None
                assert line.support is Support.INEXACT
        assert table.conjunction.support is Support.INEXACT


def test_every_line_of_the_table_names_its_section() -> None:
    """A claim without its source cannot be checked by anyone."""
    lines = [line for table in TABLES.values() for field in table.fields.values() for line in field.operators.values()]

    assert lines
    assert all(line.section for line in lines)


def test_values_too_long_for_an_address_are_refused_before_any_call() -> None:
    """The server would refuse the request line with an error nobody understands."""
    call = ListCall((f"extra-gt-{'ü' * 2_000}",), "extra", 25)

    assert len(quote_query(call.params)) > 7_000
    with pytest.raises(CapabilityError, match="too long"):
        build_list(SUBSCRIBER, call, CallNote())


@pytest.mark.parametrize("name", ["memberships", "custom_fields", "taguchi.social_profile", "nonsense"])
def test_orders_the_vendor_cannot_have_are_refused(name: str) -> None:
    """The vendor answers an unknown sort with an error page."""
    with pytest.raises(CapabilityError, match="order"):
        build_line(SliceQuery(SUBSCRIBER, order=Order(name)))
