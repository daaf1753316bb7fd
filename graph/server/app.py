"""
The composition root: settings become limits, sources become a request's context, the schema becomes an app.

The environment and `sources.toml` are read on the way here and nowhere further down.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import Lifespan

from adapters.calls import CallScope
from adapters.contract import Source
from adapters.ledger import Entry, Ledger
from adapters.memory import Memory
from graph.context import GraphContext, build_graph_context
from graph.execution.engine import ExecutorName
from graph.execution.limits import DocumentLimits
from graph.execution.policy import check_operation
from graph.schema import schema
from graph.server.guard import Doors
from graph.server.http import HttpOptions, build_http_app
from graph.server.limits import RequestLimits
from graph.server.sources import OpenSources, Transports, embedded_sandbox, load_sources
from graph.server.webhooks import WebhookEndpoint
from graph.server.writing import Desks
from graph.settings import Settings
from resolvers.context import ReadLimits, RequestContext
from resolvers.principal import LOCAL, Principal
from resolvers.writes.listening import Listener
from resolvers.writes.worker import BuildScope, BulkWorker

BuildRequest = Callable[[str], RequestContext]
"""Build one request's context from its operation id, inside the running loop."""


def create_app(
    settings: Settings,
    *,
    sources: OpenSources | None = None,
    transports: Transports | None = None,
    principal: Principal = LOCAL,
) -> FastAPI:
    """
    Build the app that serves the graph over its sources; nothing is called yet.

    Without `sources` those of the settings are opened; `transports` replaces the network of the sources it names. They
    are closed with the app. `principal` is who everybody is until there is authentication.
    """
    opened = sources or open_sources(settings, transports)

    memory = build_memory(settings)
    build_scope = build_chunk_scopes(settings, memory)
    worker = BulkWorker(opened.by_name, build_scope, patience_s=settings.bulk_patience_s)
    listener = Listener(opened.by_name, build_scope)
    desks = Desks(settings, worker, listener)
    build_request = build_requests(settings, opened.by_name, principal, desks, memory)

    def build_context(operation_id: str) -> GraphContext:
        return build_graph_context(build_request(operation_id))

    async def find_ledger() -> Ledger:
        return (await desks.find()).ledger

    core = schema._schema  # noqa: SLF001 - Strawberry's only way to its graphql-core schema
    options = build_options(settings)
    webhooks = WebhookEndpoint(opened.by_name, find_ledger, memory, options.request, listener)
    life = _build_life(desks, opened)
    app = build_http_app(core, build_context, check_operation, options, life, webhooks=webhooks)
    worker.count = listener.count = app.state.metrics.count
    app.state.desks = desks
    return app


def _build_life(desks: Desks, sources: OpenSources) -> Lifespan[FastAPI]:
    """Return what opens with the app and closes with it."""

    @asynccontextmanager
    async def live(_app: FastAPI) -> AsyncIterator[None]:
        try:
            await desks.start()
            yield
        finally:
            await desks.aclose()
            await sources.aclose()

    return live


def open_sources(settings: Settings, transports: Transports | None = None) -> OpenSources:
    """Open the sources of the operator's file, or the embedded sandbox where there is none."""
    if settings.sources is None:
        return embedded_sandbox()
    return load_sources(settings.sources, os.environ, transports)


def build_memory(settings: Settings) -> Memory | None:
    """Build what the process remembers of vendors' answers; None where it is to remember nothing."""
    return Memory(max_bytes=settings.cache_bytes) if settings.cache else None


def build_requests(
    settings: Settings,
    sources: Mapping[str, Source],
    principal: Principal,
    desks: Desks | None = None,
    memory: Memory | None = None,
) -> BuildRequest:
    """Return what builds each request's context; without desks nothing can be written, without memory kept."""
    limits = ReadLimits(
        default_first=settings.default_first,
        max_first=settings.limit_first,
        scan_calls=settings.limit_scan_calls,
        scan_rows=settings.limit_scan_rows,
        max_nodes=settings.limit_representations,
        max_values=settings.limit_values,
    )
    tenant = principal.tenant

    def build_request(operation_id: str) -> RequestContext:
        now = asyncio.get_running_loop().time()
        scope = CallScope(
            operation_id,
            tenant,
            deadline_at=now + settings.limit_deadline_s,
            max_calls=settings.limit_vendor_calls,
            started_at=now,
            memory=memory,
        )
        return RequestContext(
            operation_id=operation_id,
            principal=principal,
            sources=sources,
            scope=scope,
            limits=limits,
            find_desk=desks.find if desks else None,
        )

    return build_request


def build_chunk_scopes(settings: Settings, memory: Memory | None) -> BuildScope:
    """Return what builds the spending of one chunk of a bulk write: a request's, and a call more for each item."""

    def build_scope(entry: Entry, items: int) -> CallScope:
        now = asyncio.get_running_loop().time()
        return CallScope(
            entry.id,
            entry.tenant,
            deadline_at=now + settings.limit_deadline_s,
            max_calls=settings.limit_vendor_calls + items,
            started_at=now,
            memory=memory,
        )

    return build_scope


def build_options(settings: Settings) -> HttpOptions:
    """Return what the settings say of the HTTP face."""
    return HttpOptions(
        doors=Doors(frozenset(host.lower() for host in settings.allowed_hosts), settings.allowed_origins),
        request=RequestLimits(
            header_bytes=settings.limit_header_bytes,
            body_bytes=settings.limit_body_bytes,
            bulk_body_bytes=settings.limit_bulk_body_bytes,
            bulk_items=settings.limit_bulk_items,
            body_s=settings.limit_body_s,
        ),
        document=DocumentLimits(
            characters=settings.limit_body_bytes,
            tokens=settings.limit_tokens,
            operations=settings.limit_operations,
            depth=settings.limit_depth,
            fields=settings.limit_fields,
            aliases=settings.limit_aliases,
            root_fields=settings.limit_root_fields,
            errors=settings.limit_reported_errors,
        ),
        executor=ExecutorName(settings.executor),
        introspection=settings.introspection,
        playground=settings.graphiql,
    )
