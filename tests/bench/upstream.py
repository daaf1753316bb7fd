"""
The vendor, at next to no cost: every reply is made once and then sent again as it is.

`python -m tests.bench.upstream PORT DELAY_MS` waits DELAY_MS before each reply. `GET /calls` tells how many calls came.
"""

import asyncio
import sys
from typing import Final

from tests.bench.account import Account

_HEAD_END: Final = b"\r\n\r\n"


class Replies:
    """The replies by target, and how many were asked for."""

    def __init__(self, delay_s: float) -> None:
        """Take how long a reply lets itself be waited for."""
        self.delay_s = delay_s
        self._account = Account()
        self._known: dict[bytes, bytes] = {}
        self._calls = 0

    def find(self, target: bytes) -> bytes:
        """Return the whole reply to a target."""
        if target == b"/calls":
            return _build_reply(b"200 OK", str(self._calls).encode())
        self._calls += 1
        if target not in self._known:
            self._known[target] = self._make(target)
        return self._known[target]

    def _make(self, target: bytes) -> bytes:
        try:
            return _build_reply(b"200 OK", self._account.read(target.decode()))
        except LookupError:
            return _build_reply(b"404 Not Found", b"[]")


class Conversation(asyncio.Protocol):
    """One connection, on which requests without bodies come one after the other."""

    def __init__(self, replies: Replies) -> None:
        """Take what answers them."""
        self._replies = replies
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._received += data
        while _HEAD_END in self._received:
            head, _, self._received = self._received.partition(_HEAD_END)
            reply = self._replies.find(head.split(b" ", 2)[1])
            if self._replies.delay_s:
                asyncio.get_running_loop().call_later(self._replies.delay_s, self._transport.write, reply)
            else:
                self._transport.write(reply)


def _build_reply(status: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body


async def serve(port: int, delay_s: float) -> None:
    """Answer on a port of this machine until the process is ended."""
    replies = Replies(delay_s)
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(replies), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
