"""How the adapter's tests write: prepare, send, and hold what was shown against what the vendor received."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from adapters.contract import Journal, PreparedWrite, WriteCommand, WriteResult
from tests.adapters.vendors.taguchi_v5.world import SOURCE, World, scope

ALLOWED: dict[str, Any] = {
    "allow_creation": True,
    "allow_updates": True,
    "allow_anonymization": True,
    "allow_events": True,
    "allow_messages": True,
    "allow_partition_creation": True,
    "allow_partition_updates": True,
}

_SENT_AT = re.compile(r'(unsubscribedTimestamp": ")20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ')


@dataclass
class Notes(Journal):
    """Remembers what it was told, in order."""

    sending: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    done: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    known_by: dict[str, str] = field(default_factory=dict)

    async def note_known_by(self, known_by: Mapping[str, str]) -> None:
        self.known_by |= known_by

    async def note_sending(self, step: str, places: Sequence[int] = ()) -> None:
        self.sending.append((step, tuple(places)))

    async def note_done(self, step: str, known_by: Mapping[str, str], items: Sequence[Any] = ()) -> None:
        self.done.append((step, tuple(items)))


def command(kind: str, *, target: Any = None, consent: Any = None, **values: Any) -> WriteCommand:
    """One mutation; `items` are those of a bulk one."""
    items = tuple(values.pop("items", ()))
    return WriteCommand(kind=kind, source=SOURCE, target=target, values=values, items=items, consent=consent)


async def prepare(world: World, asked: WriteCommand) -> PreparedWrite:
    """Prepare a write."""
    return await world.adapter.prepare_write(asked, scope(), purpose="test")


async def send(world: World, asked: WriteCommand, notes: Notes | None = None) -> WriteResult:
    """Prepare and send a write; what was shown before is what the vendor got, the time of sending aside."""
    prepared = await prepare(world, asked)
    before = len(writes(world))
    result = await world.adapter.send_write(prepared, scope(), notes or Notes())
    sent = [(method, url, _name_present(body)) for method, url, body in writes(world)[before:]]
    assert [(each.method, unquote(each.url), each.body) for each in prepared.requests] == sent
    return result


def _name_present(body: Any) -> Any:
    return json.loads(_SENT_AT.sub(r"\1{now}", json.dumps(body)))


async def look_again(world: World, asked: WriteCommand) -> WriteResult:
    """Find out what became of a write whose answer was lost."""
    return await world.adapter.fetch_outcome(asked, {}, scope(), purpose="test")


def writes(world: World) -> list[tuple[str, str, Any]]:
    """Method, path with query, and body of every call that was no read."""
    calls = [call for call in world.sandbox.calls.entries if call.method != "GET"]
    return [(call.method, call.line.split(" ", 1)[1], json.loads(call.body) if call.body else None) for call in calls]


def bodies(world: World) -> list[Any]:
    """The bodies the vendor received."""
    return [body for _, _, body in writes(world)]
