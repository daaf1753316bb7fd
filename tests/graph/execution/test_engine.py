"""What is compiled, what is kept of it, and what graphql-core executes instead."""

import asyncio
import gc
import weakref
from pathlib import Path
from typing import Any

import pytest
import strawberry
from graphql import GraphQLSchema, build_schema

from adapters.contract import SandboxParts
from graph import playground
from graph.errors import RefusedError
from graph.execution.compiled.fallback import Fallback
from graph.execution.compiled.operations import CACHED_BYTES, CHOICES
from graph.execution.document import Documents
from graph.execution.engine import Engine, ExecutorName, Prepared
from graph.execution.limits import DocumentLimits
from graph.execution.request import GraphQLRequest
from graph.server.http import HttpOptions, build_http_app
from tests.graph.conftest import build_context, connect
from tests.graph.execution.library import LIBRARY
from tests.graph.execution.marketing import Marketing, open_marketing
from tests.graph.execution.world import open_world

EXAMPLES = sorted((Path(playground.__file__).parent / "examples").glob("*.graphql"))


def open_engine(schema: GraphQLSchema = LIBRARY, executor: ExecutorName = ExecutorName.COMPILED) -> Engine:
    return Engine(schema, Documents(schema, DocumentLimits()), lambda *_given, **_named: None, executor)


def prepare(engine: Engine, text: str, **given: Any) -> Prepared:
    return engine.prepare(GraphQLRequest(text, **given), open_world(1, 0))


async def test_an_operation_is_compiled_once() -> None:
    """Broken, every request would pay for what the first one did."""
    engine = open_engine()

    first, second = prepare(engine, "{ node { id } }"), prepare(engine, "{ node { id } }")

    assert first.compiled is not None
    assert first.compiled is second.compiled
    assert first.compiled is not prepare(engine, "{ node { title } }").compiled


async def test_operations_of_one_document_are_told_apart() -> None:
    """Broken, one operation of a document would be answered with another's plan."""
    engine, text = open_engine(), "query A { node { id } } query B { words(words: [RED]) }"

    answers = [await engine.run(prepare(engine, text, operation_name=name), explain=False) for name in ("A", "B", "A")]

    assert [answer.data for answer in answers] == [{"node": {"id": "2"}}, {"words": ["RED"]}, {"node": {"id": "2"}}]


async def test_values_of_variables_make_no_plans() -> None:
    """Broken, a caller could fill the memory by asking for one number after the other."""
    engine, text = open_engine(), "query ($n: Int!) { total(of: $n) }"

    prepared = [prepare(engine, text, variables={"n": number}) for number in range(100)]

    assert len({id(each.compiled) for each in prepared}) == 1
    assert (await engine.run(prepared[99])).data == {"total": 99}


async def test_variables_that_choose_fields_lead_to_a_few_plans() -> None:
    """Broken, ten switches would leave a thousand plans behind, or one of them would be used for all."""
    engine, names = open_engine(), [f"s{number}" for number in range(10)]
    fields = " ".join(f"f{place}: total(of: {place}) @skip(if: ${name})" for place, name in enumerate(names))
    text = f"query ({' '.join(f'${name}: Boolean!' for name in names)}) {{ {fields} __typename }}"

    for number in range(200):
        switches = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        answer = await engine.run(prepare(engine, text, variables=switches))
        assert {f"f{place}" for place in range(10) if not number >> place & 1} == (answer.data or {}).keys() - {
            "__typename"
        }

    [kept] = engine.operations._kept.values()
    assert len(kept.plans) == CHOICES


async def test_the_memory_of_plans_is_bounded() -> None:
    """Broken, a caller who changes a space each time would fill the memory."""
    engine = open_engine()

    for number in range(250):
        prepare(engine, f"{{ node {{ id a{number}: title {' title' * 100} }} }}")

    kept = engine.operations._kept
    assert kept.currsize <= CACHED_BYTES
    assert len(kept) < 150


