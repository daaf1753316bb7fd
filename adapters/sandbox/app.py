"""
The ASGI application around a simulator's answering function.
"""

from collections.abc import Callable, Sequence

from starlette.types import Receive, Scope, Send

from adapters.sandbox.calls import CallLog
from adapters.sandbox.control import CONTROL_PREFIX, build_control
from adapters.sandbox.delivery import ConnectionDroppedError, deliver, transport_of, wait_for_faults
from adapters.sandbox.faults import Fault, FaultBoard
from adapters.sandbox.replies import Reply
from adapters.sandbox.reply_damage import ALTERATIONS, REPLACEMENTS
from adapters.sandbox.requests import ReceivedRequest, fetch_request, path_of
from adapters.sandbox.row_damage import ROW_DAMAGE, bend_rows

Answer = Callable[[ReceivedRequest], Reply]


class SandboxApp:
    """
    An ASGI application that answers vendor calls through `answer`, logs them, and applies the faults in force.
    """

    def __init__(self, answer: Answer, calls: CallLog, faults: FaultBoard, secret_parameters: frozenset[str]) -> None:
        """Values of query parameters named in `secret_parameters` never reach the log."""
        self._answer = answer
        self._calls = calls
        self._faults = faults
        self._secret_parameters = secret_parameters
        self._control = build_control(faults, calls)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await _serve_lifespan(receive, send)
        elif scope["type"] == "http" and path_of(scope).startswith(CONTROL_PREFIX):
            await self._control(scope, receive, send)
        elif scope["type"] == "http":
            await self._serve_call(scope, receive, send)

    async def _serve_call(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await fetch_request(scope, receive)
        call = request.to_call(self._secret_parameters)
        serial = self._calls.begin(call)
        faults = self._faults.strike(call)
        reply = self._reply_to(request, faults)
        try:
            await wait_for_faults(faults, receive, send)
            if not any(fault.hides_reply for fault in faults):
                self._calls.finish(serial, status=reply.status, rows=None if reply.rows is None else len(reply.rows))
            await deliver(reply, faults, receive, send)
        except ConnectionDroppedError:
            if transport_of(send) is None:
                raise

    def _reply_to(self, request: ReceivedRequest, faults: Sequence[Fault]) -> Reply:
        replacing = [fault for fault in faults if fault.kind in REPLACEMENTS]
        unanswered = [*replacing, *(fault for fault in faults if fault.hides_reply)]
        worked = not unanswered or any(fault.applied for fault in unanswered)
        reply = self._answer(request) if worked else Reply(500)
        for fault in replacing:
            reply = REPLACEMENTS[fault.kind](fault)
        return _altered(reply, faults)


def _altered(reply: Reply, faults: Sequence[Fault]) -> Reply:
    for fault in faults:
        if fault.kind in ROW_DAMAGE:
            reply = bend_rows(fault, reply)
        elif fault.kind in ALTERATIONS:
            reply = ALTERATIONS[fault.kind](fault, reply)
    return reply


async def _serve_lifespan(receive: Receive, send: Send) -> None:
    while (message := await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    if message["type"] == "lifespan.shutdown":
        await send({"type": "lifespan.shutdown.complete"})
