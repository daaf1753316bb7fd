"""
The control path of a simulator: faults, calls, health.
"""

from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.sandbox.calls import CallLog
from adapters.sandbox.faults import Fault, FaultBoard

CONTROL_PREFIX = "/_sandbox/"


def build_control(faults: FaultBoard, calls: CallLog) -> Starlette:
    """
    Build the control application over a board of faults and a log of calls.
    """

    async def health(_request: Request) -> Response:
        return _json({"status": "ok"})

    async def answer_faults(request: Request) -> Response:
        if request.method == "POST":
            try:
                faults.add(*_read_faults(await request.body()))
            except (TypeError, ValueError) as error:
                return _json({"error": str(error)}, 400)
        elif request.method == "DELETE":
            faults.clear()
        return _json([fault.to_json() for fault in faults.faults])

    async def answer_calls(request: Request) -> Response:
        if request.method == "DELETE":
            calls.clear()
        return _json([call.to_json() for call in calls.entries])

    return Starlette(
        routes=[
            Route(f"{CONTROL_PREFIX}health", health),
            Route(f"{CONTROL_PREFIX}faults", answer_faults, methods=["GET", "POST", "DELETE"]),
            Route(f"{CONTROL_PREFIX}calls", answer_calls, methods=["GET", "DELETE"]),
        ]
    )


def _read_faults(body: bytes) -> list[Fault]:
    value = orjson.loads(body)
    return [Fault.from_json(item) for item in (value if isinstance(value, list) else [value])]


def _json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")
