"""
A client's connection: uvicorn's, over the parser that costs least, which by itself bounds nothing but bodies.
"""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 1024 * 1024
"""
How much of a request may be anything else than its body: the guard refuses most of it with an answer that explains.
"""

_TOO_MUCH: Final = "The head of the request is too long."


class Connection(HttpToolsProtocol):
    """
    Reads requests whose address, headers, chunk sizes and trailers together are no more than `HEAD_BYTES`.

    The parser keeps a header until it has ended, so without a bound one client could fill the memory.
    """

    _besides_body = 0

    def data_received(self, data: bytes) -> None:
        """Read on; what is too long is refused, and the connection closed."""
        if self.transport.is_closing():
            return
        self._besides_body += len(data)
        super().data_received(data)
        if self._besides_body > HEAD_BYTES and not self.transport.is_closing():
            self.logger.warning(_TOO_MUCH)
            self.send_400_response(_TOO_MUCH)

    def on_body(self, body: bytes) -> None:
        """Count what is the body's."""
        self._besides_body -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Begin to count anew."""
        self._besides_body = 0
        super().on_message_complete()
