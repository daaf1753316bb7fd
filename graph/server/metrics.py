"""
`/metrics`: what the server counted since it started, in Prometheus' text format, for callers on this machine.

A vendor that renames or retypes a field is noticed here first: its records that cannot be read are counted by the
vendor's name of the field that was at fault, and each such field is logged once, without any value.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from adapters.calls import CallRecord
from graph.errors import refuse_request
from graph.server.auth import is_loopback

log = logging.getLogger(__name__)

MAX_SERIES: Final = 2_000
"""How many fields are told apart; what drifts beyond that is counted as the field `other`."""

UNSENT: Final = frozenset({"hit", "shared"})
"""What a call's `cache` says where its answer was remembered, or on its way for somebody else, and is counted there."""


class Metrics(Collector):
    """Counts vendor calls by how they ended, and unreadable records by the field at fault."""

    def __init__(self, fallbacks: Mapping[Any, int] | None = None) -> None:
        """Start at nothing, in a registry of its own; `fallbacks` is counted where operations are executed."""
        self._fallbacks = {} if fallbacks is None else fallbacks
        self._calls: Counter[tuple[str, str]] = Counter()
        self._drift: Counter[tuple[str, str, str]] = Counter()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def count(self, calls: Iterable[CallRecord]) -> None:
        """Count the calls of one finished request, or of one finished chunk of a bulk write."""
        for call in calls:
            self._calls[call.source, name_outcome(call)] += 1
            if call.cache not in UNSENT:
                for (entity, field), records in call.unreadable.items():
                    self._count_drift((call.source, entity, field), records)

    def _count_drift(self, place: tuple[str, str, str], records: int) -> None:
        if place not in self._drift:
            if len(self._drift) >= MAX_SERIES:
                place = (*place[:2], "other")
            else:
                log.warning("Source '%s' sends records of the kind %s whose field %s cannot be read.", *place)
        self._drift[place] += records

    def collect(self) -> Iterable[CounterMetricFamily]:
        """Yield what was counted, as Prometheus' client asks for it."""
        calls = CounterMetricFamily(
            "marketing_graph_vendor_calls",
            "Vendor calls by how they ended: OK, the code of their error, HIT or SHARED where none had to be sent.",
            labels=("source", "outcome"),
        )
        drift = CounterMetricFamily(
            "marketing_graph_vendor_drift",
            "Records that could not be read, by the vendor's field that is not as documented.",
            labels=("source", "entity", "field"),
        )
        fallbacks = CounterMetricFamily(
            "marketing_graph_executor_fallbacks",
            "Operations that graphql-core executed, by the reason why they are not compiled.",
            labels=("reason",),
        )
        by_reason = {(str(reason),): number for reason, number in self._fallbacks.items()}
        for family, counted in ((calls, self._calls), (drift, self._drift), (fallbacks, by_reason)):
            for labels, number in counted.items():
                family.add_metric(labels, number)
            yield family

    def print(self) -> bytes:
        """Write everything in Prometheus' text format."""
        return generate_latest(self._registry)


def name_outcome(call: CallRecord) -> str:
    """Say in one word how a call ended; the first of an error is its code."""
    if call.cache in UNSENT:
        return call.cache.upper()
    if call.error is not None:
        return call.error.partition(" ")[0]
    return "OK" if call.status is not None else "CANCELLED"


async def serve_metrics(request: Request) -> Response:
    """Answer callers on this machine, whoever else may reach the server."""
    if request.client is not None and not is_loopback(request.client.host):
        raise refuse_request(403, "Metrics are for callers on the server's own machine.", reason="CALLER_NOT_LOCAL")
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.print(), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})
