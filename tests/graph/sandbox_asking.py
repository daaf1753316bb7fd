"""
The schema over the embedded sandbox, without HTTP in front: operations in, results and vendor calls out.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
from graphql import ExecutionResult, execute, parse, validate

from adapters.calls import CallRecord, CallScope
from adapters.contract import SandboxParts, Source
from adapters.registry import find_vendors
from graph.context import build_graph_context
from graph.schema import schema
from resolvers.context import RequestContext
from resolvers.principal import LOCAL, Principal

VENDOR = "taguchi_v4"
SOURCE = "sandbox"
ORIGIN = "http://127.0.0.1"


def open_source(parts: SandboxParts, name: str = SOURCE) -> Source:
    """Open a source over a sandbox, for the running loop."""
    package = find_vendors()[VENDOR]
    settings = package.settings.model_validate(
        {"vendor": VENDOR, **parts.table, "base_url": ORIGIN + parts.table["base_url"]}
    )
    transport = httpx.ASGITransport(app=parts.app, raise_app_exceptions=False)
    return Source(name, package, package.build_capability(settings), package.open(name, settings, transport))


async def fetch_rows(parts: SandboxParts, resource: str, limit: int = 1000, **more: str) -> list[dict[str, Any]]:
    """Read rows as the vendor sends them, past everything of ours."""
    parameters = {"auth": parts.table["auth"]["token"], "limit": str(limit), **more}
    transport = httpx.ASGITransport(app=parts.app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN + parts.table["base_url"]) as client:
        reply = await client.get(f"{resource}/", params=parameters, headers={"Accept": "application/json"})
    rows: list[dict[str, Any]] = reply.json()
    return rows


@dataclass
class Asking:
    """One caller of the schema; `calls` are those of its last operation."""

    sources: dict[str, Source]
    principal: Principal = LOCAL
    calls: list[CallRecord] = field(default_factory=list)

    async def run(self, query: str, **variables: Any) -> ExecutionResult:
        """Execute a valid operation."""
        document = parse(query)
        assert validate(schema._schema, document) == []
        scope = CallScope("op", self.principal.tenant, asyncio.get_running_loop().time() + 20)
        request = RequestContext(operation_id="op", principal=self.principal, sources=self.sources, scope=scope)
        context = build_graph_context(request)
        result: Any = execute(schema._schema, document, context_value=context, variable_values=variables)
        finished: ExecutionResult = await result if asyncio.iscoroutine(result) else result
        self.calls = scope.calls
        return finished

    async def ask(self, query: str, **variables: Any) -> Any:
        """Execute an operation that must not fail, and return its data."""
        result = await self.run(query, **variables)
        assert result.errors is None
        return result.data
