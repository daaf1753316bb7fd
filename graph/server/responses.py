"""Writes answers and refusals as HTTP."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from graph.errors import RefusedError
from graph.execution.answer import to_json
from graph.server.negotiation import GRAPHQL_RESPONSE, JSON

_NO_STORE: Final = (b"cache-control", b"no-store")
_HEADERS: Final = {
    media_type: [(b"content-type", f"{media_type}; charset=utf-8".encode()), _NO_STORE]
    for media_type in (JSON, GRAPHQL_RESPONSE)
}
"""What every answer says of itself, by its media type."""


def build_response(
    content: Any, *, status: int = 200, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """Build a JSON response that nobody keeps."""
    response = Response(to_json(content), status, headers)
    response.raw_headers += _HEADERS[media_type]
    return response


def build_refusal(refusal: RefusedError, operation_id: str, media_type: str = JSON) -> Response:
    """
    Build the response to a request that is answered by errors alone; there is no `data`.

    Source: GraphQL over HTTP, section "Status Codes": a well-formed request gets 200 as `application/json`.
    """
    errors = [{**error, "extensions": {**error["extensions"], "operationId": operation_id}} for error in refusal.errors]
    status = 200 if refusal.well_formed and media_type == JSON else refusal.status
    content = {"errors": errors, "extensions": {"operationId": operation_id}}
    return build_response(content, status=status, media_type=media_type, headers=refusal.headers)
