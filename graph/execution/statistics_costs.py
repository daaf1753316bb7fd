"""
What statistics cost, from their arguments as clients write them: a call a period, whatever is asked in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.contract import Source
from adapters.records import Entity, ListMeasure

Args = Mapping[str, Any]

_SHARED: Final = frozenset({"events", "periods"})
"""Arguments that may differ between questions which share their calls."""


def count_statistics(
    args: Args, neighbours: Iterable[Args], sources: Sequence[Source], parents: int
) -> tuple[int, int]:
    """
    Count the calls at the least and at the most; what a neighbour asks too is in its call.

    At the most, the records asked for do not fit one call, and codes that counted nothing are looked up one by one.
    """
    fitting = min((able.max_ids for source in sources for able in source.capability.statistics.values()), default=0)
    ids, codes = _list_ids(args), args.get("events")
    if not fitting or not parents or not args.get("periods") or ids == [] or codes == []:
        return 0, 0
    periods = len(_leave_out_asked(args, neighbours))
    records = parents * len(ids or "1")
    look_ups = [source.adapter.count_loads(Entity.EVENT_TYPE, len(codes))[1] for source in sources] if codes else [0]
    return periods, periods * -(-records // fitting) + max(look_ups)


def count_series(args: Args) -> int:
    """Return how many rows of numbers a field brings of each record, and of how many records where they are named."""
    codes = len(args["events"]) if "events" in args else len(ListMeasure)
    return codes * len(set(args.get("periods", ()))) * len(_list_ids(args) or "1")


def _leave_out_asked(args: Args, neighbours: Iterable[Args]) -> frozenset[Any]:
    """Return the periods that no neighbour asks in the same call, perhaps for other types of event."""
    asked = (period for other in neighbours if _question(other) == _question(args) for period in other["periods"])
    return frozenset(args["periods"]).difference(asked)


def _question(args: Args) -> Args:
    return {name: value for name, value in args.items() if name not in _SHARED}


def _list_ids(args: Args) -> Sequence[Any] | None:
    """Return the ids that are named, None where none are."""
    by = args.get("by")
    return next(iter(by.values())) if by else args.get("ids")
