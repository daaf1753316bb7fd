"""The real graph over the sandbox, executed both ways."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Final

from graphql import GraphQLArgument, parse, validate

from adapters.calls import CallScope
from adapters.contract import SandboxParts
from adapters.registry import find_vendors
from graph.context import GraphContext, build_graph_context
from graph.errors import RefusedError
from graph.execution.answer import Answer
from graph.execution.document import Documents
from graph.execution.engine import Engine, ExecutorName, Prepared
from graph.execution.limits import DocumentLimits
from graph.execution.policy import check_operation
from graph.execution.request import GraphQLRequest
from graph.schema import schema
from graph.server.sources import OpenSources, embedded_sandbox
from resolvers.context import ReadLimits, RequestContext
from resolvers.principal import LOCAL
from tests.graph.execution.operation_text import Writer
from tests.graph.execution.sameness import assert_same

CORE_SCHEMA: Final = schema._schema
VENDOR: Final = "taguchi_v4"
SOURCE: Final = "sandbox"
KNOWN: Final = """{
  subscriber: subscribers { nodes { id } } list: lists { nodes { id } } campaign: campaigns { nodes { id } }
  activity: activities { nodes { id } } template: templates { nodes { id } } import: imports { nodes { id } }
}"""
LIMITS: Final = ReadLimits(default_first=3, max_first=5)


@dataclass
class MarketingWriter(Writer):
    """Writes operations over the real schema with arguments that find something in most cases."""

    ids: dict[str, list[str]] = field(default_factory=dict)

    def argument(self, field_name: str, name: str, argument: GraphQLArgument) -> str | None:
        """Give sizes, sources and ids that exist; cursors are left to the tests of pages."""
        match name:
            case "first":
                return str(self.random.randint(1, 3)) if self.chance(2) else None
            case "after" | "before" | "last":
                return None
            case "source":
                return f'"{SOURCE}"'
            case "id" | "ids":
                ids = [self.id_of(self.random.choice(list(self.ids))) for _ in range(3)]
                return ids[0] if name == "id" else f"[{', '.join(ids)}]"
            case "by" if field_name in self.ids and not self.chance(4):
                return f"{{ id: {self.id_of(field_name)} }}"
            case _:
                return super().argument(field_name, name, argument)

    def id_of(self, kind: str) -> str:
        """Return the id of some record of a kind, as it is written in a document."""
        return json.dumps(self.random.choice(self.ids[kind]))


@dataclass
class Marketing:
    """The real graph, its sandbox and an engine that compiles."""

    sources: OpenSources
    engine: Engine

    async def answer(self, request: GraphQLRequest, *, propagate: bool = True) -> tuple[Answer, Counter[str]]:
        """Execute a request; return its answer and the vendor calls it made."""
        context = self.build_context()
        prepared = self.engine.prepare(request, context)
        prepared.executor.error_propagation = propagate
        answer = await self.engine.run(prepared)
        return answer, Counter(f"{call.method} {call.url}" for call in context.request.scope.calls)

    def prepare(self, text: str, **variables: Any) -> Prepared:
        """Make an operation ready to run."""
        return self.engine.prepare(GraphQLRequest(text, variables=variables), self.build_context())

    def build_context(self) -> GraphContext:
        """Begin a request."""
        scope = CallScope("op", LOCAL.tenant, asyncio.get_running_loop().time() + 20)
        sources = self.sources.by_name
        return build_graph_context(
            RequestContext(operation_id="op", principal=LOCAL, sources=sources, scope=scope, limits=LIMITS)
        )

    async def read_ids(self) -> dict[str, list[str]]:
        """Return ids of some records of some kinds, by the field that looks them up."""
        answer, _ = await self.answer(GraphQLRequest(KNOWN))
        assert answer.data
        return {kind: [node["id"] for node in page["nodes"]] for kind, page in answer.data.items()}


def open_marketing(parts: SandboxParts | None = None) -> Marketing:
    """Open the graph over a sandbox, one of its own where none is lent; its sources must be closed."""
    package = find_vendors()[VENDOR]
    if parts is not None:
        lent = replace(parts, close=None)
        package = replace(package, sandbox=lambda: lent)
    sources = embedded_sandbox({VENDOR: package})
    documents = Documents(CORE_SCHEMA, DocumentLimits())
    return Marketing(sources, Engine(CORE_SCHEMA, documents, check_operation, ExecutorName.COMPILED))


async def run_marketing_cases(seeds: Iterable[int]) -> tuple[int, int]:
    """Compare one operation a seed; return how many were answered, and how many of those without an error."""
    marketing = open_marketing()
    async with aclosing(marketing.sources):
        ids = await marketing.read_ids()
        outcomes = [await run_marketing_case(marketing, seed, ids) for seed in seeds]
    return sum(outcome is not None for outcome in outcomes), sum(outcome is True for outcome in outcomes)


async def run_marketing_case(marketing: Marketing, seed: int, ids: dict[str, list[str]]) -> bool | None:
    """Compare a seed's operation and its vendor calls; say whether it went well, None where it is refused."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    writer = MarketingWriter(CORE_SCHEMA, chance, omit=frozenset({"_service", "_entities"}), ids=ids)
    text = writer.write()
    if validate(CORE_SCHEMA, parse(text)):
        return None
    request = GraphQLRequest(text, variables=writer.variables)
    by_core = replace(request, executor=ExecutorName.CORE)
    try:
        compiled, ours = await marketing.answer(request)
        core, theirs = await marketing.answer(by_core)
    except RefusedError:
        return None
    try:
        if core.errors:
            possible, _ = await marketing.answer(by_core, propagate=False)
            assert_same(core, compiled, possible)
        else:
            assert_same(core, compiled, core)
        assert theirs == ours
    except AssertionError as error:
        raise AssertionError(f"seed {seed}, variables {writer.variables}:\n{text}") from error
    return not core.errors
