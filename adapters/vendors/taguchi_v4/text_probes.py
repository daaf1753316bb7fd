"""
How texts are ordered, and whether the empty text can be asked for.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from adapters.errors import VendorRejectedError
from adapters.evidence import Finding, Verdict
from adapters.records import Entity

from .endpoints import ListCall
from .questions import Asker, read_ids
from .texts import equal_to

CODE_POINTS: Final = "code_point_order"
EMPTY_OPERAND: Final = "empty_operand"

ORDERED: Final = ((Entity.LIST, "name"), (Entity.CAMPAIGN, "name"), (Entity.SUBSCRIBER, "lastname"))
TEXTS: Final = ("state", "title", "lastname", "email")
_MANY: Final = 100
_FEW: Final = 5

_ORDER_MEANINGS: Final = {
    Verdict.PROVEN: "Capital letters stand before small ones. Orders by text stay the source's own and are not merged.",
    Verdict.DISPROVED: "Texts stand as in a language. Orders by text stay the source's own and are not merged.",
    Verdict.UNDECIDED: "Orders by text stay the source's own and are not merged.",
}
_EMPTY_MEANINGS: Final = {
    Verdict.PROVEN: "Nothing changes: the empty text is asked for by a pattern, which brings the same rows.",
    Verdict.DISPROVED: "The empty text is rightly asked for by a pattern.",
    Verdict.UNDECIDED: "The empty text is asked for by a pattern, which holds either way.",
}


async def probe_text_order(asker: Asker) -> Finding:
    """Compare ordered texts with the order of their code points, and with that of small letters."""
    agreed = against = 0
    for entity, wire in ORDERED:
        for descending in (False, True):
            call = ListCall((f"{wire}-nt-null",), wire, _MANY, descending)
            texts = [str(row.get(wire)) for row in await asker.fetch_rows(entity, call)]
            telling = _find_telling(texts[::-1] if descending else texts)
            agreed += sum(first < second for first, second in telling)
            against += sum(first > second for first, second in telling)
    verdict = Verdict.DISPROVED if against else Verdict.PROVEN if agreed else Verdict.UNDECIDED
    return Finding(
        fact=CODE_POINTS,
        title="Texts are ordered by code point",
        verdict=verdict,
        asked=asker.take_shapes(),
        came=f"Of the neighbours that tell orders apart, {agreed} stand by code point and {against} against it.",
        meaning=_ORDER_MEANINGS[verdict],
    )


def _find_telling(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return the neighbours that code points and small letters order differently."""
    return [
        (first, second)
        for first, second in pairwise(texts)
        if (first < second) != (first.lower() < second.lower()) and first.lower() != second.lower()
    ]


async def probe_empty_operand(asker: Asker) -> Finding:
    """Ask for the empty text by `eq` and by a pattern."""
    same = other = 0
    for wire in TEXTS:
        expected = await asker.fetch_rows(Entity.SUBSCRIBER, ListCall((equal_to(wire, ""),), "id", _FEW))
        try:
            found = await asker.fetch_rows(Entity.SUBSCRIBER, ListCall((f"{wire}-eq-",), "id", _FEW))
        except VendorRejectedError:
            other += 1
            break
        same += bool(expected) and read_ids(found) == read_ids(expected)
        other += read_ids(found) != read_ids(expected)
    verdict = Verdict.DISPROVED if other else Verdict.PROVEN if same else Verdict.UNDECIDED
    return Finding(
        fact=EMPTY_OPERAND,
        title="The empty text can be an operand of eq",
        verdict=verdict,
        asked=asker.take_shapes(),
        came=f"For {same} fields both brought the same people with an empty text, for {other} they did not.",
        meaning=_EMPTY_MEANINGS[verdict],
    )
