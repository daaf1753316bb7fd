"""How the adapter's tests write: prepare, send, and hold what was shown against what the vendor received."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from adapters.contract import Journal, Outcome, PreparedWrite, WriteCommand, WriteResult
from adapters.sandbox.calls import ReceivedCall
from tests.adapters.vendors.taximail.account import build_account
from tests.adapters.vendors.taximail.world import SOURCE, World, build_world, scope

_SINGLE_USE = re.compile(r"/[0-9a-f]{32}/commit/[0-9a-f]{32}|(?<=selection)/[0-9a-f]{32}")


@dataclass
class Notes(Journal):
    """Remembers what it was told, in order."""

    sending: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    done: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    items: dict[int, Outcome] = field(default_factory=dict)

    async def note_known_by(self, known_by: Mapping[str, str]) -> None:
        raise AssertionError("no word of Taximail's is known before it answers")

    async def note_sending(self, step: str, places: Sequence[int] = ()) -> None:
        self.sending.append((step, tuple(places)))

    async def note_done(self, step: str, known_by: Mapping[str, str], items: Sequence[Any] = ()) -> None:
        self.done.append((step, dict(known_by)))
        self.items |= {item.place: item.outcome for item in items}


def build_writing_world(**options: Any) -> World:
    """The account of the document's examples, behind an adapter; Mary has left, and mail to Zoe comes back."""
    sandbox = build_account(**options)
    contacts = sandbox.store.lists[314].contacts
    contacts[5].status = "Unsubscribed"
    contacts[4].bounce = "Hard Bounced"
    return build_world(sandbox)


def command(
    kind: str, *, target: str | None = None, consent: str | None = None, unchecked: bool = False, **values: Any
) -> WriteCommand:
    """One mutation; `items` are those of a bulk one."""
    items = tuple(values.pop("items", ()))
    return WriteCommand(
        kind=kind, source=SOURCE, target=target, values=values, items=items, consent=consent, unchecked=unchecked
    )


async def prepare(world: World, asked: WriteCommand) -> PreparedWrite:
    """Prepare a write."""
    return await world.adapter.prepare_write(asked, scope(), purpose="test")


async def send(world: World, asked: WriteCommand, notes: Notes | None = None) -> WriteResult:
    """Prepare and send a write; preparing writes nothing, and what was shown before is what the vendor got."""
    before = len(writes(world))
    prepared = await prepare(world, asked)
    assert len(writes(world)) == before
    result = await world.adapter.send_write(prepared, scope(), notes or Notes())
    sent = writes(world)[before:]
    planned = iter([(each.method, each.url, _read_form(each.body)) for each in prepared.requests])
    assert all(each in planned for each in map(_to_shown, sent))  # in this order; a failed step may end them
    if result.outcome is Outcome.APPLIED and not result.items:
        assert next(planned, None) is None
    return result


async def look_again(world: World, asked: WriteCommand) -> WriteResult:
    """Find out what became of a write whose answer was lost."""
    return await world.adapter.fetch_outcome(asked, {}, scope(), purpose="test")


def writes(world: World) -> list[ReceivedCall]:
    """The calls that write, which a commit's GET is too; log-ins are none."""
    calls = [call for call in world.sandbox.calls.entries if call.path != "/v2/user/login"]
    return [call for call in calls if call.method != "GET" or "/commit/" in call.path]


def forms(world: World) -> list[list[tuple[str, str]]]:
    """What was written, in order; nothing for calls without a body."""
    return [_read_form(call.body) for call in writes(world) if call.body]


def lines(world: World) -> list[str]:
    """Method and path of every call that writes, tokens by their names."""
    return [f"{method} {url}" for method, url, _ in map(_to_shown, writes(world))]


def _to_shown(call: ReceivedCall) -> tuple[str, str, list[tuple[str, str]]]:
    path = _SINGLE_USE.sub(
        lambda found: "/{key_import}/commit/{token}" if "commit" in found[0] else "/{token}", call.path
    )
    return call.method, path, _read_form(call.body)


def _read_form(body: str | None) -> list[tuple[str, str]]:
    return parse_qsl(body or "", keep_blank_values=True, strict_parsing=bool(body))


ANN, BOB = {"email": "ann@example.com"}, {"email": "bob@example.com"}


def custom(**fields: Any) -> list[dict[str, Any]]:
    """Custom fields of an input: `f208="x"`."""
    return [{"key": f"custom_field_{name[1:]}", "value": value} for name, value in fields.items()]


def importing(*items: Any, **values: Any) -> Any:
    """An import into the list of the examples."""
    return command("importSubscribers", list_id="314", items=items, **values)
