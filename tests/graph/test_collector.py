"""The per-tick collector under both executors: how often batch functions are called, and whose errors are whose."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import pytest
from graphql import ExecutionResult, Executor, GraphQLSchema, build_schema, execute, parse, validate

from adapters.calls import CallScope
from adapters.errors import CapabilityError
from graph.context import GraphContext, build_graph_context
from graph.execution.compiled.operation import compile_operation
from graph.execution.engine import ExecutorName
from resolvers.context import RequestContext
from resolvers.principal import LOCAL
from resolvers.selection import Selection

SDL = """
type Query { shelf(size: Int = 3): [Book!]!  later(size: Int = 3): [Book!] }
type Book {
  id: Int!
  author(style: String): Author
  editor: Author!
  pages(size: Int = 2): [Page!]
  slow: Int
}
type Page { id: Int! author: Author  book: Book  note: String }
type Author { id: Int! name: String  books(size: Int = 2): [Book!] }
"""

Call = tuple[str, list[int], Any]


class Library:
    """Batch functions that write down every call, and a schema that asks them through the collector."""

    def __init__(self, executor: ExecutorName = ExecutorName.CORE) -> None:
        self.executor = executor
        self.calls: list[Call] = []
        self.selections: list[Selection] = []
        self.answers: dict[str, Any] = {}
        self.schema = self._build()

    def counts(self) -> list[tuple[str, int]]:
        return [(name, len(parents)) for name, parents, _ in self.calls]

    async def author(self, parents: Sequence[Any], args: Any, ctx: RequestContext, selection: Selection) -> Any:
        return await self._answer("author", parents, args, selection, [{"id": parent["id"]} for parent in parents])

    async def editor(self, parents: Sequence[Any], args: Any, ctx: RequestContext, selection: Selection) -> Any:
        return await self._answer("editor", parents, args, selection, [{"id": parent["id"]} for parent in parents])

    async def pages(self, parents: Sequence[Any], args: Any, ctx: RequestContext, selection: Selection) -> Any:
        rows = [[{"id": parent["id"] * 10 + place} for place in range(args)] for parent in parents]
        return await self._answer("pages", parents, args, selection, rows)

    async def books(self, parents: Sequence[Any], args: Any, ctx: RequestContext, selection: Selection) -> Any:
        rows = [[{"id": parent["id"] * 100 + place} for place in range(args)] for parent in parents]
        return await self._answer("books", parents, args, selection, rows)

    async def later(self, parents: Sequence[Any], args: Any, ctx: RequestContext, selection: Selection) -> Any:
        return await self._answer("later", [], args, selection, [[{"id": place} for place in range(args)]])

    async def _answer(
        self, name: str, parents: Sequence[Any], args: Any, selection: Selection, usual: list[Any]
    ) -> Any:
        self.calls.append((name, [parent["id"] for parent in parents], args))
        self.selections.append(selection)
        await asyncio.sleep(0)
        answer = self.answers.get(name, usual)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _build(self) -> GraphQLSchema:
        schema = build_schema(SDL)

        def resolve(type_name: str, field: str, batch: Any, argument: str | None = None) -> None:
            def load(parent: Any, info: Any, **given: Any) -> Any:
                return info.context.collector.load(batch, parent, given.get(argument) if argument else None, info)

            schema.type_map[type_name].fields[field].resolve = load  # type: ignore[attr-defined]

        async def slow(_parent: Any, _info: Any) -> int:
            await asyncio.sleep(0.01)
            return 1

        def shelf(_parent: Any, _info: Any, size: int) -> Any:
            return [{"id": place} for place in range(size)]

        schema.query_type.fields["shelf"].resolve = shelf
        schema.type_map["Book"].fields["slow"].resolve = slow  # type: ignore[attr-defined]
        resolve("Query", "later", self.later, "size")
        resolve("Book", "author", self.author, "style")
        resolve("Book", "editor", self.editor)
        resolve("Book", "pages", self.pages, "size")
        resolve("Page", "author", self.author)
        resolve("Author", "books", self.books, "size")
        return schema


def build_context() -> GraphContext:
    scope = CallScope("op", LOCAL.tenant, asyncio.get_running_loop().time() + 20)
    return build_graph_context(RequestContext(operation_id="op", principal=LOCAL, sources={}, scope=scope))


async def run(library: Library, query: str, **variables: Any) -> ExecutionResult:
    document = parse(query)
    assert not validate(library.schema, document)
    executor = Executor.build(library.schema, document, None, build_context(), variables)
    assert isinstance(executor, Executor)
    compiled = compile_operation(executor).run if library.executor is ExecutorName.COMPILED else None
    result: Any = compiled(executor) if compiled else executor.execute_operation()
    finished: ExecutionResult = await result
    return finished


@pytest.fixture
def library(executor: ExecutorName) -> Library:
    return Library(executor)


async def test_parents_of_one_list_share_one_call(library: Library) -> None:
    """Broken, this is the N+1 problem: one call for each of a hundred parents."""
    result = await run(library, "{ shelf(size: 100) { author { id } } }")

    assert library.counts() == [("author", 100)]
    assert result.data == {"shelf": [{"author": {"id": place}} for place in range(100)]}


async def test_parents_below_different_parents_share_one_call_per_level(library: Library) -> None:
    """Broken, every list of a level would make calls of its own."""
    await run(
        library, "{ shelf(size: 5) { author { books(size: 4) { pages(size: 3) { author { books { id } } } } } } }"
    )

    expected = [("author", 5), ("books", 5), ("pages", 20), ("author", 60), ("books", 60)]
    assert expected == library.counts()


async def test_slow_siblings_do_not_split_a_level(library: Library) -> None:
    """Broken, a field that is awaited on its own beside a relation would tear the relation's parents apart."""
    await run(
        library,
        "{ later(size: 4) { slow author { id books(size: 2) { slow pages { author { id } } } } slow editor { id } } }",
    )

    expected = [("later", 0), ("author", 4), ("editor", 4), ("books", 4), ("pages", 8), ("author", 16)]
    assert expected == library.counts()


