"""
A client's connection: uvicorn's, over the parser that costs least, which by itself bounds nothing but bodies.
"""

import asyncio
from typing import Final

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 1024 * 1024
"""
How much of a request may be anything else than its body: the guard refuses most of it with an answer that explains.
"""

MAX_WAITING: Final = 32
"""How many requests of one connection wait for the answer to the one before: each costs far more memory than bytes."""

_BODY_CREDIT: Final = 2
"""A byte of a body pays for one of the sizes around it: who sends a long body in short chunks sends no long head."""

HEAD_S: Final = 20.0
"""Seconds within which a head must have come: who sends one byte now and then would hold a connection for ever."""

_TOO_LATE: Final = "The request's head takes too long."
_TOO_MUCH: Final = "Too much of the request is not its body."
_NO_HTTP: Final = "Invalid HTTP request received."
_CONTINUE: Final = b"HTTP/1.1 100 "
_ENCODINGS: Final[tuple[list[bytes], ...]] = ([], [b"chunked"])


class _Joined(asyncio.Transport):
    """
    The way out of one response, whose head waits for the first of its body.

    Written by itself it would cost a call of the system, and wake the client for nothing.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self._head: bytes | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep the head, and write it with what follows."""
        if self._head:
            self._transport.writelines((self._head, data))
            self._head = b""
        elif self._head is None and bytes(data[: len(_CONTINUE)]) != _CONTINUE:
            self._head = bytes(data)
        else:
            self._transport.write(data)

    def is_closing(self) -> bool:
        """Say whether nothing more can be written."""
        return self._transport.is_closing()

    def close(self) -> None:
        """Write a head that is left, and close."""
        if self._head:
            self._transport.write(self._head)
        self._transport.close()


class Connection(HttpToolsProtocol):
    """
    Reads requests whose address, headers, chunk sizes and trailers together are no more than `HEAD_BYTES`.

    The parser keeps a header until it has ended, so without a bound one client could fill the memory.
    """

    head_s = HEAD_S
    _besides_body = 0
    _head_ended = False
    _ends = False
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """Wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for no head any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; what is too long or no HTTP is refused, and the connection closed."""
        if self._ends or self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        self._besides_body += len(data)
        try:
            while data:
                data = self._parse(data)
        except HttpParserError:
            self._refuse(_NO_HTTP)
        if self._besides_body > HEAD_BYTES and not self.transport.is_closing():
            self._refuse(_TOO_MUCH)
        if not self._head_ended:
            self._await_head()  # only for a head that did not come whole: most do

    def _parse(self, data: bytes) -> bytes:
        """Parse data and return what must be parsed anew: a request that offers another protocol, without the offer."""
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as found:  # the parser would take the request's body for that protocol
            method, version = self.parser.get_method(), self.parser.get_http_version().encode()
            if method == b"CONNECT":
                raise HttpParserError from None
            lines = [b"%b: %b\r\n" % (name, value) for name, value in self.headers if name != b"upgrade"]
            self.parser = HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn's own
            return b"".join(
                [method, b" ", self.url, b" HTTP/", version, b"\r\n", *lines, b"\r\n", data[found.args[0] :]]
            )
        return b""

    def _refuse(self, what: str) -> None:
        """Close the connection, once the requests before the one that is refused are answered."""
        self.logger.warning(what)
        if self.cycle is None or self.cycle.response_complete or self.cycle.more_body:
            self.send_400_response(what)
        else:
            self._ends, self.cycle.keep_alive = True, False

    def _await_head(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.head_s, self._refuse, _TOO_LATE)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _should_upgrade(self) -> bool:
        """Let uvicorn pass over a request that offers another protocol: it comes again without the offer."""
        return True

    def on_message_begin(self) -> None:
        """Begin a head."""
        self._head_ended = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin to answer; raises where too many wait, or where another reader could find another end of the body."""
        self._head_ended = True
        self._stop_waiting()
        encodings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        if len(self.pipeline) >= MAX_WAITING or encodings not in _ENCODINGS:
            raise HttpParserError
        super().on_headers_complete()
        if self.parser.should_upgrade():
            return
        self.headers = []  # what comes after the body is no header, or what stands before us could be passed by
        if self.scope["method"] != "HEAD":
            self.cycle.transport = _Joined(self.transport)

    def on_body(self, body: bytes) -> None:
        """Count what is the body's."""
        self._besides_body = max(0, self._besides_body - _BODY_CREDIT * len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Begin to count anew."""
        self._besides_body = 0
        super().on_message_complete()
