"""
Faults of whole replies: another status, another body, another encoding.
"""

import gzip
import http.client
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial

from adapters.sandbox.faults import DEFAULT_REDIRECT_STATUS, Fault
from adapters.sandbox.replies import Reply, html_page

JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=UTF-8"
CHUNK_BYTES = 1 << 16


def _status(fault: Fault) -> Reply:
    status = int(fault.status or 0)
    title = http.client.responses.get(status, "Error")
    headers = () if fault.retry_after is None else (("retry-after", fault.retry_after),)
    return Reply(status, html_page(f"{status} {title}", "The server could not answer."), HTML, headers)


def _html(_fault: Fault) -> Reply:
    return Reply(200, html_page("Maintenance", "We will be back soon."), HTML)


def _empty(_fault: Fault) -> Reply:
    return Reply(200, b"", JSON)


def _json(fault: Fault) -> Reply:
    body = fault.body if isinstance(fault.body, bytes) else str(fault.body).encode()
    return Reply(200, body, fault.content_type or JSON)


def _redirect(fault: Fault) -> Reply:
    headers = (("location", str(fault.location)),)
    return Reply(fault.status or DEFAULT_REDIRECT_STATUS, b"", HTML, headers)


def _huge(fault: Fault) -> Reply:
    return Reply(200, media_type=JSON, stream=partial(_endless_rows, fault.size_bytes))


def _endless_rows(size_bytes: int) -> Iterator[bytes]:
    chunk = (b'{"id":1},' * (CHUNK_BYTES // 9 + 1))[:CHUNK_BYTES]
    yield b"["
    for _ in range(size_bytes // CHUNK_BYTES):
        yield chunk
    yield b'{"id":1}]'


def _gzip_bomb(fault: Fault) -> Reply:
    return Reply(200, _bomb(fault.size_bytes), JSON, (("content-encoding", "gzip"),))


@lru_cache(maxsize=2)
def _bomb(size_bytes: int) -> bytes:
    """Gzip of a JSON array with that much space in it: the answer parses for whoever has the memory."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as file:
        file.write(b"[")
        for _ in range(size_bytes // CHUNK_BYTES):
            file.write(b" " * CHUNK_BYTES)
        file.write(b"]")
    return packed.getvalue()


REPLACEMENTS: dict[str, Callable[[Fault], Reply]] = {
    "status": _status,
    "html": _html,
    "empty": _empty,
    "json": _json,
    "redirect": _redirect,
    "huge": _huge,
    "gzip_bomb": _gzip_bomb,
}


def _truncate(fault: Fault, reply: Reply) -> Reply:
    kept = len(reply.body) // 2 if fault.after_bytes is None else fault.after_bytes
    return replace(reply, body=reply.body[:kept])


def _retype(fault: Fault, reply: Reply) -> Reply:
    return replace(reply, media_type=fault.content_type)


def _claim_gzip(_fault: Fault, reply: Reply) -> Reply:
    return replace(reply, headers=(*reply.headers, ("content-encoding", "gzip")))


ALTERATIONS: dict[str, Callable[[Fault, Reply], Reply]] = {
    "truncate": _truncate,
    "content_type": _retype,
    "gzip_header_on_plain": _claim_gzip,
}
