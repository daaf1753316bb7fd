"""
What the process remembers of vendors' answers, over all requests, and the reads that are on their way.

An entry is known by everything that may tell two readers apart: the source with its credential, the principal's
sources and scopes, and the question. A write moves the generation of a kind of record at a source: nothing that was
read before it is remembered after it, also where the answer comes later.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Generic, TypeVar, cast

from cachetools import TLRUCache

V = TypeVar("V")

LONG_S: Final = 300.0
SHORT_S: Final = 5.0

PLACE_MARK: Final = "#"
"""Stands in a place between the source's name, which never holds it, and what tells its credential."""

LIFETIMES_S: Final[Mapping[str, float]] = {
    "list": LONG_S,
    "campaign": LONG_S,
    "activity": 60.0,
    "template": LONG_S,
    "import": 60.0,
    "view": LONG_S,
    "event_type": LONG_S,
    "audience": LONG_S,
    "partition": LONG_S,
    "custom_field": LONG_S,
    "statistics": 60.0,
    "subscriber": SHORT_S,
    "feed_event": SHORT_S,
    "message": SHORT_S,
    "unsubscribe": SHORT_S,
}
"""How long an answer about each kind of thing is believed: what changes seldom long, people for moments."""


class Worth(StrEnum):
    """
    What an answer is worth to others than who asked.

    KEEP: an answer. NOTHING: an answer that there is nothing, soon untrue. SHARE: a failure that is everybody's who
    waits for it. OWN: a failure of whoever asked first, such as having run out of time.
    """

    KEEP = "KEEP"
    NOTHING = "NOTHING"
    SHARE = "SHARE"
    OWN = "OWN"


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is asked, and of which kind the answer is.

    `place` is the source with its credential and `reader` the principal's sources and scopes; `asked` tells questions
    of one reader at one place apart.
    """

    place: str
    reader: str
    kind: str
    asked: Hashable


@dataclass(frozen=True, slots=True)
class Recalled(Generic[V]):
    """
    An answer, and where it came from.

    `shared` says that it was read for somebody else at the same time; `age_s` is how old a remembered one is, None for
    one that was read now.
    """

    value: V
    shared: bool = False
    age_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    value: object
    read_at: float
    dies_at: float
    size: int


@dataclass(slots=True)
class _Flight:
    task: "asyncio.Task[object]"
    waiting: int = 0


def _die_at(_question: Question, entry: _Entry, _now: float) -> float:
    return entry.dies_at


def _size_of(entry: _Entry) -> int:
    return entry.size


@dataclass
class Memory:
    """
    Answers of at most `max_bytes` together, for at most `lifetimes_s` each; a kind without a lifetime is never kept.

    `nothing_s` is how long an answer is believed that there is nothing. One event loop uses one memory.
    """

    max_bytes: int = 32 * 1024**2
    lifetimes_s: Mapping[str, float] = field(default_factory=lambda: LIFETIMES_S)
    nothing_s: float = 2.0
    clock: Callable[[], float] = time.monotonic
    _generations: dict[tuple[str, str], int] = field(default_factory=dict, init=False)
    _flights: dict[Question, _Flight] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Begin with nothing remembered."""
        self._entries: TLRUCache[Question, _Entry] = TLRUCache(
            self.max_bytes, _die_at, timer=self.clock, getsizeof=_size_of
        )

    def forget(self, place: str, kind: str) -> None:
        """Move the generation of one kind of record at one source, after a write to it."""
        self._generations[place, kind] = self._generations.get((place, kind), 0) + 1
        for question in [each for each in self._entries if (each.place, each.kind) == (place, kind)]:
            self._entries.pop(question, None)
        for question in [each for each in self._flights if (each.place, each.kind) == (place, kind)]:
            del self._flights[question]  # who waits gets its answer; who comes now reads anew

    def forget_source(self, source: str, kind: str) -> None:
        """Move the generation of one kind of record at a source, with whatever credential it was read."""
        known = {*self._generations, *((each.place, each.kind) for each in (*self._entries, *self._flights))}
        for place, found in known:
            if found == kind and place.partition(PLACE_MARK)[0] == source:
                self.forget(place, kind)

    async def recall(
        self,
        question: Question,
        read: Callable[[], Awaitable[V]],
        *,
        judge: Callable[[V], Worth],
        weigh: Callable[[V], int],
        max_age_s: float | None = None,
    ) -> Recalled[V]:
        """
        Return the answer to a question: remembered, on its way, or read now.

        `judge` says what an answer is worth and `weigh` how many bytes it takes. An answer older than `max_age_s` is
        read anew; 0 always reads, and joins nobody. A read goes on for those who wait when its first asker is gone.
        """
        if question.kind not in self.lifetimes_s or max_age_s == 0:
            generation = self._generation(question)  # before the read: a write may come meanwhile
            value = await read()
            self._keep(question, value, judge(value), weigh, generation)
            return Recalled(value)
        entry = self._find(question, max_age_s)
        if entry is not None:
            return Recalled(cast("V", entry.value), age_s=self.clock() - entry.read_at)
        return await self._join(question, read, judge, weigh)

    async def _join(
        self,
        question: Question,
        read: Callable[[], Awaitable[V]],
        judge: Callable[[V], Worth],
        weigh: Callable[[V], int],
    ) -> Recalled[V]:
        flight = self._flights.get(question)
        shared = flight is not None
        if flight is None:
            flight = self._start(question, read, judge, weigh)
        value = cast("V", await self._wait(question, flight))
        if shared and judge(value) is Worth.OWN:
            return Recalled(await read())
        return Recalled(value, shared=shared)

    def _start(
        self,
        question: Question,
        read: Callable[[], Awaitable[V]],
        judge: Callable[[V], Worth],
        weigh: Callable[[V], int],
    ) -> _Flight:
        generation = self._generation(question)

        async def fly() -> object:
            try:
                value = await read()
                self._keep(question, value, judge(value), weigh, generation)
                return value
            finally:
                if self._flights.get(question) is flight:
                    del self._flights[question]

        flight = _Flight(asyncio.get_running_loop().create_task(fly()))
        self._flights[question] = flight
        return flight

    async def _wait(self, question: Question, flight: _Flight) -> object:
        """Wait for a read without owning it; the last who gives it up ends it."""
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                flight.task.cancel()
                if self._flights.get(question) is flight:
                    del self._flights[question]

    def _find(self, question: Question, max_age_s: float | None) -> _Entry | None:
        entry: _Entry | None = self._entries.get(question)
        if entry is None or (max_age_s is not None and self.clock() - entry.read_at > max_age_s):
            return None
        return entry

    def _keep(self, question: Question, value: V, worth: Worth, weigh: Callable[[V], int], generation: int) -> None:
        lifetime_s = self.lifetimes_s.get(question.kind)
        if lifetime_s is None or worth in {Worth.SHARE, Worth.OWN} or generation != self._generation(question):
            return
        now = self.clock()
        dies_at = now + (min(lifetime_s, self.nothing_s) if worth is Worth.NOTHING else lifetime_s)
        entry = _Entry(value, now, dies_at, weigh(value))
        if entry.size <= self.max_bytes:
            self._entries[question] = entry

    def _generation(self, question: Question) -> int:
        return self._generations.get((question.place, question.kind), 0)
