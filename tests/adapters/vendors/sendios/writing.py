"""Writing through the adapter: commands, a journal that notes all, and what was really sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.contract import ItemResult, Journal, PreparedWrite, WriteCommand, WriteResult
from tests.adapters.vendors.sendios.world import SOURCE, World, scope


@dataclass
class Notes(Journal):
    """A journal in memory: what it was told, in order."""

    told: list[tuple[str, Any]] = field(default_factory=list)

    async def note_known_by(self, known_by: Mapping[str, str]) -> None:
        self.told.append(("known", dict(known_by)))

    async def note_sending(self, step: str, places: Sequence[int] = ()) -> None:
        self.told.append(("sending", step))

    async def note_done(self, step: str, known_by: Mapping[str, str], items: Sequence[ItemResult] = ()) -> None:
        self.told.append(("done", step))


def build_command(kind: str, target: str | None = None, *, consent: str | None = None, **values: Any) -> WriteCommand:
    return WriteCommand(kind=kind, source=SOURCE, target=target, values=values, consent=consent)


async def prepare(world: World, command: WriteCommand) -> PreparedWrite:
    return await world.adapter.prepare_write(command, scope(), purpose="test")


async def write(world: World, command: WriteCommand, notes: Notes | None = None) -> WriteResult:
    """Prepare and send a write."""
    prepared = await prepare(world, command)
    return await world.adapter.send_write(prepared, scope(), notes or Notes())


async def find_out(world: World, command: WriteCommand) -> WriteResult:
    """Read what became of a write."""
    return await world.adapter.fetch_outcome(command, {}, scope(), purpose="test")


def changes(world: World) -> list[str]:
    """The calls the vendor received that could change something."""
    return [line for line in world.lines if not line.startswith("GET ") and "/email/check" not in line]
