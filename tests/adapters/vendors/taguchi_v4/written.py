"""How the adapter's tests write: prepare, send, and hold what was shown against what the vendor received."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from adapters.contract import Journal, PreparedWrite, WriteCommand, WriteResult
from adapters.vendors.taguchi_v4.writing.manifests import hide_manifest
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, scope

ROOT = "/admin/api/1/"
_TIME = re.compile(r'"unsubscribed": ?"20\d\d-[^"]*"')


@dataclass
class Notes(Journal):
    """Remembers what it was told, in order."""

    known_by: dict[str, str] = field(default_factory=dict)
    sending: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    done: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    async def note_known_by(self, known_by: Mapping[str, str]) -> None:
        self.known_by |= known_by

    async def note_sending(self, step: str, places: Sequence[int] = ()) -> None:
        self.sending.append((step, tuple(places)))

    async def note_done(self, step: str, known_by: Mapping[str, str], items: Sequence[Any] = ()) -> None:
        self.known_by |= known_by
        self.done.append((step, tuple(items)))


def command(kind: str, target: Any = None, consent: Any = None, **values: Any) -> WriteCommand:
    """One mutation."""
    return WriteCommand(
        kind=kind,
        source=SOURCE,
        target=None if target is None else str(target),
        values=values,
        consent=consent,
        unchecked=kind in {"processImport", "importSubscribers"},
    )


async def prepare(world: World, asked: WriteCommand) -> PreparedWrite:
    """Prepare a write; the vendor receives reads alone."""
    world.forget()
    prepared = await world.adapter.prepare_write(asked, scope(), purpose="test")
    assert writes(world) == []
    return prepared


async def send(world: World, asked: WriteCommand, notes: Notes | None = None) -> WriteResult:
    """
    Prepare and send a write; what was shown before is what the vendor got, ids and times not known yet aside.

    What is sent back whole is read once more before.
    """
    prepared = await prepare(world, asked)
    world.forget()
    result = await world.adapter.send_write(prepared, scope(), notes or Notes())
    shown = [(each.method, unquote(each.url), each.body) for each in prepared.requests]
    got = [each for each in received(world) if each[0] != "GET" or "/object-feed" in each[1]]
    assert [_settle(each, result) for each in shown[: len(got)]] == [_settle(each, result) for each in got]
    return result


def _settle(request: tuple[str, str, Any], result: WriteResult) -> tuple[str, str, str]:
    """Put what is not known beforehand in the place of its placeholder."""
    method, url, body = request
    text = _TIME.sub('"unsubscribed": "{now}"', json.dumps(hide_manifest(body)))
    return method, url.replace("{id}", str(result.id)), text


def received(world: World) -> list[tuple[str, str, Any]]:
    """Method, path with query, and body of every call."""
    calls = world.sandbox.calls.entries
    return [(call.method, call.line.split(" ", 1)[1], json.loads(call.body) if call.body else None) for call in calls]


def writes(world: World) -> list[tuple[str, Any]]:
    """What was written: `path?_method=…`, without the secret, and the one record of the body."""
    return [
        (url.removeprefix(ROOT).removesuffix("&auth=REDACTED"), body if body is None else body[0])
        for method, url, body in received(world)
        if method != "GET"
    ]


async def look_again(world: World, asked: WriteCommand, known_by: Mapping[str, str] | None = None) -> WriteResult:
    """Find out what became of a write whose answer was lost."""
    return await world.adapter.fetch_outcome(asked, known_by or {}, scope(), purpose="test")
