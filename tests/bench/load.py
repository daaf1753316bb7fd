"""Asks a server the same operation over kept connections, at the least cost of its own."""

import asyncio
import re
import time
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

QUERY: Final = """
query Page($first: Int!) {
  subscribers(first: $first) {
    nodes {
      vendorId
      firstName
      lastName
      email
      campaign { vendorId name }
      memberships { joinedAt list { vendorId name } }
    }
  }
}
"""
"""People with campaign and lists: what is measured."""

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


class Connection:
    """One kept connection to a server."""

    def __init__(self, url: str) -> None:
        """Take the address of the endpoint."""
        self._parts = urlsplit(url)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, body: bytes) -> bytes:
        """Send one body and return the whole answer's."""
        if self._reader is None or self._writer is None:
            host, port = self._parts.hostname, self._parts.port
            self._reader, self._writer = await asyncio.open_connection(host, port, limit=2**22)
        head = (
            f"POST {self._parts.path} HTTP/1.1\r\nHost: {self._parts.netloc}\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        head_bytes = await self._reader.readuntil(b"\r\n\r\n")
        if not head_bytes.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{self._parts.netloc} answered {head_bytes.decode()}")
        if (length := _LENGTH.search(head_bytes)) is not None:
            return await self._reader.readexactly(int(length[1]))
        if _CHUNKED.search(head_bytes) is None:
            raise RuntimeError(f"{self._parts.netloc} says no length")
        return await self._read_chunks(self._reader)

    async def _read_chunks(self, reader: asyncio.StreamReader) -> bytes:
        chunks = []
        while size := int(await reader.readuntil(b"\r\n"), 16):
            chunks.append((await reader.readexactly(size + 2))[:-2])
        await reader.readexactly(2)
        return b"".join(chunks)

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()


def build_body(first: int) -> bytes:
    """Return the request for a page of this size."""
    return orjson.dumps({"query": QUERY, "variables": {"first": first}})


def ask_once(url: str, body: bytes) -> dict[str, Any]:
    """Return the answer to one request."""

    async def ask() -> bytes:
        connection = Connection(url)
        try:
            return await connection.ask(body)
        finally:
            connection.close()

    answer: dict[str, Any] = orjson.loads(asyncio.run(ask()))
    return answer


def ask_many(url: str, body: bytes, operations: int, connections: int) -> list[float]:
    """Ask so many times over so many connections; returns the milliseconds each answer took."""
    times_ms: list[float] = []

    async def work(connection: Connection, count: int) -> None:
        for _ in range(count):
            started = time.perf_counter()
            await connection.ask(body)
            times_ms.append((time.perf_counter() - started) * 1000)

    async def ask() -> None:
        opened = [Connection(url) for _ in range(connections)]
        try:
            await asyncio.gather(
                *(
                    work(each, operations // connections + (n < operations % connections))
                    for n, each in enumerate(opened)
                )
            )
        finally:
            for each in opened:
                each.close()

    asyncio.run(ask())
    return times_ms
