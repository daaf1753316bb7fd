"""
The statistics calls: which one answers a question, and its parameters as documented.

Source: taguchi-v4-api.txt, Statistics Resource.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from adapters.calls import CallNote
from adapters.contract import StatisticsQuery
from adapters.errors import CapabilityError
from adapters.filters.capability import Evidence, StatisticsCapability
from adapters.records import StatisticsPeriod, StatisticsSubject, StatisticsUnit
from adapters.transport.client import VendorRequest
from adapters.transport.urls import quote_query

from .endpoints import MAX_QUERY_BYTES, build_request

MAX_IDS: Final = 200
"""Records one call asks for; fewer where they do not fit an address."""

LARGEST_ID: Final = 2**63 - 1

CALLS: Final[Mapping[StatisticsSubject, str]] = {
    StatisticsSubject.ACCOUNT: "aggregate",
    StatisticsSubject.CAMPAIGN: "campaign",
    StatisticsSubject.ACTIVITY: "campaign",
    StatisticsSubject.REVISION: "campaign",
    StatisticsSubject.CONFIGURATION: "campaign",
    StatisticsSubject.LISTS: "listaggregate",
    StatisticsSubject.LIST: "list",
}

_GRANULARITIES: Final = tuple(subject for subject, call in CALLS.items() if call == "campaign")


def _count(section: str, *within: StatisticsSubject) -> StatisticsCapability:
    """Declare what is counted; the document says of nothing whether events or people are."""
    return StatisticsCapability(
        tuple(StatisticsPeriod), StatisticsUnit.UNSTATED, Evidence.DOCUMENTED, section, within, MAX_IDS, LARGEST_ID
    )


STATISTICS: Final[Mapping[StatisticsSubject, StatisticsCapability]] = {
    StatisticsSubject.ACCOUNT: _count("Statistics Resource, Event Aggregates"),
    **{subject: _count("Statistics Resource, Campaign/Activity Totals", *_GRANULARITIES) for subject in _GRANULARITIES},
    StatisticsSubject.LISTS: _count("Statistics Resource, List Aggregates"),
    StatisticsSubject.LIST: _count("Statistics Resource, Total List Aggregates", StatisticsSubject.LIST),
}


def build_statistics(query: StatisticsQuery) -> VendorRequest:
    """
    Build `GET /stats/{call}?event=…&start_date=…&end_date=…&period=…&{kind}_id=…&granularity=…`.

    One period a call: a reply does not say which of several its buckets belong to. The granularity is always named,
    since what it is otherwise stands nowhere.

    Raises:
        CapabilityError: the parameters do not fit an address.
    Source: Common Query Parameters, Event Aggregates, Campaign/Activity Totals, Total List Aggregates.
    """
    params = build_params(query)
    if not fits(params):
        raise CapabilityError(
            "Taguchi takes what is asked of statistics in an address, and this is too long for one.",
            reason="CALL_TOO_LONG",
            hint="Ask for fewer records or fewer events at once.",
        )
    call = CALLS[query.subject]
    return build_request(
        f"stats.{call}", f"stats/{call}", params, CallNote(purpose=query.purpose, keys=len(query.ids) or None)
    )


def fits(params: tuple[tuple[str, str], ...]) -> bool:
    """Say whether parameters fit an address."""
    return len(quote_query(params)) <= MAX_QUERY_BYTES


def build_params(query: StatisticsQuery) -> tuple[tuple[str, str], ...]:
    """Build the parameters in the order the document's examples have them."""
    return (
        *(("event", code) for code in query.events),
        *_build_range(query.since, query.until),
        ("period", query.period.value),
        *((f"{query.within}_id", id_) for id_ in query.ids),
        *((("granularity", query.subject.value),) if CALLS[query.subject] == "campaign" else ()),
    )


def _build_range(since: date | None, until: date | None) -> Iterator[tuple[str, str]]:
    """
    Name the first and the last second of a range of days.

    The document speaks of "on or after" and "on or before a particular date" and shows times: from the first to the
    last second, whole days are meant however it is read.
    """
    if since is not None:
        yield "start_date", f"{since.isoformat()}T00:00:00"
    if until is not None:
        yield "end_date", f"{until.isoformat()}T23:59:59"
