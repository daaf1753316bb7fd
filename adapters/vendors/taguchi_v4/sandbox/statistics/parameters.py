"""
The parameters of statistics requests, read and checked.

Source: taguchi-v4-api.txt, Statistics Resource, Common Query Parameters and Campaign/Activity Totals. Where it is
silent: without `period` it is `all`, without `granularity` it is `campaign` (as the example's ids suggest), without
`event` every type counts; a code no event has is no error and counts nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.vendors.taguchi_v4.sandbox.columns import INTEGER
from adapters.vendors.taguchi_v4.sandbox.query import Parameters, single
from adapters.vendors.taguchi_v4.sandbox.refusals import bad_request
from adapters.vendors.taguchi_v4.sandbox.times import read_timestamp

from .periods import BUCKET_OF, Mode, Period, Range

GRANULARITIES: Mapping[str, str] = {
    name: f"{name}_id" for name in ("campaign", "activity", "revision", "configuration")
}
"""
The granularities, and the parameter that restricts to ids of each; a parameter counts only without those before it.
"""


@dataclass(frozen=True, slots=True)
class Restriction:
    """Only events with one of these ids in this field."""

    field: str
    ids: tuple[int, ...]


def read_range(parameters: Parameters, mode: Mode) -> Range:
    """
    Read `start_date` and `end_date`; a range that ends before it starts holds nothing.
    """
    start_us = _read_date(parameters, "start_date", -math.inf)
    end_us = _read_date(parameters, "end_date", math.inf)
    return Range(start_us, end_us, mode)


def read_periods(parameters: Parameters) -> tuple[Period, ...]:
    """
    Read `period`, in the order given, each once.
    """
    asked = dict.fromkeys(values_of(parameters, "period"))
    if unknown := asked.keys() - BUCKET_OF.keys():
        raise bad_request(f"period must be one of {', '.join(BUCKET_OF)}, not {', '.join(sorted(unknown))}")
    return tuple(period for name in asked for period in BUCKET_OF if period == name) or ("all",)


def read_granularity(parameters: Parameters) -> str:
    """
    Read `granularity` as the field of an event that results are grouped by.
    """
    asked = single(parameters, "granularity")
    if asked is not None and asked not in GRANULARITIES:
        raise bad_request(f"granularity must be one of {', '.join(GRANULARITIES)}, not {asked}")
    return GRANULARITIES[asked or "campaign"]


def read_restriction(parameters: Parameters) -> Restriction | None:
    """
    Read the ids of the first parameter present; those after it are ignored, but must be ids too.
    """
    given = [Restriction(name, read_ids(parameters, name)) for name in GRANULARITIES.values()]
    return next((restriction for restriction in given if restriction.ids), None)


def read_ids(parameters: Parameters, name: str) -> tuple[int, ...]:
    """
    Read a repeatable parameter of integer ids.
    """
    try:
        return tuple(int(INTEGER.read(text) or 0) for text in dict.fromkeys(values_of(parameters, name)))
    except ValueError as error:
        raise bad_request(f"{name}: {error}") from error


def values_of(parameters: Parameters, name: str) -> list[str]:
    """
    Every value of a repeatable parameter.
    """
    return [value for key, value in parameters if key == name]


def _read_date(parameters: Parameters, name: str, default: float) -> float:
    text = single(parameters, name)
    try:
        return default if text is None else read_timestamp(text)
    except ValueError as error:
        raise bad_request(f"{name}: {error}") from error
