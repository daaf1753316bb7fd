"""A graph whose fields are answered in every way there is, by things that behave well or badly."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import strawberry
from graphql import GraphQLResolveInfo, GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from graph.execution.collector import BATCHED
from graph.types.relation import GraphInfo, local, plain
from graph.types.scalars import SCALARS
from tests.graph.execution.world import (
    WORLDS,
    Thing,
    Word,
    World,
    count_to,
    find_author,
    find_books,
    find_friends,
)

LazyBook = Annotated["Book", strawberry.lazy("tests.graph.execution.library")]
LazyAuthor = Annotated["Author", strawberry.lazy("tests.graph.execution.library")]


def _world(info: GraphInfo) -> World:
    return WORLDS[info.context.request.operation_id]


Count = Annotated[int, strawberry.argument(description="How many.")]


def _ask(batch: Any, description: str, *, marked: bool, default: int = 2) -> Any:
    """Describe a field that a batch function answers, known as such or not."""

    def resolve(root: strawberry.Parent[Any], info: GraphInfo, count: Count = default) -> Any:
        return info.context.collector.load(batch, root, count, info._raw_info)

    metadata = {BATCHED: True} if marked else {}
    return strawberry.field(resolver=resolve, description=description, metadata=metadata)


def _resolve(right: Callable[[World, Any, int], Any], name: str) -> Any:
    """Describe a field of a resolver that takes everything."""

    def resolve(root: strawberry.Parent[Any], info: GraphInfo, count: Count = 2) -> Any:
        world = _world(info)
        return world.behave(partial(right, world, root, count), name, repr(root), count)

    return strawberry.field(resolver=resolve)


def _await(right: Callable[[World, Any, int], Any], name: str) -> Any:
    """Describe a field of an async resolver."""

    async def resolve(root: strawberry.Parent[Any], info: GraphInfo, count: Count = 2) -> Any:
        await asyncio.sleep(0)
        world = _world(info)
        return world.behave(partial(right, world, root, count), name, repr(root), count)

    return strawberry.field(resolver=resolve)


def _raise(value: Any) -> Any:
    """Raise an error that came as a value: whoever tells types returns none."""
    if isinstance(value, Exception):
        raise value
    return value


def _read_double(thing: Any) -> Any:
    return thing.world.behave(thing.number * 2, "double", repr(thing))


def _read_same(thing: Any) -> Any:
    return thing


async def _later(value: Any) -> Any:
    await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


async def _stream(values: Sequence[Any]) -> Any:
    for value in values:
        await asyncio.sleep(0)
        yield value


def _is(kind: str) -> Callable[[Any, GraphQLResolveInfo[Any]], Any]:
    def is_type_of(thing: Any, _info: GraphQLResolveInfo[Any]) -> Any:
        return isinstance(thing, Thing) and _raise(thing.world.behave(thing.kind == kind, "is", repr(thing), kind))

    return is_type_of


def _marked(kind: str) -> Callable[[type], type]:
    def decorate(cls: type) -> type:
        cls.is_type_of = staticmethod(_is(kind))  # type: ignore[attr-defined]
        return strawberry.type(cls)

    return decorate


@strawberry.interface
class Node:
    """Something with an id."""

    id: strawberry.ID = plain("Its id.")
    title: str | None = plain("Its title.")

    @classmethod
    def resolve_type(cls, thing: Any, _info: Any, _abstract: Any) -> Any:
        if not isinstance(thing, Thing):
            return None
        name = _raise(thing.world.behave(thing.kind, "type", repr(thing)))
        return _later(name) if thing.number == 3 else name


@strawberry.type
class Page:
    """A part of a book; nothing tells whether a value is one."""

    id: strawberry.ID = plain("Its id.")
    size: int = plain("Its number.")
    note: str = plain("A note that must be there, and is there for some.")
    book: LazyBook = _resolve(lambda world, page, _count: world.find("Book", getattr(page, "number", 0)), "page book")


@_marked("Book")
class Book(Node):
    """A book."""

    note: str | None = plain("A note.")
    size: int = plain("A whole number.")
    score: float | None = plain("A number.")
    flag: bool = plain("Yes or no.")
    word: Word | None = plain("A word.")
    words: list[Word] | None = plain("Words.")
    at: datetime | None = plain("A time.")
    grid: list[list[int] | None] | None = plain("Lists of numbers.")
    parts: list[Page] | None = plain("Pages.")
    double: int | None = local(_read_double, "Twice the number.")
    same: LazyBook = local(_read_same, "Itself.")
    author: LazyAuthor | None = _ask(find_author, "Who wrote it.", marked=True)
    editor: LazyAuthor = _ask(find_author, "Who must be there.", marked=True)
    friends: list[Node] | None = _ask(find_friends, "Things like it.", marked=True)
    strangers: list[Node | None] = _ask(find_friends, "The same, asked one by one.", marked=False)
    sequel: LazyBook | None = _await(
        lambda world, book, count: world.find("Book", getattr(book, "number", 0) + count), "sequel"
    )


@_marked("Author")
class Author(Node):
    """An author."""

    name: str = plain("The title that must be there.", name="name")
    size: int | None = plain("A whole number.")
    books: list[Book] | None = _ask(find_books, "Books.", marked=True)
    drafts: list[Book | None] | None = _ask(find_books, "The same, asked one by one.", marked=False)
    best: Book = _await(lambda world, thing, _count: world.find("Book", getattr(thing, "number", 0)), "best")

    @strawberry.field
    def numbers(self: Any, least: int = 0, words: list[Word] | None = None) -> list[int]:
        """Compute from arguments alone."""
        found: list[int] = self.world.behave(
            [each for each in range(self.number) if each >= least], "numbers", repr(self)
        )
        return found


@strawberry.input
class Wish:
    """An input that may hold itself."""

    count: int = 2
    words: list[Word] | None = None
    deeper: "Wish | None" = None


Any_ = Annotated[Book | Author | Page, strawberry.union("Any")]


@strawberry.type
class Query:
    """Every way to a thing."""

    node: Node | None = _resolve(lambda world, _root, count: world.find("Book", count), "node")
    nodes: list[Node | None] = _await(
        lambda world, _root, count: world.mix(count),
        "nodes",
    )
    things: list[Any_] | None = _resolve(
        lambda world, _root, count: world.mix(count),
        "things",
    )
    books: list[Book] | None = _ask(find_books, "Books.", marked=True, default=4)
    shelf: list[Book] = _resolve(
        lambda world, _root, count: [world.find("Book", each) for each in count_to(count * 2)], "shelf"
    )
    arriving: list[Book] | None = _resolve(
        lambda world, _root, count: [_later(world.find("Book", each)) for each in count_to(count)], "arriving"
    )
    streamed: list[Book] | None = _resolve(
        lambda world, _root, count: _stream([world.find("Book", each) for each in count_to(count)]), "streamed"
    )

    @strawberry.field
    def author(self, info: GraphInfo, wish: Wish | None = None, number: int = 1) -> Author | None:
        """Find an author by an input."""
        world, number = _world(info), number + (wish.count if wish else 0)
        found: Author | None = world.behave(world.find("Author", number), "author", number)
        return found

    @strawberry.field
    def words(self, words: list[Word], more: list[Word] | None = None) -> list[Word]:
        """Give words back."""
        return [*words, *(more or ())]

    @strawberry.field
    def total(self, of: int, also: list[list[int | None]] | None = None) -> int:
        """Add numbers."""
        return of + sum(each or 0 for row in also or () for each in row)


@strawberry.type
class Mutation:
    """Fields that leave a trace."""

    @strawberry.field
    async def add(self, info: GraphInfo, number: int = 1) -> Book | None:
        """Add a book, whose title tells how many were added before."""
        world = _world(info)
        world.added += 1
        await asyncio.sleep(0)
        found: Book | None = world.behave(Thing(world, "Book", (number + world.added) % 10), "add", number, world.added)
        return found

    @strawberry.field
    def must(self, info: GraphInfo, number: int = 1) -> Book:
        """Add a book that must be there."""
        world = _world(info)
        world.added += 1
        found: Book = world.behave(Thing(world, "Book", (number + world.added) % 10), "must", number, world.added)
        return found


LIBRARY: GraphQLSchema = strawberry.Schema(
    Query, Mutation, config=StrawberryConfig(info_class=GraphInfo, scalar_map=SCALARS), types=[Book, Author]
)._schema