async def test_the_same_relation_with_other_arguments_is_another_call(library: Library) -> None:
    """Broken, one alias would be answered with the other's arguments."""
    result = await run(library, "{ shelf(size: 2) { a: pages(size: 1) { id } b: pages(size: 2) { id } } }")

    assert library.calls == [("pages", [0, 1], 1), ("pages", [0, 1], 2)]
    assert result.data is not None
    assert result.data["shelf"][1] == {"a": [{"id": 10}], "b": [{"id": 10}, {"id": 11}]}


async def test_another_selection_is_another_call(library: Library) -> None:
    """Broken, a batch function would read one alias's selection and answer both by it."""
    await run(library, "{ shelf(size: 2) { a: author { id } b: author { name } } }")

    assert library.counts() == [("author", 2), ("author", 2)]
    assert [{"id"}, {"name"}] == [set(selection.names()) for selection in library.selections]


async def test_a_fragment_spread_twice_on_one_level_is_one_call(library: Library) -> None:
    """Broken, merged selections of one field would be asked for twice."""
    await run(library, "query { shelf(size: 2) { ...F author { name } } } fragment F on Book { author { id } }")

    assert library.counts() == [("author", 2)]
    assert {"id", "name"} == library.selections[0].names()


async def test_an_error_value_fails_one_parent(library: Library) -> None:
    """Broken, one bad key would take its neighbours with it."""
    error = CapabilityError("not this one")
    library.answers["author"] = [{"id": 7}, error, None]

    result = await run(library, "{ shelf { author { id } } }")

    assert result.data == {"shelf": [{"author": {"id": 7}}, {"author": None}, {"author": None}]}
    assert result.errors is not None
    assert [(["shelf", 1, "author"], error)] == [(each.path, each.original_error) for each in result.errors]


async def test_a_raised_error_fails_all_parents_as_it_is(library: Library) -> None:
    """Broken, a failed vendor call would lose its code on the way, or fail only the first parent."""
    error = library.answers["author"] = CapabilityError("none of them")

    result = await run(library, "{ shelf { id author { id } } }")

    assert result.data == {"shelf": [{"id": place, "author": None} for place in range(3)]}
    assert result.errors is not None
    assert [error] * 3 == [each.original_error for each in result.errors]