async def test_a_document_too_heavy_to_keep_is_answered_all_the_same() -> None:
    """Broken, an operator who raises the limits would see errors instead of long documents' answers."""
    documents = Documents(LIBRARY, DocumentLimits(characters=1_000_000, tokens=100_000))
    engine = Engine(LIBRARY, documents, lambda *_given, **_named: None)

    answer = await engine.run(prepare(engine, f"{{ words(words: [{'RED ' * 50_000}]) }}"))

    assert answer.data == {"words": ["RED"] * 50_000}
    assert not engine.operations._kept


@pytest.mark.parametrize(
    "text",
    [
        f"{{ {' '.join(f'a{number}: total(of: 1)' for number in range(10_000))} }}",
        "{ ...F0 } "
        + " ".join(f"fragment F{step} on Query {{ ...F{step + 1} ...F{step + 1} }}" for step in range(40))
        + " fragment F40 on Query { total(of: 1) }",
        "{ node { ... on Book { same" + " { same" * 500 + " { id }" + " }" * 502,
    ],
    ids=["aliases", "doubling fragments", "depth"],
)
async def test_a_pathological_document_is_refused_before_it_is_compiled(text: str) -> None:
    """Broken, a document of a kilobyte would keep the compiler busy."""
    engine = open_engine()

    with pytest.raises(RefusedError):
        prepare(engine, text)

    assert not engine.operations._kept


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{ __schema { queryType { name } } }", Fallback.INTROSPECTION),
        ('{ ...F } fragment F on Query { t: __type(name: "Book") { name } total(of: 1) }', Fallback.INTROSPECTION),
        ("query ($s: Boolean = true) { total(of: 1) @skip(if: $s) words(words: []) }", Fallback.DIRECTIVE),
    ],
    ids=["schema", "type in a fragment", "null for a switch"],
)
async def test_what_is_not_compiled_is_counted_and_answered(text: str, reason: Fallback) -> None:
    """Broken, an operator would not see what runs slowly, or a client would get no answer."""
    engine, variables = open_engine(), {"s": None} if "$s" in text else {}
    core = open_engine(executor=ExecutorName.CORE)

    answer = await engine.run(prepare(engine, text, variables=variables))
    await engine.run(prepare(engine, text, variables=variables))

    expected = await core.run(prepare(core, text, variables=variables))
    assert {reason: 2} == dict(engine.operations.fallbacks)
    assert (expected.data, expected.errors) == (answer.data, answer.errors)


async def test_operations_whose_answers_have_parts_are_not_compiled() -> None:
    """Broken, a subscription would be answered once, or a deferred part with the rest."""
    schema = build_schema(
        "directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT "
        "directive @experimental_disableErrorPropagation on QUERY "
        "type Query { a: Int } type Subscription { a: Int }"
    )
    engine = open_engine(schema)

    for text in ("{ ... @defer { a } }", "subscription { a }", "query @experimental_disableErrorPropagation { a }"):
        assert prepare(engine, text).compiled is None

    assert dict(engine.operations.fallbacks) == {
        Fallback.INCREMENTAL: 1,
        Fallback.SUBSCRIPTION: 1,
        Fallback.NO_PROPAGATION: 1,
    }


@pytest.mark.parametrize("executor", [ExecutorName.CORE, "core"], ids=["by setting", "by request"])
async def test_graphql_core_executes_what_it_is_asked_to(executor: Any) -> None:
    """Broken, a doubt about an answer could not be settled."""
    setting = executor if isinstance(executor, ExecutorName) else ExecutorName.COMPILED
    engine = open_engine(executor=setting)

    assert prepare(engine, "{ node { id } }", executor=str(executor)).compiled is None
    assert prepare(engine, "{ node { id } }", executor="other").compiled is None or setting is ExecutorName.COMPILED


@strawberry.type
class Where:
    @strawberry.field
    def path(self, info: strawberry.Info) -> str:
        return str(info.path.as_list())


@strawberry.type
class Query:
    @strawberry.field
    def places(self) -> list[Where]:
        return [Where()]


