"""
Large bulk writes as the worker will cut them: prepared chunk by chunk, so that a dry run shows what is then sent.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.calls import CallScope
from adapters.contract import ChecksItems, PreparedWrite, WriteCapability, WriteCommand, WritesRecords
from adapters.errors import InputError

_PLACE = 2
"""Where in the path of an item its place stands: after the argument and its list."""


@dataclass(frozen=True, slots=True)
class Slicer:
    """Prepares the items of one source's mutation in chunks of the size that the worker takes."""

    writer: WritesRecords
    ability: WriteCapability
    scope: CallScope
    purpose: str

    async def prepare(self, command: WriteCommand) -> PreparedWrite:
        """
        Prepare every chunk, and put them together; items are named by their places in the whole.

        The whole is checked first, as it is before the worker begins.
        """
        skipped = (await self.check(command)).skipped
        places = [place for place in range(len(command.items)) if place not in skipped]
        size = max(1, self.ability.bulk)
        chunks = [places[start : start + size] for start in range(0, len(places), size)]
        prepared = [await self._prepare_chunk(command, chunk) for chunk in chunks]
        return _join(command, [*prepared], skipped)

    async def check(self, command: WriteCommand) -> PreparedWrite:
        """
        Check the whole before any of it is sent, but for what takes a call for each item to know.

        What is known then is in what is returned; where there is more to know, that has no requests. Raises as
        `prepare_write`.
        """
        if self.ability.reads_nothing:
            return await self._prepare(command)
        if isinstance(self.writer, ChecksItems):
            await self.writer.check_items(command, self.scope, purpose=self.purpose)
        return PreparedWrite(command=command, requests=(), recipe=None)

    async def _prepare(self, command: WriteCommand) -> PreparedWrite:
        return await self.writer.prepare_write(command, self.scope, purpose=self.purpose)

    async def _prepare_chunk(self, command: WriteCommand, places: Sequence[int]) -> PreparedWrite:
        chunk = replace(command, items=tuple(command.items[place] for place in places))
        try:
            await asyncio.sleep(0)  # a chunk is prepared in one go, and there may be a hundred
            prepared = await self._prepare(chunk)
        except InputError as error:
            error.path = _move(error.path, places)
            raise
        return replace(prepared, skipped={places[at]: why for at, why in prepared.skipped.items()})


def _move(path: tuple[str | int, ...], places: Sequence[int]) -> tuple[str | int, ...]:
    """Name an item by its place in the whole."""
    at = path[_PLACE] if len(path) > _PLACE else None
    if not isinstance(at, int) or path[1] not in {"items", "ids"} or at >= len(places):
        return path
    return (*path[:_PLACE], places[at], *path[_PLACE + 1 :])


def _join(command: WriteCommand, prepared: Sequence[PreparedWrite], skipped: Mapping[int, str]) -> PreparedWrite:
    warnings = dict.fromkeys(warning for each in prepared for warning in each.warnings)
    return PreparedWrite(
        command=command,
        requests=tuple(request for each in prepared for request in each.requests),
        recipe=None,
        warnings=tuple(warnings),
        skipped={**skipped, **{place: why for each in prepared for place, why in each.skipped.items()}},
    )
