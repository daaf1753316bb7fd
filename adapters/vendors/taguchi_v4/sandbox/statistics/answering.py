"""
The four statistics requests.
"""

from collections.abc import Mapping
from typing import Any

from adapters.vendors.taguchi_v4.sandbox.query import Parameters
from adapters.vendors.taguchi_v4.sandbox.store import Store

from .events import EventCounts
from .lists import ListCounts
from .parameters import read_granularity, read_ids, read_periods, read_range, read_restriction, values_of
from .periods import Mode

KINDS = frozenset({"aggregate", "campaign", "listaggregate", "list"})


def read_statistics(store: Store, kind: str, parameters: Parameters, mode: Mode) -> Mapping[str, Any]:
    """
    Answer one of `KINDS`; parameters of another are ignored.

    Raises:
        Refusal: 400 for anything wrong in the parameters.
    """
    asked, periods = read_range(parameters, mode), read_periods(parameters)
    if kind == "aggregate":
        return EventCounts(store.events, values_of(parameters, "event")).count_all(asked, periods)
    if kind == "campaign":
        field, only = read_granularity(parameters), read_restriction(parameters)
        return EventCounts(store.events, values_of(parameters, "event")).count_by(field, asked, periods, only)
    if kind == "list":
        return ListCounts(store, read_ids(parameters, "list_id")).count_by_list(asked, periods)
    return ListCounts(store, ()).count_all(asked, periods)
