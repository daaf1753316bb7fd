"""
What statistics cost, from their arguments as clients write them: a call a period, whatever is asked in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.contract import Source
from adapters.records import ListMeasure

Args = Mapping[str, Any]

_SHARED: Final = frozenset({"events", "periods"})
"""Arguments that may differ between questions which share their calls."""


def count_statistics(args: Args, sources: Sequence[Source], parents: int) -> tuple[int, int]:
    """
    Count the calls at the least and at the most.

    At the most, the records asked for do not fit one call, and codes that counted nothing are looked up in one more.
    """
    periods, ids = len(set(args.get("periods", ()))), _list_ids(args)
    if not periods or not parents or ids == [] or args.get("events") == []:
        return 0, 0
    counted = [able for source in sources for able in source.capability.statistics.values()]
    fitting = min((able.max_ids for able in counted), default=0)
    if not fitting:
        return 0, 0
    records = parents * len(ids or "1")
    return periods, periods * -(-records // fitting) + ("events" in args)


def count_series(args: Args) -> int:
    """Return how many rows of numbers a field brings of each record, and of how many records where they are named."""
    codes = len(args["events"]) if "events" in args else len(ListMeasure)
    return codes * len(set(args.get("periods", ()))) * len(_list_ids(args) or "1")


def leave_out_asked(args: Args, neighbours: Iterable[Args]) -> Args:
    """Leave out the periods that a neighbour asks in the same call, perhaps for other types of event."""
    asked = {period for other in neighbours if _question(other) == _question(args) for period in other["periods"]}
    return {**args, "periods": [period for period in args.get("periods", ()) if period not in asked]}


def _question(args: Args) -> Args:
    return {name: value for name, value in args.items() if name not in _SHARED}


def _list_ids(args: Args) -> Sequence[Any] | None:
    """Return the ids that are named, None where none are."""
    by = args.get("by")
    return next(iter(by.values())) if by else args.get("ids")
