"""
How many rows one reply holds: the document names no bound of `limit`, and a server may cut without a word.
"""

from typing import Final

from adapters.errors import VendorContractError, VendorTimeoutError
from adapters.evidence import Finding, Verdict
from adapters.records import Entity

from .endpoints import ListCall
from .habits import PAGE_BOUND
from .keys import beyond_id
from .questions import Asker, read_ids

PROBED: Final = Entity.SUBSCRIBER
"""The resource that is asked for; what comes says nothing of the others."""

LIMITS: Final = (101, 2_001)
"""Asked for in turn: just more than the usual page, and more than any page of ours."""

_MEANINGS: Final = {
    Verdict.PROVEN: "No call asks for more.",
    Verdict.DISPROVED: "A reply with fewer rows than asked for is the last one.",
    Verdict.UNDECIDED: "max_page decides; replies with fewer rows than this one are not taken for cut.",
}


async def probe_page_bound(asker: Asker) -> Finding:
    """Ask for more and more people, until fewer come although others follow."""
    verdict, largest = Verdict.UNDECIDED, 0
    for limit in LIMITS:
        try:
            ids = read_ids(await asker.fetch_rows(PROBED, ListCall((), "id", limit)))
        except (VendorContractError, VendorTimeoutError):  # too long to read: that bound is ours
            break
        largest = max(largest, len(ids))
        verdict = Verdict.DISPROVED if len(ids) >= limit else await _judge_short(asker, ids)
        if len(ids) < limit:
            break
    return Finding(
        fact=PAGE_BOUND,
        title="The server cuts replies short",
        verdict=verdict,
        asked=asker.take_shapes(),
        came=f"The largest reply held {largest} rows{_tell(verdict)}.",
        meaning=_MEANINGS[verdict],
        value=largest,
    )


async def _judge_short(asker: Asker, ids: list[int]) -> Verdict:
    """Tell a reply that was cut from one that brought everybody."""
    if not ids:
        return Verdict.UNDECIDED
    following = await asker.fetch_rows(PROBED, ListCall((beyond_id(max(ids), descending=False),), "id", 1))
    return Verdict.PROVEN if following else Verdict.UNDECIDED


def _tell(verdict: Verdict) -> str:
    if verdict is Verdict.UNDECIDED:
        return ", which is everybody there is"
    return ", although more were asked for and others follow" if verdict is Verdict.PROVEN else ", as many as asked for"
