"""
A request as a simulator sees it: read whole, undecoded where vendors differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from adapters.sandbox.calls import REDACTED, ReceivedCall


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """
    One HTTP request. `path` is percent-decoded, `raw_query` is not; header names are in lower case.
    """

    method: str
    path: str
    raw_query: bytes
    headers: Mapping[str, str]
    body: bytes

    def to_call(self, secret_parameters: frozenset[str]) -> ReceivedCall:
        """The log entry of this request, with the values of secret parameters replaced."""
        pairs = parse_qsl(self.raw_query.decode("utf-8", "replace"), keep_blank_values=True, errors="replace")
        query = tuple((key, REDACTED if key in secret_parameters else value) for key, value in pairs)
        body = self.body.decode("utf-8", "replace") if self.body else None
        return ReceivedCall(self.method, self.path, query, body=body)


async def fetch_request(scope: Scope, receive: Receive) -> ReceivedRequest:
    """
    Read a request with its body from the server.
    """
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    body = await _fetch_body(receive)
    return ReceivedRequest(scope["method"], path_of(scope), scope.get("query_string", b""), headers, body)


def path_of(scope: Scope) -> str:
    """
    The path below the place where the simulator is mounted.
    """
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) or "/"


async def _fetch_body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(chunks)
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)
