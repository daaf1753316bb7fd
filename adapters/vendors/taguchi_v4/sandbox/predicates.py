"""
Predicates over rows, with SQL's three values of truth.

Source: taguchi-v4-api.txt, Queries: each operator is mapped to one of PostgreSQL's. A test answers True, False or None
(unknown); only True keeps a row. What PostgreSQL refuses (a number column compared with a word, `~` on a time) is
400 [inferred], and it is refused whatever the rows hold.
"""

import operator
from collections.abc import Callable, Iterable
from typing import Any

from .collation import COLLATIONS
from .columns import INTEGER, Column
from .like import compile_like
from .options import SandboxOptions
from .query import Predicate
from .refusals import bad_request
from .regex import RegexError, compile_regex
from .resources import SUBSCRIBER, Resource
from .tables import Row

Test = Callable[[Row], bool | None]
ValueTest = Callable[[Any], bool | None]

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "neq": operator.ne,
    "lt": operator.lt,
    "gt": operator.gt,
    "lte": operator.le,
    "gte": operator.ge,
}
PATTERNS = {"re", "rei", "like"}
NULL = "null"
LIST_MEMBERS = "list_id"


class PredicateCompiler:
    """
    Turns predicates on one resource into tests of its rows.
    """

    def __init__(self, resource: Resource, options: SandboxOptions) -> None:
        """The options say what `null` and nothing mean as operands and how text is ordered."""
        self._resource = resource
        self._options = options
        null_operands = {NULL: options.null_operand, "": options.empty_operand}
        self._unknown_operands = {operand for operand, reading in null_operands.items() if reading == NULL}

    def compile_test(self, predicate: Predicate) -> Test:
        """
        Compile one predicate.

        Raises:
            Refusal: 400 for an unknown field or an operand its column does not take.
        """
        if self._resource is SUBSCRIBER and predicate.field == LIST_MEMBERS:
            return _compile_membership(predicate)
        position = self._resource.positions.get(predicate.field)
        if position is None:
            raise bad_request(f"{self._resource.name} has no field {predicate.field}")
        test_value = self._compile_value_test(self._resource.columns[position], predicate)
        return lambda row: test_value(row.values[position])

    def wants_two_lists(self, predicates: Iterable[Predicate]) -> bool:
        """
        Whether predicates ask for members of two lists at once: nobody, since one membership is of one list.

        The document says nothing about it; this is the reading of a join, the other being "members of both".
        """
        if self._resource is not SUBSCRIBER:
            return False
        return len({predicate.operand for predicate in predicates if predicate.field == LIST_MEMBERS}) > 1

    def _compile_value_test(self, column: Column, predicate: Predicate) -> ValueTest:
        if predicate.op in {"is", "nt"}:
            return _compile_null_test(predicate)
        try:
            if predicate.op in PATTERNS:
                return self._compile_pattern(column, predicate)
            return self._compile_comparison(column, predicate)
        except (ValueError, RegexError) as error:
            raise bad_request(str(error)) from error

    def _compile_comparison(self, column: Column, predicate: Predicate) -> ValueTest:
        if predicate.operand in self._unknown_operands:
            return lambda _value: None
        compare = COMPARISONS[predicate.op]
        operand: Any = column.type.read(predicate.operand)
        if column.type.patterns and predicate.op not in {"eq", "neq"}:
            key = COLLATIONS[self._options.collation]
            bound = key(operand)
            return lambda value: None if value is None else compare(key(value), bound)
        return lambda value: None if value is None else compare(value, operand)

    def _compile_pattern(self, column: Column, predicate: Predicate) -> ValueTest:
        if not column.type.patterns:
            raise ValueError(f"operator does not exist: {column.type.name} {predicate.op} unknown")
        pattern = str(column.type.read(predicate.operand))
        if predicate.op == "like":
            matches = compile_like(pattern)
        else:
            matches = compile_regex(
                pattern, ignore_case=predicate.op == "rei", ascii_only=self._options.collation == "C"
            )
        return lambda value: None if value is None else matches(value)


def _compile_null_test(predicate: Predicate) -> ValueTest:
    if predicate.operand != NULL:
        raise bad_request(f"{predicate.op} takes null, not {predicate.operand}")
    wanted = predicate.op == "is"
    return lambda value: (value is None) is wanted


def _compile_membership(predicate: Predicate) -> Test:
    """
    Members of a list, whatever their state there.

    Source: vendors/facts.md, 1.4: only `list_id-eq-N` is known; every other operator is refused.
    """
    if predicate.op != "eq":
        raise bad_request("list_id can only be tested with eq")
    try:
        list_id = INTEGER.read(predicate.operand)
    except ValueError as error:
        raise bad_request(str(error)) from error
    position = SUBSCRIBER.child_positions["lists"]
    return lambda row: any(item[0] == list_id for item in row.children[position])
