"""
The sizes of audiences: of a thousand in one call.

Source: T1-OAS-MGMT, getAudiencesAnalytics.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.calls import CallNote, CallScope
from adapters.errors import FacadeError, VendorContractError
from adapters.records import Entity
from adapters.refusals import build_unreadable
from adapters.transport.client import Reply

from .endpoints import MAX_IDS, build_sizes, read_page
from .reading import Reader
from .values import UnreadableError, is_id, read_count, read_required_id
from .wire import Row

SIZE: Final = "size"

_MAX_QUERY_BYTES = 15_000
"""What the ids may take in an address, with a comma's three bytes each."""

Sizes = Mapping[str, object | FacadeError | None]


async def fetch_parts(
    reader: Reader, entity: Entity, part: str, ids: Sequence[str], scope: CallScope, *, purpose: str
) -> Sizes:
    """Read the sizes of audiences; one the vendor says nothing of is missing, a failed call fails its own ids."""
    if (entity, part) != (Entity.AUDIENCE, SIZE):
        raise AssertionError(f"Talon.One has no part {part} of {entity.plural}")
    groups = build_groups([each for each in dict.fromkeys(ids) if is_id(each)])
    replies = await asyncio.gather(*(_fetch_group(reader, group, scope, purpose) for group in groups))
    return {key: size for reply in replies for key, size in reply.items()}


def build_groups(ids: Sequence[str]) -> list[list[str]]:
    """Put ids together as long as one call takes them and an address holds them."""
    groups: list[list[str]] = []
    room = 0
    for each in ids:
        room -= len(each) + len("%2C")
        if not groups or room < 0 or len(groups[-1]) == MAX_IDS:
            groups.append([])
            room = _MAX_QUERY_BYTES - len(each)
        groups[-1].append(each)
    return groups


async def _fetch_group(reader: Reader, ids: Sequence[str], scope: CallScope, purpose: str) -> Sizes:
    try:
        reply = await reader.client.send(build_sizes(ids, CallNote(purpose=purpose, keys=len(ids))), scope)
        rows = read_page(reply).rows
    except FacadeError as error:
        return dict.fromkeys(ids, error)
    return _read_sizes(reply, rows, frozenset(ids))


def _read_sizes(reply: Reply, rows: Sequence[Row], wanted: frozenset[str]) -> Sizes:
    """Read each size by its audience's id; where a row has none, what is missing cannot be told from it."""
    found: dict[str, object | FacadeError | None] = {}
    lost: VendorContractError | None = None
    for row in rows:
        try:
            key = read_required_id(row, "audienceId")
        except UnreadableError as error:
            lost = build_unreadable(reply, Entity.AUDIENCE, error, "a size of no audience,")
            continue
        try:
            size: object = read_count(row, "membersCount")
        except UnreadableError as error:
            size = build_unreadable(reply, Entity.AUDIENCE, error, f"a size of audience {key},")
        if key in wanted:
            found.setdefault(key, size)
    return found if lost is None else {key: found.get(key, lost) for key in wanted}
