"""`/graphql`: operations by POST, the playground's page for browsers, nothing else."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from adapters.calls import CallRecord
from adapters.concurrency import work_aside
from graph import playground
from graph.context import GraphContext
from graph.errors import RefusedError, refuse_request
from graph.execution.answer import Answer
from graph.execution.engine import Engine, Prepared
from graph.execution.request import GraphQLRequest
from graph.execution.staleness import HEADER
from graph.server.body import read_body, refuse_size
from graph.server.limits import RequestLimits
from graph.server.negotiation import JSON, accepts_html, check_content_type, choose_media_type
from graph.server.parameters import parse_request, refuse_values
from graph.server.responses import build_refusal, build_response

BuildContext = Callable[[str], GraphContext]
"""Build the context of one request from its operation id, inside the running loop."""

LOOK_AFTER_S: Final = 0.1
"""Seconds after which somebody looks whether the client still waits."""

ITEM_BYTES: Final = 500
"""Bytes of a body that take about as long to read as one item of a bulk write takes in all."""


class GraphQLEndpoint:
    """
    The endpoint as a bare ASGI app, mounted in the FastAPI app.

    A router's request and response classes would cost eight times as much per operation (design.md section 6).
    """

    def __init__(
        self,
        engine: Engine,
        build_context: BuildContext,
        limits: RequestLimits,
        *,
        page: bool,
        count: Callable[[Sequence[CallRecord]], None],
    ) -> None:
        """Take what answers operations, whether browsers get the playground, and who counts vendor calls."""
        self._engine = engine
        self._build_context = build_context
        self._limits = limits
        self._largest = replace(limits, body_bytes=max(limits.body_bytes, limits.bulk_body_bytes))
        self._page = page
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        headers: Mapping[str, str] = scope["state"]["headers"]
        if scope["method"] == "POST":
            response = await self._post(headers, receive, scope["state"]["operation_id"])
        elif self._page and scope["method"] in ("GET", "HEAD") and accepts_html(headers.get("accept")):
            response = _build_page()
        else:
            raise refuse_request(
                405,
                "Operations are sent by POST.",
                reason="METHOD_NOT_ALLOWED",
                hint="POST the operation as application/json.",
                headers={"Allow": "POST"},
            )
        await response(scope, receive, send)

    async def _post(self, headers: Mapping[str, str], receive: Receive, operation_id: str) -> Response:
        media_type = JSON
        try:
            media_type = choose_media_type(headers.get("accept"))
            check_content_type(headers.get("content-type"), headers.get("content-encoding"))
            body = await read_body(headers, receive, self._largest)
            request = await self._read(headers, body)
            self._check_size(request, len(body))
            prepared = await self._engine.prepare_aside(request, self._build_context(operation_id))
        except RefusedError as refusal:
            return build_refusal(refusal, operation_id, media_type)
        answer = await self._run(prepared, receive, explain=request.explain)
        return build_response(answer.to_dict(), media_type=media_type)

    async def _read(self, headers: Mapping[str, str], body: bytes) -> GraphQLRequest:
        """Read a body, a large one while others are served; raises `RefusedError`."""
        parse = partial(
            parse_request,
            body,
            self._limits,
            explain=headers.get("x-explain") == "1",
            executor=headers.get("x-executor"),
            max_staleness=headers.get(HEADER),
        )
        return await work_aside(len(body) // ITEM_BYTES, parse)

    def _check_size(self, request: GraphQLRequest, size: int) -> None:
        """Refuse a large request that is no mutation, before its variables are looked at."""
        limits = self._limits
        if (size <= limits.body_bytes and request.values <= limits.json_values) or self._engine.writes(request):
            return
        raise refuse_size(limits.body_bytes) if size > limits.body_bytes else refuse_values(limits, limits.json_values)

    async def _run(self, prepared: Prepared, receive: Receive, *, explain: bool) -> Answer:
        """Execute while somebody waits for the answer; a read that nobody waits for is given up."""
        try:
            if not prepared.reads_only:
                return await self._engine.run(prepared, explain=explain)
            return await _await_for(_Client(receive), self._engine.run(prepared, explain=explain))
        finally:
            self._count(prepared.context.request.scope.calls)


class _Client:
    """
    Gives the running task up once its client has gone.

    Nobody looks whether it has before a moment is over: most reads are answered by then, and it costs a task.
    """

    def __init__(self, receive: Receive) -> None:
        self._gone = False
        self._receive = receive
        self._running = asyncio.current_task()
        timer = asyncio.get_running_loop().call_later(LOOK_AFTER_S, self._look)
        self._looking: asyncio.TimerHandle | asyncio.Task[None] = timer

    def forget(self) -> None:
        """Look no further."""
        self._looking.cancel()

    def uncancel(self) -> bool:
        """Take it back that the task was given up; say whether that was all that is to end it."""
        return self._gone and self._running is not None and not self._running.uncancel()

    def _look(self) -> None:
        self._looking = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue
        self._gone = True
        if self._running is not None:
            self._running.cancel()


async def _await_for(client: _Client, answering: Coroutine[Any, Any, Answer]) -> Answer:
    """Await an answer while the client is there; raises `ClientDisconnect` once it has gone."""
    try:
        return await answering
    except asyncio.CancelledError:
        if not client.uncancel():
            raise  # the server wants it to end too
        await asyncio.sleep(0)  # what was given up ends before its answer does
        raise ClientDisconnect from None
    finally:
        client.forget()


def _build_page() -> Response:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": playground.CONTENT_SECURITY_POLICY,
        "Cache-Control": "no-cache",
        "Referrer-Policy": "no-referrer",
    }
    return Response(playground.page(), headers=headers)