async def test_the_header_names_the_executor() -> None:
    """Broken, nobody would read the header. graphql-core tells a resolver its place in a list, a plan does not."""
    schema = strawberry.Schema(Query)._schema
    app = build_http_app(schema, build_context, lambda *_given, **_named: None, HttpOptions())
    async with connect(app) as client:
        paths = [
            (await client.post("/graphql", json={"query": "{ places { path } }"}, headers=headers)).json()["data"]
            for headers in ({}, {"X-Executor": "core"}, {"X-Executor": "compiled"})
        ]

    expected = ["['places', 'path']", "['places', 0, 'path']", "['places', 'path']"]
    assert expected == [data["places"][0]["path"] for data in paths]


@pytest.fixture
async def marketing(parts: SandboxParts) -> Any:
    """The real graph over a sandbox."""
    opened = open_marketing(parts)
    yield opened
    await opened.sources.aclose()


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
async def test_every_example_is_compiled(marketing: Marketing, file: Path) -> None:
    """Broken, what newcomers try first would be executed by the slower executor."""
    prepared = marketing.prepare(file.read_text(encoding="utf-8"))  # noqa: ASYNC240 - a test has time to read a file

    assert prepared.compiled is not None
    assert not marketing.engine.operations.fallbacks


async def test_what_a_plan_keeps_of_a_selection_depends_on_no_request(marketing: Marketing) -> None:
    """Broken, the first request's variables would decide what is read for all that follow."""
    text = """query ($with: Boolean!, $which: RevisionChoice!) {
      activities(first: 2) { nodes { name revisions(which: $which) @include(if: $with) { id } } }
    }"""
    cases = [(True, "LATEST"), (False, "LATEST"), (True, "HISTORY"), (True, "LATEST"), (False, "HISTORY")]

    made = []
    for with_, which in cases:
        given = {"with": with_, "which": which}
        compiled, ours = await marketing.answer(GraphQLRequest(text, variables=given))
        core, theirs = await marketing.answer(GraphQLRequest(text, variables=given, executor="core"))
        assert (core.data, core.errors, theirs) == (compiled.data, compiled.errors, ours)
        made.append(frozenset(ours))

    assert len(set(made)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "{ _service { sdl } }",
        """{ _entities(representations: [{__typename: "Campaign", sourceId: "sandbox", vendorId: "1"}, {a: 1}])
        { __typename ... on Campaign { vendorId activities(first: 1) { nodes { vendorId } } } } }""",
    ],
    ids=["service", "entities"],
)
async def test_what_routers_ask_is_compiled_and_the_same(marketing: Marketing, text: str) -> None:
    """Broken, a supergraph would get other answers, or slow ones."""
    compiled, ours = await marketing.answer(GraphQLRequest(text))
    core, theirs = await marketing.answer(GraphQLRequest(text, executor="core"))

    assert (core.data, core.errors, theirs) == (compiled.data, compiled.errors, ours)
    assert not marketing.engine.operations.fallbacks


async def test_nothing_of_a_request_stays_once_it_is_answered(marketing: Marketing) -> None:
    """Broken, requests would stay by the thousand until circles are sought, which takes the longer for it."""
    prepared = marketing.prepare("{ subscribers(first: 2) { nodes { campaign { name } memberships { joinedAt } } } }")
    executor = weakref.ref(prepared.executor)
    gc.disable()
    try:
        answer = await marketing.engine.run(prepared)
        del prepared
        await asyncio.sleep(0)
        assert (answer.errors, executor()) == ([], None)
    finally:
        gc.enable()


async def test_what_is_waited_for_is_given_up_with_its_request() -> None:
    """Broken, a resolver would go on after the client has gone."""
    given_up = asyncio.Event()

    async def wait(_root: Any, _info: Any) -> int:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()
        return 1

    schema = build_schema("type Query { a: Int }")
    assert schema.query_type
    schema.query_type.fields["a"].resolve = wait
    engine = open_engine(schema)
    running = asyncio.ensure_future(engine.run(prepare(engine, "{ a }")))
    await asyncio.sleep(0.01)
    running.cancel()

    await asyncio.wait_for(given_up.wait(), 1)
