"""Writes answers and refusals as HTTP."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from graph.errors import RefusedError
from graph.execution.answer import to_json
from graph.server.negotiation import JSON


def build_response(
    content: Any, *, status: int = 200, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """Build a JSON response that nobody keeps."""
    fixed = {"Content-Type": f"{media_type}; charset=utf-8", "Cache-Control": "no-store"}
    return Response(to_json(content), status, {**fixed, **(headers or {})})


def build_refusal(refusal: RefusedError, operation_id: str, media_type: str = JSON) -> Response:
    """
    Build the response to a request that is answered by errors alone; there is no `data`.

    Source: GraphQL over HTTP, section "Status Codes": a well-formed request gets 200 as `application/json`.
    """
    errors = [{**error, "extensions": {**error["extensions"], "operationId": operation_id}} for error in refusal.errors]
    status = 200 if refusal.well_formed and media_type == JSON else refusal.status
    content = {"errors": errors, "extensions": {"operationId": operation_id}}
    return build_response(content, status=status, media_type=media_type, headers=refusal.headers)
