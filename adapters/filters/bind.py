"""
Checks a tree against an entity's fields, and casts its operands once; nothing wrong gets past it to a vendor.

Every refusal is a `FilterError` with a stable reason, a path and a hint. A path is `path` followed by the tree's own
steps: `and`, `or` with a place in the list, `not`, a field as callers call it, a custom field's key, an operator.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from adapters.errors import FilterError
from adapters.filters.evaluate import read_number
from adapters.filters.fields import OPERATORS, FieldSpec, Kind, to_word
from adapters.filters.operands import MAX_IN, Path, Place, build_refusal, cast_operand, check_text
from adapters.filters.pattern import check_pattern
from adapters.filters.pattern_parser import MAX_PATTERN_LENGTH
from adapters.filters.tree import EVERYTHING, And, Comparison, Filter, Not, Op, Or, Scalar, Some

MAX_DEPTH = 10
MAX_COMPARISONS = 100
MAX_OPERANDS = 2_000
"""Of all lists of one filter together."""
# Lists of one part are only brackets; a bound on them keeps the recursion of the passes flat.
_MAX_NODES_DEEP = 100
_MAX_KEY_LENGTH = 200

_LOWER = frozenset({Op.GT, Op.GTE})
_UPPER = frozenset({Op.LT, Op.LTE})
_CAN_IGNORE_CASE = OPERATORS[Kind.TEXT] - {Op.IS_NULL, Op.PRESENT}


def bind(tree: Filter, fields: Mapping[str, FieldSpec], path: Path = ()) -> Filter:
    """
    Return the tree with its operands cast, or refuse it.

    Raises:
        FilterError: FILTER_TOO_DEEP, FILTER_TOO_LARGE, RANGE_INVERTED, and what `bind_comparison` raises.
    """
    if tree == EVERYTHING:
        return tree
    _check_size(tree, path)
    return _bind(tree, fields, path)


def bind_comparison(comparison: Comparison, fields: Mapping[str, FieldSpec], path: Path = ()) -> Comparison:
    """
    Return one comparison with its operand cast; `path` is the operator's own place in the input.

    Raises:
        FilterError: FIELD_UNKNOWN, KEY_INVALID, OPERATOR_INVALID, OPERAND_INVALID, NULL_OPERAND, LIST_TOO_LONG,
            PATTERN_INVALID.
    """
    spec = _find_field(comparison.field, fields, path)
    place = Place(spec, comparison.op, path)
    _check_operator(comparison, place)
    return Comparison(
        comparison.field,
        comparison.op,
        _bind_operand(comparison, place),
        _bind_key(comparison.key, place),
        comparison.ignore_case,
    )


def _bind(tree: Filter, fields: Mapping[str, FieldSpec], path: Path) -> Filter:
    match tree:
        case Comparison():
            return bind_comparison(tree, fields, (*path, *_steps(tree)))
        case And(parts):
            bound = tuple(_bind(part, fields, (*path, "and", place)) for place, part in enumerate(parts))
            check_ranges(bound, path)
            return And(bound)
        case Or(parts):
            return Or(tuple(_bind(part, fields, (*path, "or", place)) for place, part in enumerate(parts)))
        case Not(part):
            return Not(_bind(part, fields, (*path, "not")))
        case Some(field, where):
            inner = (*path, to_word(field))
            spec = _find_field(field, fields, inner)
            if spec.elements is None:
                raise _unknown(field, "has no elements", fields, inner)
            return Some(field, _bind(where, spec.elements, inner))


def _steps(comparison: Comparison) -> Path:
    key = () if comparison.key is None else (comparison.key,)
    return (*to_word(comparison.field).split("."), *key, comparison.op.value)


def _check_size(tree: Filter, path: Path) -> None:
    """Count depth and comparisons without recursion, since the tree is not trusted yet."""
    comparisons: list[Comparison] = []
    waiting: list[tuple[Filter, int, int]] = [(tree, 0, 0)]
    while waiting:
        node, depth, nodes_deep = waiting.pop()
        if isinstance(node, Comparison):
            comparisons.append(node)
        if depth > MAX_DEPTH or nodes_deep > _MAX_NODES_DEEP:
            raise build_refusal("FILTER_TOO_DEEP", "The filter is nested too deeply.", "Flatten it.", path)
        parts = _parts(node)
        deeper = depth + (len(parts) > 1 or isinstance(node, Not | Some))
        waiting.extend((part, deeper, nodes_deep + 1) for part in parts)
    _check_work(comparisons, path)


def _check_work(comparisons: Sequence[Comparison], path: Path) -> None:
    """Bound what planning and checking a filter takes: its comparisons, the operands of its lists, its patterns."""
    operands = sum(len(each.value) for each in comparisons if isinstance(each.value, tuple))
    check_counts(len(comparisons), operands, path)
    patterns = [each.value for each in comparisons if each.op is Op.MATCHES and isinstance(each.value, str)]
    if len(patterns) > 1 and sum(map(len, patterns)) > MAX_PATTERN_LENGTH:
        hint = f"Use at most {MAX_PATTERN_LENGTH:,} characters in all patterns of a filter together."
        raise build_refusal("FILTER_TOO_LARGE", "The filter's patterns are too long together.", hint, path)


def check_counts(comparisons: int, operands: int, path: Path) -> None:
    """
    Refuse a filter of so many comparisons, whose lists together hold so many values.

    Raises:
        FilterError: FILTER_TOO_LARGE.
    """
    if comparisons > MAX_COMPARISONS:
        hint = f"Use at most {MAX_COMPARISONS} comparisons; in: […] counts as one."
        raise build_refusal("FILTER_TOO_LARGE", "The filter holds too many comparisons.", hint, path)
    if operands > MAX_OPERANDS:
        hint = f"Use at most {MAX_OPERANDS:,} values in all lists of a filter together."
        raise build_refusal("FILTER_TOO_LARGE", "The filter's lists hold too many values.", hint, path)


def _parts(tree: Filter) -> tuple[Filter, ...]:
    match tree:
        case And(parts) | Or(parts):
            return parts
        case Not(part) | Some(_, part):
            return (part,)
    return ()


def _find_field(name: str, fields: Mapping[str, FieldSpec], path: Path) -> FieldSpec:
    spec = fields.get(name)
    if spec is None:
        raise _unknown(name, "is no field of this type", fields, path)
    return spec


def _unknown(name: str, trouble: str, fields: Iterable[str], path: Path) -> FilterError:
    known = ", ".join(map(to_word, fields))
    return build_refusal("FIELD_UNKNOWN", f"'{to_word(name)}' {trouble}.", f"Known fields: {known}.", path)


def _check_operator(comparison: Comparison, place: Place) -> None:
    known = OPERATORS[place.spec.kind]
    if comparison.op not in known:
        hint = f"Operators of this field: {', '.join(sorted(known)) or 'none, filter by its elements'}."
        message = f"'{comparison.op}' cannot be used on a field of kind {place.spec.kind}."
        raise build_refusal("OPERATOR_INVALID", message, hint, place.path)
    if comparison.ignore_case and not (place.spec.kind is Kind.TEXT and comparison.op in _CAN_IGNORE_CASE):
        message = f"'{comparison.op}' cannot ignore case here."
        raise build_refusal("OPERATOR_INVALID", message, "Leave ignoreCase out.", place.path)


def _bind_key(key: str | None, place: Place) -> str | None:
    if not place.spec.keyed and key is None:
        return None
    if place.spec.keyed and key and len(key) <= _MAX_KEY_LENGTH:
        return check_text(key, place)
    hint = f"Name one key of 1 to {_MAX_KEY_LENGTH} characters." if place.spec.keyed else "Leave the key out."
    raise build_refusal(
        "KEY_INVALID", f"'{to_word(place.spec.name)}' needs a key, other fields none.", hint, place.path
    )


def _bind_operand(comparison: Comparison, place: Place) -> Scalar | tuple[Scalar, ...] | None:
    match comparison.op:
        case Op.IS_NULL | Op.PRESENT:
            if comparison.value is not None:
                raise build_refusal("OPERAND_INVALID", f"'{place.op}' takes no operand.", "Leave it out.", place.path)
            return None
        case Op.IN:
            return _bind_list(comparison.value, place)
        case Op.MATCHES:
            return _bind_pattern(comparison.value, place)
    return cast_operand(comparison.value, place)


def _bind_list(values: Any, place: Place) -> tuple[Scalar, ...]:
    if values is None:
        cast_operand(None, place)
    if not isinstance(values, tuple | list | set | frozenset):
        raise build_refusal("OPERAND_INVALID", "'in' takes a list.", "Write it in brackets.", place.path)
    if len(values) > MAX_IN:
        hint = f"Ask for at most {MAX_IN} values at a time."
        raise build_refusal("LIST_TOO_LONG", f"'in' holds {len(values)} values.", hint, place.path)
    places = (Place(place.spec, place.op, (*place.path, number)) for number in range(len(values)))
    return tuple(cast_operand(value, at) for value, at in zip(values, places, strict=True))


def _bind_pattern(value: object, place: Place) -> Scalar:
    pattern = cast_operand(value, place)
    try:
        check_pattern(str(pattern))
    except FilterError as error:
        error.path = place.path
        raise
    return pattern


def check_ranges(parts: Iterable[Filter], path: Path) -> None:
    """
    Refuse a conjunction that wants a value above one bound and below a smaller one; `path` is where its parts stand.

    Raises:
        FilterError: RANGE_INVERTED.
    """
    lowest: dict[str, Any] = {}
    highest: dict[str, Any] = {}
    for comparison in _conjuncts(parts):
        field, bound = comparison.field, _to_sortable(comparison.value)
        if comparison.op in _LOWER:
            lowest[field] = max(bound, lowest.get(field, bound))
        elif comparison.op in _UPPER:
            highest[field] = min(bound, highest.get(field, bound))
        if field in lowest and field in highest and lowest[field] > highest[field]:
            message = f"The range of '{to_word(field)}' is inverted."
            raise build_refusal("RANGE_INVERTED", message, "Exchange the two bounds.", path)


def _conjuncts(parts: Iterable[Filter]) -> Iterator[Comparison]:
    for part in parts:
        if isinstance(part, And):
            yield from _conjuncts(part.parts)
        elif isinstance(part, Comparison) and part.op in _LOWER | _UPPER and part.key is None:
            yield part


def _to_sortable(value: Any) -> Any:
    return read_number(value) if isinstance(value, str) else value
