"""
Whether times are kept as whole seconds, as they are printed.

A row's printed time is asked for by `eq`: where it is kept with a fraction, the row does not come. Few rows are asked
for, so it is no promise about the others; times are asked for as ranges of their second either way.
"""

from collections.abc import Iterator
from typing import Final

from adapters.evidence import Finding, Verdict
from adapters.filters.fields import Kind
from adapters.records import Entity

from .columns import COLUMNS, Column
from .endpoints import ListCall
from .questions import Asker, read_ids
from .values import SECOND_LENGTH, parse_time

WHOLE_SECONDS: Final = "whole_seconds"
TESTED: Final = (Entity.SUBSCRIBER, Entity.LIST, Entity.CAMPAIGN)
SAMPLES: Final = 3
_MANY: Final = 100

_MEANINGS: Final = {
    Verdict.PROVEN: "Nothing changes: few rows are no promise, and a time is asked for as the range of its second.",
    Verdict.DISPROVED: "A time is rightly asked for as the range of its second: `eq` would lose rows.",
    Verdict.UNDECIDED: "A time is asked for as the range of its second, which holds either way.",
}


async def probe_whole_seconds(asker: Asker) -> Finding:
    """Ask for the newest times of every field by `eq`."""
    found = lost = 0
    for entity, column in _list_columns():
        call = ListCall((f"{column.wire}-nt-null",), column.wire, SAMPLES, descending=True)
        for row in await asker.fetch_rows(entity, call):
            came = await _find_again(asker, entity, column, row)
            found += came is True
            lost += came is False
    verdict = Verdict.DISPROVED if lost else Verdict.PROVEN if found else Verdict.UNDECIDED
    return Finding(
        fact=WHOLE_SECONDS,
        title="Times are kept as whole seconds",
        verdict=verdict,
        asked=asker.take_shapes(),
        came=f"Asked for by their printed time, {found} rows came and {lost} did not.",
        meaning=_MEANINGS[verdict],
    )


async def _find_again(asker: Asker, entity: Entity, column: Column, row: dict[str, object]) -> bool | None:
    """Say whether a row comes when it is asked for by its time; None where that cannot be told."""
    value = row.get(column.wire)
    if not isinstance(value, str) or parse_time(value) is None or len(value) != SECOND_LENGTH:
        return None
    ids = read_ids(await asker.fetch_rows(entity, ListCall((f"{column.wire}-eq-{value}",), "id", _MANY)))
    if set(read_ids([row])) <= set(ids):
        return True
    return None if len(ids) >= _MANY else False


def _list_columns() -> Iterator[tuple[Entity, Column]]:
    for entity in TESTED:
        for column in COLUMNS[entity].values():
            if column.kind is Kind.TIME and column.documented:
                yield entity, column
