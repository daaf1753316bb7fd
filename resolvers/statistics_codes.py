"""
The codes of events that statistics are asked of: which type of event each is, and whether there is one.
"""

from collections.abc import Iterable, Sequence

from adapters.contract import Source
from adapters.errors import FacadeError, InputError
from adapters.records import Entity, EventTypeRecord, SeriesRecord
from resolvers.context import FacadeErrorAt, RequestContext
from resolvers.lookups import fetch_references
from resolvers.selection import Selection


async def check_codes(
    source: Source,
    codes: Sequence[str],
    found: Iterable[Sequence[SeriesRecord]],
    ctx: RequestContext,
    selection: Selection,
) -> None:
    """
    Refuse a code that no type of event has.

    A vendor says nothing of a code it does not know, just as of one nothing happened under. So a code that is in none
    of the replies is looked up, all of them in one call; a code that counted something needs no look-up. Where the
    look-up fails the numbers stand, and the failure beside them.

    Raises:
        InputError: EVENT_UNKNOWN, with the code's place.
    """
    counted = {series.code for each in found for series in each}
    absent = [code for code in dict.fromkeys(codes) if code not in counted]
    if not absent or Entity.EVENT_TYPE not in source.capability.entities:
        return
    types = await fetch_references(Entity.EVENT_TYPE, [(source.name, code) for code in absent], ctx, selection)
    failures = [each for each in types if isinstance(each, FacadeError)]
    ctx.notices.extend(FacadeErrorAt(each, tuple(selection.path.split("."))) for each in failures[:1])
    unknown = next((code for code, each in zip(absent, types, strict=True) if each is None), None)
    if unknown is not None:
        raise InputError(
            f"The source {source.name} has no such type of event.",
            reason="EVENT_UNKNOWN",
            hint=f'`eventTypes(source: "{source.name}")` lists those there are.',
            path=("events", codes.index(unknown)),
        )


async def series_event_type(
    parents: Sequence[SeriesRecord], args: None, ctx: RequestContext, selection: Selection
) -> list[EventTypeRecord | FacadeError | None]:
    """Find the type of event each series counts."""
    del args
    return await fetch_references(
        Entity.EVENT_TYPE, [(parent.source, parent.code) for parent in parents], ctx, selection
    )
