"""The FastAPI app around one engine: its routes, its refusals, its guard."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import FastAPI, Request
from graphql import GraphQLSchema
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Lifespan

from graph import playground
from graph.errors import RefusedError, refuse_request
from graph.execution.document import Documents
from graph.execution.engine import Check, Engine, ExecutorName
from graph.execution.limits import DocumentLimits
from graph.server.endpoint import BuildContext, GraphQLEndpoint
from graph.server.guard import Doors, Guard
from graph.server.limits import RequestLimits
from graph.server.metrics import Metrics, serve_metrics
from graph.server.responses import build_refusal, build_response
from graph.server.webhooks import PATH, WebhookEndpoint

ENDPOINT: Final = "/graphql"
A_YEAR_S: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """What an operator may decide about the HTTP face."""

    doors: Doors = field(default_factory=Doors)
    request: RequestLimits = field(default_factory=RequestLimits)
    document: DocumentLimits = field(default_factory=DocumentLimits)
    executor: ExecutorName = ExecutorName.COMPILED
    introspection: bool = True
    playground: bool = True


def build_http_app(
    schema: GraphQLSchema,
    build_context: BuildContext,
    check: Check,
    options: HttpOptions,
    lifespan: Lifespan[FastAPI] | None = None,
    *,
    webhooks: WebhookEndpoint | None = None,
) -> FastAPI:
    """Build the app that answers operations over a schema, and hears vendors; nothing is sent or opened yet."""
    documents = Documents(schema, options.document, introspection=options.introspection)
    engine = Engine(schema, documents, check, options.executor)
    metrics = Metrics(engine.operations.fallbacks)
    endpoint = GraphQLEndpoint(engine, build_context, options.request, page=options.playground, count=metrics.count)
    app = FastAPI(
        title="Marketing Graph",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        routes=[
            Route(ENDPOINT, endpoint),  # the guard itself finds it, but not where the app lies below another's path
            Route("/health", _health, methods=["GET"]),
            Route("/metrics", serve_metrics, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _refuse_http, RefusedError: _refuse},
    )
    app.state.metrics = metrics
    if webhooks is not None:
        app.router.routes.append(Route(PATH, webhooks.answer, methods=["POST"]))
    if options.playground:
        app.router.routes.append(Route(f"{ENDPOINT}/assets/{{name}}", _asset, methods=["GET"]))
        app.router.routes.append(Route("/", _show_page, methods=["GET"]))
    app.add_middleware(Guard, doors=options.doors, limits=options.request, direct={ENDPOINT: endpoint})
    _allow_origins(app, options.doors)
    return app


def _allow_origins(app: FastAPI, doors: Doors) -> None:
    """Let browsers' pages of the allowed origins in; with none allowed, no CORS header is ever sent."""
    if doors.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(doors.origins),
            allow_methods=["POST"],
            allow_headers=[
                "Content-Type",
                "Authorization",
                "X-Executor",
                "X-Explain",
                "X-Max-Staleness",
                "X-Request-Id",
            ],
            expose_headers=["X-Request-Id"],
        )


async def _health(_request: Request) -> Response:
    return build_response({"status": "ok"})


async def _show_page(_request: Request) -> Response:
    """Lead whoever opens the bare address to the page."""
    return Response(status_code=307, headers={"Location": ENDPOINT})


async def _asset(request: Request) -> Response:
    found = playground.asset(request.path_params["name"])
    if found is None:
        raise refuse_request(404, "There is no such file.", reason="NOT_FOUND")
    content, content_type = found
    headers = {"Content-Type": content_type, "Cache-Control": f"public, max-age={A_YEAR_S}, immutable"}
    return Response(content, headers=headers)


async def _refuse(request: Request, refusal: RefusedError) -> Response:
    return build_refusal(refusal, request.state.operation_id)


async def _refuse_http(request: Request, error: HTTPException) -> Response:
    """Say what the framework refuses (an unknown path, a wrong method) the way everything here is said."""
    words, reason = _HTTP_WORDS.get(error.status_code, ("The request is refused.", "REQUEST_REFUSED"))
    refusal = refuse_request(
        error.status_code, words, reason=reason, hint=f"The graph answers at {ENDPOINT}.", headers=error.headers
    )
    return await _refuse(request, refusal)


_HTTP_WORDS: Final[Mapping[int, tuple[str, str]]] = {
    404: ("There is nothing at this address.", "NOT_FOUND"),
    405: ("This address does not take that method.", "METHOD_NOT_ALLOWED"),
}
