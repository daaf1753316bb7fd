"""Columns: what is shared, whose error is whose, and in which order things happen."""

from dataclasses import replace
from typing import Any

import pytest
from graphql import ExecutionResult, parse

from adapters.errors import CapabilityError, VendorContractError
from graph.execution.compiled.operation import compile_operation
from resolvers.pages import ConnectionRecord
from tests.graph.execution.library import LIBRARY
from tests.graph.execution.sameness import build, run_compiled, run_core
from tests.graph.execution.world import WORLDS, open_world
from tests.graph.test_collector import Library


async def run(text: str, **variables: Any) -> ExecutionResult:
    return await run_compiled(build(LIBRARY, parse(text), variables, open_world(1, 0)))


async def test_an_object_in_many_places_is_completed_once_and_shared() -> None:
    """Broken, a hundred people of one campaign would cost a hundred campaigns."""
    result = await run("{ books(count: 6) { author { id title } } }")

    assert result.data
    authors = [book["author"] for book in result.data["books"]]
    assert [author["id"] for author in authors] == ["0", "0", "1", "1", "2", "0"]
    assert len({id(author) for author in authors}) == 3


async def test_a_batch_function_gets_each_parent_once() -> None:
    """Broken, the same record would be looked up for every place it stands in."""
    text = "{ books(count: 6) { author { books(count: 1) { id } } } }"
    executor = build(LIBRARY, parse(text), {}, open_world(1, 0))
    asked: list[int] = []
    collector = executor.context_value.collector
    load_all = collector.load_all

    def watch(function: Any, parents: Any, args: Any, info: Any) -> Any:
        asked.append(len(parents))
        return load_all(function, parents, args, info)

    collector.load_all = watch
    await run_compiled(executor)

    assert asked == [1, 5, 3]


async def test_a_shared_object_tells_its_error_in_every_place() -> None:
    """Broken, a client would see a null without an error for it."""
    executor = build(LIBRARY, parse("{ books(count: 6) { author { size } } }"), {}, open_world(1, 0))
    author = WORLDS["1 0"].find("Author", 0)
    author.__dict__["size"] = CapabilityError("no size")

    result = await run_compiled(executor)

    paths = [["books", row, "author", "size"] for row in (0, 1, 5)]
    assert paths == [error.path for error in result.errors or ()]
    assert result.data
    assert [book["author"]["size"] for book in result.data["books"]] == [None, None, 1, 1, 2, None]


async def test_a_failure_takes_its_parents_as_far_as_they_must_be_there() -> None:
    """Broken, a client with non-null types would meet a null it has no type for."""
    executor = build(LIBRARY, parse("{ books { id editor { name } } total(of: 1) }"), {}, open_world(1, 0))
    WORLDS["1 0"].find("Author", 1).__dict__["title"] = None

    result = await run_compiled(executor)

    assert result.data == {"books": None, "total": 1}
    assert result.errors is not None
    [error] = result.errors
    assert (
        error.path,
        error.message,
    ) == (["books", 2, "editor", "name"], "Cannot return null for non-nullable field Author.name.")
    assert [(place.line, place.column) for place in error.locations or ()] == [(1, 23)]


@pytest.mark.parametrize("answer", [[], [{"id": 9}], [{"id": 9}] * 3], ids=["none", "too few", "too many"])
async def test_a_wrong_number_of_values_moves_nobody_elses(answer: Any) -> None:
    """Broken, a parent would be shown what is its neighbour's."""
    library = Library()
    library.answers["author"] = answer
    text = "{ shelf(size: 2) { id author { id } pages(size: 1) { id } } }"

    results = [
        await execute(build(library.schema, parse(text), {}, open_world(1, 0))) for execute in (run_core, run_compiled)
    ]

    rows = [{"id": place, "author": None, "pages": [{"id": place * 10}]} for place in range(2)]
    assert [{"shelf": rows}] * 2 == [result.data for result in results]
    assert results[0].errors is not None
    assert [each.formatted for each in results[0].errors] == [each.formatted for each in results[1].errors or ()]


async def test_mutations_run_one_after_the_other_and_stop_where_the_answer_ends() -> None:
    """Broken, writes would overtake each other, or go on after the answer has become null."""
    text = "mutation { a: add(number: 1) { id } b: add(number: 2) { id } c: must(number: 3) { id } d: add { id } }"
    context = open_world(5, 0)
    whole = await run_compiled(build(LIBRARY, parse(text), {}, context))
    steps = WORLDS["5 0"].added
    executor = build(LIBRARY, parse(text), {}, open_world(5, 1000))
    broken = await run_compiled(executor)

    assert list(whole.data or {}) == ["a", "b", "c", "d"]
    assert steps == 4
    assert broken.data is None
    assert WORLDS["5 1000"].added == 3


async def test_a_plan_keeps_nothing_of_a_request() -> None:
    """Broken, one caller's variables would come back in another's answer."""
    text = "query ($n: Int!, $w: [Word!]!) { total(of: $n) words(words: $w) books(count: $n) { id } }"
    document = parse(text)
    first = build(LIBRARY, document, {"n": 1, "w": ["RED"]}, open_world(1, 0))
    operation = compile_operation(first)
    await run_compiled(first, operation)

    second = await run_compiled(build(LIBRARY, document, {"n": 2, "w": []}, open_world(1, 0)), operation)

    assert second.data == {"total": 2, "words": [], "books": [{"id": "0"}, {"id": "1"}]}


async def test_what_a_page_cannot_show_is_told_at_its_place_by_both() -> None:
    """Broken, a page with an unreadable record would look whole."""
    gap = VendorContractError("One record cannot be read.", source="s", vendor="v", operation="o")
    page: ConnectionRecord[Any] = ConnectionRecord(gaps=(gap,))
    library = Library()
    library.answers["author"] = [page, replace(page, gaps=()), page]
    text = "{ shelf { author { name } } }"

    executors = [build(library.schema, parse(text), {}, open_world(1, 0)) for _ in range(2)]
    await run_core(executors[0])
    library.schema.type_map["Book"].fields["author"].extensions["batched"] = True  # type: ignore[attr-defined]
    compiled = await run_compiled(executors[1])

    paths = [("shelf", 0, "author"), ("shelf", 2, "author")]
    assert paths == [notice.path for notice in executors[0].context_value.request.notices]
    assert paths == [tuple(error.path or ()) for error in compiled.errors or ()]
    assert [gap, gap] == [error.original_error for error in compiled.errors or ()]
