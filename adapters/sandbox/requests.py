"""
A request as a simulator sees it: read whole, undecoded where vendors differ.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from starlette.types import Receive, Scope

from adapters.sandbox.calls import REDACTED, ReceivedCall


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """
    One HTTP request. `path` is percent-decoded, `raw_path` and `raw_query` are not; header names are in lower case.

    A slash inside an id is told from one between segments in `raw_path` alone.
    """

    method: str
    path: str
    raw_query: bytes
    headers: Mapping[str, str]
    body: bytes
    raw_path: str = ""

    def to_call(self, secret_parameters: frozenset[str]) -> ReceivedCall:
        """The log entry of this request, with the values of secret parameters replaced, in the body too."""
        pairs = parse_qsl(self.raw_query.decode("utf-8", "replace"), keep_blank_values=True, errors="replace")
        query = tuple((key, REDACTED if key in secret_parameters else value) for key, value in pairs)
        body = _hide_secrets(self.body.decode("utf-8", "replace"), secret_parameters) if self.body else None
        return ReceivedCall(self.method, self.path, query, body=body)


def _hide_secrets(body: str, names: frozenset[str]) -> str:
    """A body without the values of secret parameters, whether it is a form or JSON."""
    for name in map(re.escape, names):
        body = re.sub(rf'("{name}"\s*:\s*)"(?:[^"\\]|\\.)*"', rf'\1"{REDACTED}"', body)
        body = re.sub(rf"(^|&)({name}=)[^&]*", rf"\1\2{REDACTED}", body)
    return body


async def fetch_request(scope: Scope, receive: Receive) -> ReceivedRequest:
    """
    Read a request with its body from the server.
    """
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    body = await _fetch_body(receive)
    raw_query = scope.get("query_string", b"")
    return ReceivedRequest(scope["method"], path_of(scope), raw_query, headers, body, raw_path_of(scope))


def path_of(scope: Scope) -> str:
    """
    The path below the place where the simulator is mounted.
    """
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")) or "/"


def raw_path_of(scope: Scope) -> str:
    """
    The same path as it was sent, percent-encoded; some servers keep none, and then it is encoded anew.
    """
    raw: bytes | None = scope.get("raw_path")
    path = quote(scope["path"]) if raw is None else raw.partition(b"?")[0].decode("latin-1")
    return path.removeprefix(quote(scope.get("root_path", ""))) or "/"


async def _fetch_body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(chunks)
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)
