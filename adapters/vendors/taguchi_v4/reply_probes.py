"""
What comes where nothing is found, and whether `revision` is another spelling of `revisions`.
"""

from typing import Final

from adapters.evidence import Finding, Verdict
from adapters.records import Entity, RevisionChoice

from .endpoints import ListCall, read_list_reply
from .questions import Asker
from .wire import Row

NOTHING_IS_204: Final = "nothing_is_204"
REVISION_ALIAS: Final = "revision_alias"

_NO_CONTENT: Final = 204
_FEW: Final = 5
_READ: Final = "Nothing changes: both are read as nothing found."
_ALIAS_MEANINGS: Final = {
    Verdict.PROVEN: "Nothing changes here; old clients that ask by `revision` get revisions.",
    Verdict.DISPROVED: "Nothing changes here; old clients that ask by `revision` get none.",
    Verdict.UNDECIDED: "Nothing changes: the documented `revisions` is asked for.",
}


async def probe_nothing(asker: Asker) -> Finding:
    """Ask for an id below every other."""
    reply = await asker.fetch_reply(Entity.SUBSCRIBER, ListCall(("id-lt-1",), "id", 1))
    rows = read_list_reply(reply)
    empty = reply.status == _NO_CONTENT
    verdict = Verdict.UNDECIDED if rows else Verdict.PROVEN if empty else Verdict.DISPROVED
    return Finding(
        fact=NOTHING_IS_204,
        title="Nothing found is 204",
        verdict=verdict,
        asked=asker.take_shapes(),
        came=f"Status {reply.status} with {'no body' if empty else f'{len(rows)} rows'}.",
        meaning=_READ,
    )


async def probe_revision_alias(asker: Asker) -> Finding:
    """Ask for the newest activities' revisions in both spellings."""
    call = ListCall((), "id", _FEW, descending=True)
    documented = _count(await asker.fetch_rows(Entity.ACTIVITY, _with_revisions(call)))
    alias = _count(await asker.fetch_rows(Entity.ACTIVITY, call, ("revision", RevisionChoice.LATEST.value)))
    verdict = Verdict.UNDECIDED
    if documented:
        verdict = Verdict.PROVEN if alias == documented else Verdict.DISPROVED
    return Finding(
        fact=REVISION_ALIAS,
        title="`revision` works like `revisions`",
        verdict=verdict,
        asked=asker.take_shapes(),
        came=f"`revisions` brought {documented} revisions, `revision` {alias}.",
        meaning=_ALIAS_MEANINGS[verdict],
    )


def _with_revisions(call: ListCall) -> ListCall:
    return ListCall(call.predicates, call.sort, call.limit, call.descending, RevisionChoice.LATEST)


def _count(rows: list[Row]) -> int:
    found = (row.get("revisions") for row in rows)
    return sum(len(each) for each in found if isinstance(each, list))
