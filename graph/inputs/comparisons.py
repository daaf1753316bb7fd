"""
From what a client wrote to the filter tree, as a pure function.

Inputs arrive as GraphQL gives them: mappings of names to coerced values, holding only what the client wrote. A reader
takes such a value and its path in the input, and returns the part of the tree it stands for.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from adapters.errors import FilterError
from adapters.filters.bind import bind_comparison, check_counts, check_ranges
from adapters.filters.fields import FieldSpec
from adapters.filters.operands import MAX_IN, Path, build_refusal
from adapters.filters.tree import EVERYTHING, And, Comparison, Filter, Not, Op, Some

Fields = Mapping[str, FieldSpec]
Reader = Callable[[Any, Path], Filter]

OPERATORS: Final[Mapping[str, tuple[Op, bool]]] = {
    **{op.value: (op, True) for op in Op if op not in {Op.DIFFERS, Op.PRESENT}},
    "neq": (Op.EQ, False),
    "notIn": (Op.IN, False),
}
"""What each operator asks: the comparison, and whether it must be true or false."""

MAX_PATH: Final = 60
"""Steps into a filter; the tree's own bound is tighter, this one keeps the reading itself from going too deep."""


def check_size(value: Mapping[str, Any], path: Path) -> None:
    """
    Refuse a filter that is too large before any of it is read: what its operands are takes a cast each.

    Raises:
        FilterError: FILTER_TOO_LARGE.
    """
    comparisons = operands = 0
    waiting: list[Any] = [value]
    while waiting:
        for name, given in waiting.pop().items():
            parts = given if isinstance(given, list) else [given]
            if name in OPERATORS:
                comparisons += 1
                operands += len(parts) if len(parts) <= MAX_IN else 0  # a longer list is refused by itself, uncast
            else:
                waiting.extend(part for part in parts if isinstance(part, Mapping))
        check_counts(comparisons, operands, path)


def read_parts(value: Mapping[str, Any], readers: Mapping[str, Reader], path: Path) -> Filter:
    """Read an object whose parts must all hold; bounds are held against each other where both can be seen."""
    if len(path) > MAX_PATH:
        raise build_refusal("FILTER_TOO_DEEP", "The filter is nested too deeply.", "Flatten it.", path[:1])
    parts = [readers[name](given, (*path, name)) for name, given in _given(value, path)]
    check_ranges(parts, path)
    return join(*parts)


def read_comparisons(
    fields: Fields, name: str, operators: Mapping[str, Any], path: Path, *, key: str | None = None
) -> Filter:
    """Read an operator object (`{gte: …, lt: …}`) on one field."""
    return join(*compare(fields, name, operators, path, key=key))


def read_element(fields: Fields, name: str, names: Mapping[str, str], value: Mapping[str, Any], path: Path) -> Filter:
    """
    Read an object of conditions on the elements of a many-valued field; `names` maps input names to tree names.

    One and the same element satisfies all positive comparisons. `neq` and `notIn` are complements over all elements:
    none of them may be what is excluded.
    """
    together: list[Filter] = []
    apart: list[Filter] = []
    elements = fields[name].elements or {}
    for given, operators in _given(value, path):
        for part in compare(elements, names[given], operators, (*path, given)):
            if isinstance(part, Not) and _excludes(part.part):
                apart.append(Not(Some(name, part.part)))
            else:
                together.append(part)
    return join(*([Some(name, join(*together))] if together else []), *apart)


def _excludes(part: Filter) -> bool:
    return isinstance(part, Comparison) and part.op is not Op.IS_NULL


def compare(
    fields: Fields, name: str, operators: Mapping[str, Any], path: Path, *, key: str | None = None
) -> tuple[Filter, ...]:
    """
    Return one part per operator given; `ignoreCase` belongs to the others in its object.

    Operands are checked and cast here, where their place in the input is known.
    """
    parts = tuple(_compare_each(fields, name, operators, path, key))
    check_ranges(parts, path)
    return parts


def _compare_each(
    fields: Fields, name: str, operators: Mapping[str, Any], path: Path, key: str | None
) -> Iterator[Filter]:
    given = dict(_given(operators, path))
    ignore_case = bool(given.pop("ignoreCase", False))
    for word, operand in given.items():
        op, positive = OPERATORS[word]
        if op is Op.IS_NULL:
            comparison, positive = Comparison(name, op, key=key), bool(operand)
        else:
            comparison = Comparison(name, op, operand, key, ignore_case)
        bound = bind_comparison(comparison, fields, (*path, word))
        yield bound if positive else Not(bound)


def join(*parts: Filter) -> Filter:
    """Return a tree that is true when every part is, without needless nesting."""
    wanted = tuple(part for part in parts if part != EVERYTHING)
    return wanted[0] if len(wanted) == 1 else And(wanted)


def _given(value: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Any]]:
    for name, given in value.items():
        if given is None:
            raise _refuse_null(name, (*path, name))
        yield name, given


def _refuse_null(name: str, path: Path) -> FilterError:
    operator = name in OPERATORS or name == "ignoreCase"
    return FilterError(
        f"`{name}` cannot be null.",
        reason="NULL_OPERAND",
        hint="Ask for records without a value with `isNull: true`." if operator else f"Leave `{name}` out, or give it.",
        path=path,
    )
