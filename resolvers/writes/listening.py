"""
What becomes of what vendors tell: events are said to be about writes, and writes to be done, as soon as both are known.

The ledger is the memory. What the ledger alone can tell is entered at once; what must wait, for a write under way or
for a vendor's read, is waited for here, and taken up again by the next process where this one goes.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from adapters.calls import CallRecord
from adapters.contract import Outcome, Source, ToldEvent, UnreadableTellingError
from adapters.errors import FacadeError, LedgerError
from adapters.ledger import Entry, Ledger, WebhookEvent
from resolvers.writes.item_learning import AT_A_TIME
from resolvers.writes.learning import learn
from resolvers.writes.looking import Look, begin_look, find_reader_of
from resolvers.writes.matching import Match, Nobodys, Told, build_told, find_match
from resolvers.writes.payload import WriteErrorRecord, to_plain_error
from resolvers.writes.worker import BuildScope, count_nothing

EVERY_S, SOON_S = 5.0, 0.5
"""Seconds between two looks at what is about no write yet, and at the writes that are waited for."""

LOOK_BACK, OVERLAP = timedelta(hours=6), timedelta(minutes=1)
"""How old an event may be that is taken up at the start; and later, since others enter theirs at the same time."""

MOST_HEARD, MOST_EVENTS, PAGE = 200, 500, 50
"""Events that are judged while their vendor waits; that are taken up at a time, the newest first; and read at once."""

MOST_WAITING: Final = 500
"""Events that are waited for; further ones stay about no write."""

TRIES: Final = 5
"""How often a vendor that cannot be read is asked because of an event."""

KIND_CHARS: Final = 100
"""How much of a vendor's word for an event is kept as evidence."""

