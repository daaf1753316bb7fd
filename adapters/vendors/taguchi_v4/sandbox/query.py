"""
The query interface's parameters, read and checked.

Source: taguchi-v4-api.txt, Queries. Where it is silent: a parameter given twice (other than `query`) is refused, an
unknown parameter is ignored.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .refusals import bad_request
from .resources import Resource

Parameters = Sequence[tuple[str, str]]

_PREDICATE = re.compile(r"(?P<field>.*?)-(?P<op>eq|neq|lt|gt|lte|gte|re|rei|like|is|nt)-(?P<operand>.*)", re.DOTALL)
_DIGITS = re.compile(r"0*\d{1,19}", re.ASCII)
BIGINT_LIMIT = 2**63


@dataclass(frozen=True, slots=True)
class Predicate:
    """One `query=field-op-operand`, split at the first operator."""

    field: str
    op: str
    operand: str


@dataclass(frozen=True, slots=True)
class ListQuery:
    """
    A list read: which rows, in which order, how many. `sort` None is the order of creation.
    """

    predicates: tuple[Predicate, ...]
    sort: str | None
    descending: bool
    limit: int
    offset: int


def read_list_query(parameters: Parameters, resource: Resource) -> ListQuery:
    """
    Read the query interface's parameters.

    Raises:
        Refusal: 400 for anything that is not as documented.
    """
    order = single(parameters, "order") or "asc"
    if order not in {"asc", "desc"}:
        raise bad_request(f"order must be asc or desc, not {order}")
    sort = single(parameters, "sort")
    if sort is not None and sort not in resource.positions:
        raise bad_request(f"cannot sort by {sort}")
    return ListQuery(
        predicates=tuple(_read_predicate(value) for key, value in parameters if key == "query"),
        sort=sort,
        descending=order == "desc",
        limit=_read_number(parameters, "limit", default=1, least=1),
        offset=_read_number(parameters, "offset", default=0, least=0),
    )


def single(parameters: Parameters, name: str) -> str | None:
    """The value of a parameter that may be given once."""
    values = [value for key, value in parameters if key == name]
    if len(values) > 1:
        raise bad_request(f"{name} given more than once")
    return values[0] if values else None


def _read_predicate(text: str) -> Predicate:
    match = _PREDICATE.fullmatch(text)
    if match is None:
        raise bad_request(f"query is not field-operator-value: {text}")
    return Predicate(match["field"], match["op"], match["operand"])


def _read_number(parameters: Parameters, name: str, *, default: int, least: int) -> int:
    text = single(parameters, name)
    if text is None:
        return default
    if _DIGITS.fullmatch(text) is None or not least <= int(text) < BIGINT_LIMIT:
        raise bad_request(f"{name} must be an integer not below {least}, not {text}")
    return int(text)
