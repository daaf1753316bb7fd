"""What vendors tell is matched to the write it is about, whichever process it was told to, and whenever."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.calls import CallScope
from adapters.contract import Outcome, Source, ToldEvent, Webhook
from adapters.ledger import Entry, NewEntry
from adapters.ledger.store import Store, open_ledger
from resolvers.writes.arguments import digest_person
from resolvers.writes.item_learning import AT_A_TIME
from resolvers.writes.listening import KIND_CHARS, LOOK_BACK, MOST_EVENTS, MOST_WAITING, Listener
from resolvers.writes.telling import keep_told
from tests.resolvers.writes.conftest import EMAIL, World
from tests.resolvers.writes.fake_writer import writer_of

SENT = {"kind": "sent", "word": "m-1"}
JOINED = {"kind": "joined", "email": EMAIL}


def read_event(payload: Mapping[str, Any]) -> ToldEvent:
    """Read an event: by its word it proves a write; where it names people, nothing."""
    word, email = payload.get("word"), payload.get("email")
    return ToldEvent(
        kind=payload["kind"],
        payload=payload,
        known_by=(("mail", word),) if word else (),
        outcome=Outcome.APPLIED if word else None,
        people=frozenset({("email", email)}) if email else frozenset(),
    )


class Process:
    """One process: its own connection to the ledger, and who listens in it."""

    def __init__(self, ledger: Store, source: Source) -> None:
        self.ledger = ledger
        self.listener = Listener({"fake": source}, build_scope)

    async def tell(self, *payloads: Mapping[str, Any]) -> None:
        await keep_told(self.ledger, "fake", [read_event(each) for each in payloads], None, self.listener)

    async def listen(self) -> None:
        await self.listener.catch_up(self.ledger)
        await self.listener.go_on(self.ledger)

    async def begin(self, key: str = "k", email: str = EMAIL, **others: str) -> str:
        """Begin a write about somebody, whose vendor calls it `m-1`, and send it."""
        fields = others or {"email": email}
        command = {"kind": "upsertSubscriber", "source": "fake", "target": None, "values": {"fields": fields}}
        begun = await self.ledger.begin(
            NewEntry(
                tenant="*",
                principal="ann",
                mutation="upsertSubscriber",
                source="fake",
                key=key,
                input_hash="a" * 64,
                command={**command, "consent": None, "unchecked": False},
                people=frozenset({digest_person("email", email)}),
            )
        )
        await self.ledger.note_known_by(begun.entry.id, {"mail": "m-1"})
        await self.ledger.note_sending(begun.entry.id, "person.write")
        return begun.entry.id

    async def fetch(self, id_: str) -> Entry:
        found = await self.ledger.fetch(id_)
        assert found is not None
        return found

    async def list_matches(self) -> list[str | None]:
        events, _ = await self.ledger.list_events(["fake"], after=None, limit=1000)
        return [event.operation for event in events]


def build_scope(entry: Entry, items: int) -> CallScope:
    del items
    return CallScope(entry.id, entry.tenant, deadline_at=asyncio.get_running_loop().time() + 5)


@pytest.fixture
async def processes(world: World) -> AsyncIterator[list[Process]]:
    """Two processes over one ledger."""
    source = replace(world.source, webhook=Webhook((SecretStr("x" * 32),), lambda _body: (), read_event))
    world.vendor.people[EMAIL] = {"email": EMAIL}
    made = [Process(await open_ledger(world.url), source) for _ in range(2)]
    yield made
    for each in made:
        await each.ledger.aclose()


@pytest.mark.parametrize("event", [SENT, JOINED], ids=["by word", "by person"])
async def test_what_was_told_of_a_write_under_way_outlives_the_process(
    processes: list[Process], event: Mapping[str, Any]
) -> None:
    """Broken, a process that is killed would take with it what the vendor told of its writes."""
    killed, next_ = processes
    id_ = await killed.begin()
    await killed.tell(event)
    assert await killed.list_matches() == [None]

    await next_.listen()
    assert (await next_.fetch(id_)).outcome is None
    await killed.ledger.let_go()
    await next_.ledger.settle_expired()
    await next_.listen()

    found = await next_.fetch(id_)
    assert found.outcome == "APPLIED"
    read = {} if event is SENT else {"read": "person.read"}
    assert found.result["facts"] == {"webhook": event["kind"], **read}
    assert await next_.list_matches() == [id_]


async def test_what_was_kept_and_never_looked_at_is_taken_up(processes: list[Process]) -> None:
    """Broken, an event would be lost whose process was killed between keeping it and looking at it."""
    killed, next_ = processes
    id_ = await killed.begin()
    await killed.ledger.finish(id_, "ACCEPTED", {})
    await killed.ledger.store_event("fake", "d" * 64, SENT)
    await killed.ledger.store_event("fake", "e" * 64, {"unreadable": "x"})

    await next_.listen()

    assert (await next_.fetch(id_)).outcome == "APPLIED"
    assert await next_.list_matches() == [None, id_]


async def test_an_event_is_judged_by_what_was_open_when_it_was_told(processes: list[Process]) -> None:
    """Broken, one of two messages would be told as sent because the other one has come to its end meanwhile."""
    first, next_ = processes
    ids = [await first.begin(key) for key in "ab"]
    for id_ in ids:
        await first.ledger.finish(id_, "ACCEPTED", {})
    await first.tell(SENT, JOINED)
    await first.ledger.learn(ids[0], "REJECTED", {})

    await next_.listen()

    assert (await next_.fetch(ids[1])).outcome == "ACCEPTED"
    assert await next_.list_matches() == [None, None]


@pytest.mark.parametrize("event", [SENT, JOINED], ids=["by word", "by person"])
async def test_an_event_is_about_no_later_write(processes: list[Process], event: Mapping[str, Any]) -> None:
    """Broken, what was told of something else would be believed of a write that came after it."""
    first, next_ = processes
    await first.tell(event)
    id_ = await first.begin()
    await first.ledger.finish(id_, "ACCEPTED", {})

    await first.listen()
    await next_.listen()

    assert (await next_.fetch(id_)).outcome == "ACCEPTED"
    assert await next_.list_matches() == [None]


async def test_two_processes_look_once(processes: list[Process], world: World) -> None:
    """Broken, every process would ask the vendor about every event."""
    id_ = await processes[0].begin()
    await processes[0].ledger.finish(id_, "UNKNOWN", {})
    await processes[0].tell(JOINED)

    for _ in range(3):
        await asyncio.gather(*(each.listen() for each in processes))

    assert (await processes[1].fetch(id_)).outcome == "APPLIED"
    assert await processes[1].list_matches() == [id_]
    assert world.vendor.looks == 1


async def test_a_process_takes_up_no_more_at_a_time_than_it_can(processes: list[Process]) -> None:
    """Broken, a start over a ledger full of events would block everything, or leave the older ones alone."""
    first, next_ = processes
    total = 2 * MOST_EVENTS + 100
    for start in range(0, total, 100):
        events = [(f"{number:064}", {"kind": "x", "n": number}) for number in range(start, start + 100)]
        await first.ledger.store_events("fake", events)
    read = count_reads(next_)

    counts = []
    for _ in range(5):
        await next_.listener.catch_up(next_.ledger)
        counts.append(len(read))

    assert counts == [MOST_EVENTS, 2 * MOST_EVENTS, total, total, total]
    assert len(set(read)) == total
    assert min(read[:MOST_EVENTS]) >= total - MOST_EVENTS - 100, "the newest first"


def count_reads(process: Process) -> list[int]:
    """Note the numbers of the events that a process reads."""
    read: list[int] = []

    def note(payload: Mapping[str, Any]) -> ToldEvent:
        read.append(payload["n"])
        return read_event(payload)

    source = process.listener.sources["fake"]
    assert source.webhook is not None
    process.listener.sources = {"fake": replace(source, webhook=replace(source.webhook, read_event=note))}
    return read


async def test_no_more_is_waited_for_than_there_is_room_for(processes: list[Process]) -> None:
    """Broken, whoever tells very much of one write under way would fill the memory, or it would be lost."""
    first, _ = processes
    id_ = await first.begin()
    await first.tell(*({**SENT, "n": number} for number in range(MOST_WAITING + 5)))
    for _ in range(3):
        await first.listen()

    await first.ledger.finish(id_, "ACCEPTED", {})
    for _ in range(MOST_WAITING // AT_A_TIME):
        await first.listener.go_on(first.ledger)

    assert (await first.fetch(id_)).outcome == "APPLIED"
    assert await first.ledger.count_events(["fake"], unmatched=True) == 5
    await first.listen()
    assert await first.ledger.count_events(["fake"], unmatched=True) == 0


async def test_a_source_that_reads_nothing_back_is_not_asked(processes: list[Process], world: World) -> None:
    """Broken, an event would wait for ever for a read that does not exist."""
    first, _ = processes
    source = first.listener.sources["fake"]
    deaf = {name: replace(ability, read_back=None) for name, ability in source.writes.items()}
    first.listener.sources = {"fake": replace(source, writes=deaf)}
    id_ = await first.begin()
    await first.ledger.finish(id_, "UNKNOWN", {})

    await first.tell(JOINED)

    assert await first.list_matches() == [id_]
    assert (await first.fetch(id_)).outcome == "UNKNOWN"
    assert writer_of(world.source).looked == 0


async def test_a_write_that_cannot_be_looked_at_keeps_no_other_waiting(
    processes: list[Process], caplog: pytest.LogCaptureFixture
) -> None:
    """Broken, one write that our own mistake stumbles over would end the matching of all others."""
    first, _ = processes
    ids = [await first.begin("a", "eve@b.co", state="broken"), await first.begin("b")]
    for id_ in ids:
        await first.ledger.finish(id_, "UNKNOWN", {})

    await first.tell({"kind": "joined", "email": "eve@b.co"}, {"kind": "j" * 1000, "email": EMAIL})
    await first.listen()

    assert [(await first.fetch(id_)).outcome for id_ in ids] == ["UNKNOWN", "APPLIED"]
    assert (await first.fetch(ids[1])).result["facts"]["webhook"] == "j" * KIND_CHARS
    assert await first.list_matches() == [ids[1], None]
    assert "KeyError" in caplog.text


async def test_what_is_old_is_left_alone(processes: list[Process], world: World) -> None:
    """Broken, every start would look at everything that was ever told."""
    first, next_ = processes
    read = count_reads(next_)
    for number, age in enumerate((LOOK_BACK - timedelta(minutes=1), LOOK_BACK + timedelta(minutes=1))):
        at = datetime.now(UTC) - age
        then = await open_ledger(world.url, clock=partial(stay_at, at))
        await then.store_event("fake", str(number) * 64, {**SENT, "n": number})
        await then.aclose()

    await next_.listen()

    assert read == [0]
    assert await first.list_matches() == [None, None]


def stay_at(moment: datetime) -> datetime:
    """Tell the same time always."""
    return moment