UNREAD: Final = "unreadable"
"""What holds a body that could not be read, kept as an event."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Waiting:
    """An event, the write it is about as `Match` says, and how often the vendor could not be asked about it."""

    told: Told
    operation: str
    places: tuple[int, ...]
    by_person: bool
    failed: int = 0


@dataclass
class Listener:
    """
    Says which writes events are about, and what that proves of them.

    `build_scope` gives each look at a vendor a deadline and calls of its own, which `count` is told of afterwards.
    """

    sources: Mapping[str, Source]
    build_scope: BuildScope
    count: Callable[[Sequence[CallRecord]], None] = count_nothing
    _waiting: dict[str, _Waiting] = field(default_factory=dict, init=False, repr=False)
    _judged: set[str] = field(default_factory=set, init=False, repr=False)
    _since: datetime | None = field(default=None, init=False, repr=False)
    _behind: bool = field(default=False, init=False, repr=False)
    _called: asyncio.Event = field(default_factory=asyncio.Event, init=False, repr=False)

    async def run(self, ledger: Ledger) -> None:
        """Go on for as long as the server runs."""
        clock = asyncio.get_running_loop().time
        catch_up_at = clock()
        while True:
            try:
                if clock() >= catch_up_at or self._behind:
                    await self.catch_up(ledger)
                    catch_up_at = clock() + EVERY_S
                await self.go_on(ledger)
            except LedgerError:
                log.warning("what vendors told could not be matched to writes; it is tried again")
            except Exception:
                log.exception("what vendors told could not be matched to writes")
            await self._rest(SOON_S if self._waiting or self._behind else catch_up_at - clock())

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._called.wait(), max(seconds, SOON_S))
        self._called.clear()

    @property
    def _is_full(self) -> bool:
        return len(self._waiting) >= MOST_WAITING

    async def hear(self, ledger: Ledger, told: Sequence[Told]) -> None:
        """Enter what the ledger alone can tell of events that were kept, of very many later; raises `LedgerError`."""
        nobodys: Nobodys = set()
        for each in told[:MOST_HEARD]:
            await self._judge(ledger, each, nobodys)
        self._behind = self._behind or len(told) > MOST_HEARD
        if self._waiting or self._behind:
            self._called.set()

    async def catch_up(self, ledger: Ledger) -> None:
        """
        Take up events about no write that nobody here has judged: those that were kept and then left alone.

        What is too much for one time is gone on with the next time, back to where everything was judged.
        """
        names = sorted(name for name, source in self.sources.items() if source.webhook is not None)
        begun = datetime.now(UTC)
        since = self._since = self._since or begun - LOOK_BACK
        seen, taken, nobodys, after, more = set[str](), 0, set[tuple[str, str]](), None, bool(names)
        while more and taken < MOST_EVENTS and not self._is_full:
            page, more = await ledger.list_events(names, unmatched=True, after=after, limit=PAGE)
            recent = [stored for stored in page if stored.received_at >= since]
            for stored in recent:
                taken += await self._take_up(ledger, stored, nobodys)
            seen.update(stored.id for stored in recent)
            after, more = page[-1].id if page else after, more and len(recent) == len(page)
        self._behind = more and not self._is_full
        if not more:
            self._judged &= seen
            self._since = begun - OVERLAP

    async def _take_up(self, ledger: Ledger, stored: WebhookEvent, nobodys: Nobodys) -> bool:
        """Judge an event; False where that was done before."""
        if stored.id in self._judged or stored.id in self._waiting:
            return False
        event = self._read(stored)
        if event is None:
            self._judged.add(stored.id)
        else:
            await self._judge(ledger, build_told(stored, event, again=False), nobodys)
        return True

    def _read(self, stored: WebhookEvent) -> ToldEvent | None:
        """Read an event as it was kept; None where it was forgotten, or never could be read."""
        webhook = self.sources[stored.source].webhook
        if webhook is None or not stored.payload or stored.payload.keys() == {UNREAD}:
            return None
        try:
            return webhook.read_event(stored.payload)
        except UnreadableTellingError:
            return None

    async def _judge(self, ledger: Ledger, told: Told, nobodys: Nobodys) -> None:
        match = await find_match(ledger, told, nobodys)
        if match is not None and self._must_wait(match):
            if not self._is_full:
                short = replace(told, event=replace(told.event, payload={}))
                self._waiting[told.id] = _Waiting(short, match.entry.id, match.places, match.by_person)
            return
        if match is not None:
            await _settle(ledger, told, match.entry)
        self._judged.add(told.id)

    def _must_wait(self, match: Match) -> bool:
        return match.entry.outcome is None or (match.by_person and self._can_look(match.entry))

    def _can_look(self, entry: Entry) -> bool:
        source = self.sources.get(entry.source)
        return source is not None and find_reader_of(entry, source) is not None

    async def go_on(self, ledger: Ledger) -> None:
        """Go on with what is waited for, a write at a time; raises `LedgerError`."""
        groups: dict[str, list[_Waiting]] = {}
        for each in self._waiting.values():
            groups.setdefault(each.operation, []).append(each)
        for id_, group in groups.items():
            entry = await ledger.fetch(id_)
            if entry is None:
                self._forget(group)
            elif entry.outcome is not None:
                await self._end(ledger, entry, group[:AT_A_TIME])
            else:
                self._forget(each for each in group if each.told.told_at < datetime.now(UTC) - LOOK_BACK)

    async def _end(self, ledger: Ledger, entry: Entry, group: Sequence[_Waiting]) -> None:
        """Say what events prove of a write that has come to its end, or have it looked at where they name people."""
        named = [each for each in group if each.by_person]
        if named and self._can_look(entry) and not await self._look(ledger, entry, named):
            group = [each for each in group if not each.by_person]
        for each in group:
            await _settle(ledger, each.told, entry)
        self._forget(group)

    async def _look(self, ledger: Ledger, entry: Entry, named: Sequence[_Waiting]) -> bool:
        """Ask the source about a write; False where that is to be done later."""
        source = self.sources[entry.source]
        writer = await begin_look(entry, source, ledger)
        if writer is None:
            return False
        places = sorted({place for each in named for place in each.places})
        ability = source.writes[entry.mutation]
        facts = {"webhook": named[0].told.event.kind[:KIND_CHARS], "read": ability.read_back}
        scope = self.build_scope(entry, len(places))
        try:
            await learn(entry, Look(ledger, writer, scope, "webhook", places, facts, ability.touches))
        except LedgerError:
            raise
        except FacadeError as error:
            log.warning("a webhook of source %s tells of the write %s: %s", entry.source, entry.id, error.code)
        except Exception:  # one write that cannot be looked at keeps no other waiting
            log.exception("a webhook of source %s tells of the write %s", entry.source, entry.id)
        else:
            return True
        finally:
            self.count(scope.calls)
        for each in named:
            each.failed += 1
        return all(each.failed >= TRIES for each in named)

    def _forget(self, group: Iterable[_Waiting]) -> None:
        for each in list(group):
            self._waiting.pop(each.told.id, None)
            self._judged.add(each.told.id)


async def _settle(ledger: Ledger, told: Told, entry: Entry) -> None:
    """Enter what an event proves of a write, and that it is about it; the first write it was about stays."""
    await _prove(ledger, entry, told.event)
    if told.operation is None:
        await ledger.match_event(told.id, entry.id)
        if told.event.own_word is not None:
            await ledger.note_known_by(entry.id, dict([told.event.own_word]))


async def _prove(ledger: Ledger, entry: Entry, event: ToldEvent) -> None:
    """Enter what an event's own words prove of a write; of one that is settled nothing more is learnt."""
    if event.outcome is None:
        return
    evidence: dict[str, Any] = {"facts": {**entry.result.get("facts", {}), "webhook": event.kind}, "errors": []}
    if event.error is not None:
        refused = WriteErrorRecord(code="VENDOR_REJECTED", reason=event.kind.upper(), message=event.error)
        evidence["errors"] = [to_plain_error(refused)]
    overruled = (Outcome.APPLIED.value,) if event.overrules else ()
    await ledger.learn(entry.id, event.outcome.value, evidence, overruled=overruled)