@pytest.mark.parametrize(
    "answer", [[], [{"id": 1}], [{"id": place} for place in range(4)]], ids=["none", "few", "many"]
)
async def test_a_wrong_number_of_values_is_given_to_nobody(library: Library, answer: list[Any]) -> None:
    """Broken, a parent would be shown its neighbour's data."""
    library.answers["author"] = answer

    result = await run(library, "{ shelf { id author { id } } }")

    assert result.data == {"shelf": [{"id": place, "author": None} for place in range(3)]}
    assert result.errors is not None
    assert len({id(each.original_error) for each in result.errors}) == 3
    assert {RuntimeError} == {type(each.original_error) for each in result.errors}


@pytest.mark.parametrize("answer", [None, 5, {"id": 1}], ids=["nothing", "number", "mapping"])
async def test_an_answer_that_is_no_list_is_given_to_nobody(library: Library, answer: Any) -> None:
    """Broken, a batch function that forgets to return would hang the request until its deadline."""
    library.answers["author"] = answer

    result = await asyncio.wait_for(run(library, "{ shelf { id author { id } } }"), 1)

    assert result.data == {"shelf": [{"id": place, "author": None} for place in range(3)]}


async def test_a_failed_neighbour_does_not_disturb_the_batch(library: Library) -> None:
    """Broken, a parent that graphql-core has given up would stop the others from getting their values."""
    library.answers["editor"] = [CapabilityError("no editor"), {"id": 1}, {"id": 2}]

    result = await run(library, "{ later { editor { id } author { id } } other: shelf { author { id } } }")

    assert result.data == {"later": None, "other": [{"author": {"id": place}} for place in range(3)]}


async def test_closing_stops_what_nobody_waits_for(library: Library) -> None:
    """Broken, a batch would go on calling vendors after the client has gone."""
    started, stopped = asyncio.Event(), asyncio.Event()

    async def never(parents: Sequence[Any], args: Any, ctx: RequestContext, selection: Selection) -> Any:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return []

    context = build_context()
    library.author = never  # type: ignore[method-assign]
    schema = library._build()
    running = asyncio.ensure_future(
        execute(schema, parse("{ shelf { author { id } } }"), context_value=context)  # type: ignore[arg-type]
    )
    await started.wait()
    running.cancel()
    context.collector.close()

    await asyncio.wait_for(stopped.wait(), 1)


async def test_the_selection_honours_skip_include_and_fragments(library: Library) -> None:
    """Broken, a costly part would be read for a field that is skipped, or missed where it is asked for."""
    await run(
        library,
        """
        query ($yes: Boolean!, $no: Boolean!) {
          few: shelf(size: 1) {
            who: author {
              id @skip(if: $yes)
              name @include(if: $yes)
              ... @include(if: $no) { books { id } }
              ...More
            }
          }
        }
        fragment More on Author { written: books(size: 1) { slow ... on Book { author { name } } } }
        """,
        yes=True,
        no=False,
    )
    selection = library.selections[0]

    assert {"name", "books"} == selection.names()
    assert (selection.has("books"), selection.has("id")) == (True, False)
    assert {"slow", "author"} == selection.child("books").names()
    assert {"name"} == selection.child("books").child("author").names()
    assert set() == selection.child("id").names()
    assert (selection.path, selection.child("books").path) == ("few.who", "few.who.books")


async def test_fragments_that_double_cost_no_more_than_their_length(library: Library) -> None:
    """Broken, a document of a kilobyte would keep the server busy for years."""
    steps = " ".join(f"fragment F{step} on Author {{ ...F{step + 1} ...F{step + 1} }}" for step in range(40))
    document = parse(f"{{ shelf(size: 1) {{ author {{ ...F0 }} }} }} {steps} fragment F40 on Author {{ id }}")
    started = time.perf_counter()

    result: Any = execute(library.schema, document, context_value=build_context())
    await result

    assert {"id"} == library.selections[0].names()
    assert time.perf_counter() - started < 1
