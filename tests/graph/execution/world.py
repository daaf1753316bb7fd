"""
Things that behave well or badly, as a seed decides.

A field misbehaves for a parent by the hash of seed, field, parent and arguments, so whoever asks gets the same: it
raises, returns an error, nothing, or something else altogether. Batch functions also fail as a whole, or return too few
or too many values. Things are few, so that the same one stands in many places.
"""

import asyncio
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property
from typing import Any

import strawberry

from adapters.calls import CallScope
from adapters.errors import CapabilityError
from graph.context import GraphContext, build_graph_context
from resolvers.context import RequestContext
from resolvers.principal import LOCAL
from resolvers.selection import Selection

THINGS = 5
MOST = 6
START = datetime(2026, 3, 1, tzinfo=UTC)


@strawberry.enum
class Word(Enum):
    RED = "r"
    GREEN = "g"


@dataclass
class World:
    """The things of one run; `rate` of a thousand fields misbehave. `added` counts what mutations did."""

    seed: int
    rate: int
    added: int = 0
    things: dict[tuple[str, int], "Thing"] = field(default_factory=dict)

    def find(self, kind: str, number: int) -> "Thing":
        key = (kind, number % THINGS)
        if key not in self.things:
            self.things[key] = Thing(self, *key)
        return self.things[key]

    def mix(self, count: int) -> list["Thing"]:
        """Return books and authors in turn."""
        return [self.find(("Book", "Author")[number % 2], number) for number in count_to(count)]

    def draw(self, *what: object) -> int:
        """Return a number that depends on the seed and on what is asked alone."""
        return zlib.crc32(repr((self.seed, *what)).encode())

    def behave(self, right: Any, *what: object) -> Any:
        """Return the right value, which may be a function that makes it, or misbehave."""
        if self.draw("rate", *what) % 1000 >= self.rate:
            return right() if callable(right) else right
        choice = self.draw("choice", *what) % 9
        if choice == 0:
            raise CapabilityError(f"refused {what}")
        if choice == 1:
            raise RuntimeError(f"broken {what}")
        wrong: list[Any] = [
            CapabilityError(f"an error as a value {what}"),
            None,
            None,
            ["a", None, 7, RuntimeError(f"an error among values {what}")],
            "text",
            2**40,
            {"a": 1},
        ]
        return wrong[choice - 2]


@dataclass(eq=False)
class Thing:
    """A record of the test's; its attributes misbehave like everything else."""

    world: World
    kind: str
    number: int

    def __repr__(self) -> str:
        return f"{self.kind}{self.number}"

    def _behave(self, right: Any, name: str) -> Any:
        return self.world.behave(right, self.kind, self.number, name)

    @cached_property
    def id(self) -> Any:
        return self._behave(str(self.number), "id")

    @cached_property
    def title(self) -> Any:
        return self._behave(f"title {self.number}", "title")

    @property
    def name(self) -> Any:
        return self.title

    @property
    def note(self) -> Any:
        return self._behave(None if self.number % 2 else "note", "note")

    @cached_property
    def size(self) -> Any:
        return self._behave(self.number, "size")

    @cached_property
    def score(self) -> Any:
        return self._behave(self.number / 4, "score")

    @cached_property
    def flag(self) -> Any:
        return self._behave(self.number % 2 == 0, "flag")

    @cached_property
    def word(self) -> Any:
        return self._behave(Word.RED if self.number % 2 else Word.GREEN, "word")

    @cached_property
    def at(self) -> Any:
        return self._behave(START, "at")

    @cached_property
    def grid(self) -> Any:
        rows = [[self._behave(place, f"grid {row} {place}") for place in range(row)] for row in range(self.number)]
        return self._behave(rows, "grid")

    @cached_property
    def words(self) -> Any:
        return self._behave([Word.RED, Word.GREEN], "words")

    @cached_property
    def parts(self) -> Any:
        return self._behave([self.world.find("Page", self.number + place) for place in range(2)], "parts")


def count_to(count: int) -> range:
    """Count to what was asked for, and not too far."""
    return range(min(count, MOST))


WORLDS: dict[str, World] = {}
"""The world of the run that was begun last, by its operation id."""


def open_world(seed: int, rate: int) -> GraphContext:
    """Begin a run of its own: a new world that is seeded alike."""
    operation_id = f"{seed} {rate}"
    WORLDS.clear()
    WORLDS[operation_id] = World(seed, rate)
    scope = CallScope(operation_id, LOCAL.tenant, asyncio.get_running_loop().time() + 20)
    return build_graph_context(RequestContext(operation_id=operation_id, principal=LOCAL, sources={}, scope=scope))


async def _answer(name: str, parents: Sequence[Any], world: World, args: Any, usual: Callable[[Any], Any]) -> Any:
    """Answer as a batch function: for each parent well or badly, or all of them badly."""
    await asyncio.sleep(0)
    rate = world.draw("batch", name, args) % 1000
    if rate < world.rate // 2:
        if rate % 4 == 0:
            raise CapabilityError(f"no {name}")
        if rate % 4 == 1:
            return None
    values = [_attempt(world, usual, name, parent, args) for parent in parents]
    if rate < world.rate // 2:
        return values[:-1] if rate % 4 == 2 else [*values, *values, None]
    return values


def _attempt(world: World, usual: Callable[[Any], Any], name: str, parent: Any, args: Any) -> Any:
    try:
        return world.behave(usual(parent), "batched", name, repr(parent), args)
    except Exception as error:  # noqa: BLE001 - errors are values here
        return error


async def find_friends(parents: Sequence[Any], args: Any, ctx: RequestContext, selection: Selection) -> Any:
    """Find some things after each."""
    world = WORLDS[ctx.operation_id]
    kinds = ["Book", "Author"]
    return await _answer(
        "friends",
        parents,
        world,
        args,
        lambda thing: [world.find(kinds[place % 2], thing.number + place) for place in count_to(args)],
    )


async def find_author(parents: Sequence[Any], args: Any, ctx: RequestContext, selection: Selection) -> Any:
    """Find the author of each."""
    world = WORLDS[ctx.operation_id]
    return await _answer("author", parents, world, args, lambda thing: world.find("Author", thing.number // 2))


async def find_books(parents: Sequence[Any], args: Any, ctx: RequestContext, selection: Selection) -> Any:
    """Find the books of each."""
    world = WORLDS[ctx.operation_id]
    return await _answer(
        "books",
        parents,
        world,
        args,
        lambda thing: [world.find("Book", getattr(thing, "number", 0) + place) for place in count_to(args)],
    )
