"""A filter in words, for plans and reasons: short, stable, and without its values where they may not be shown."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from adapters.filters.tree import And, Comparison, Filter, Not, Op, Or, Some

_SIGNS: Mapping[Op, str] = {
    Op.EQ: "=",
    Op.DIFFERS: "!=",
    Op.LT: "<",
    Op.LTE: "<=",
    Op.GT: ">",
    Op.GTE: ">=",
    Op.IS_NULL: "is missing",
    Op.PRESENT: "is present",
}
_MOST_OPERANDS = 5
_LONGEST_TEXT = 60


def describe(tree: Filter, *, show_values: bool = True) -> str:
    """Write the tree as one line; every value is `***` unless values may be shown."""
    match tree:
        case And(parts):
            return _join(parts, " and ", "everything", show_values=show_values)
        case Or(parts):
            return _join(parts, " or ", "nothing", show_values=show_values)
        case Not(part):
            return f"not ({describe(part, show_values=show_values)})"
        case Some(field, where):
            return f"some {field} ({describe(where, show_values=show_values)})"
        case Comparison():
            return f"{label(tree)}{_describe_operand(tree, show_values=show_values)}"


def label(leaf: Comparison) -> str:
    """Name a comparison's field and operator, never its value."""
    key = "" if leaf.key is None else f"[{json.dumps(leaf.key, ensure_ascii=False)}]"
    return f"{leaf.field}{key} {_SIGNS.get(leaf.op, leaf.op.value)}"


def _join(parts: tuple[Filter, ...], word: str, empty: str, *, show_values: bool) -> str:
    described = [describe(part, show_values=show_values) for part in parts]
    if len(parts) < 2:  # noqa: PLR2004 - one part needs neither word nor brackets
        return described[0] if described else empty
    bracketed = (isinstance(part, And | Or) and len(part.parts) > 1 for part in parts)
    return word.join(f"({text})" if inner else text for text, inner in zip(described, bracketed, strict=True))


def _describe_operand(leaf: Comparison, *, show_values: bool) -> str:
    if leaf.value is None:
        return ""
    case = " (any case)" if leaf.ignore_case else ""
    if not show_values:
        return f" ***{case}"
    if not isinstance(leaf.value, tuple):
        return f" {_describe_value(leaf.value)}{case}"
    shown = ", ".join(_describe_value(value) for value in leaf.value[:_MOST_OPERANDS])
    more = len(leaf.value) - _MOST_OPERANDS
    return f" ({shown}{f', and {more} more' if more > 0 else ''}){case}"


def _describe_value(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and not value.isdigit():
        short = value if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT]}…"
        return json.dumps(short, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)
