"""A vendor that misbehaves on the wire, a caller with short limits, and what to look for when searching for leaks."""

import asyncio
import base64
import contextlib
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from urllib.parse import quote, quote_plus

import pytest

from adapters.calls import CallRecord, CallScope
from adapters.errors import VendorError
from adapters.transport.client import Reply, VendorClient, VendorRequest
from adapters.transport.limits import ClientLimits

SECRET = "usér@example.com|p+ss/w%rd&x=1"

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter, int], Awaitable[None]]


@dataclass
class FakeVendor:
    """A loopback server that does what its script says, and keeps the head of every request."""

    script: Script
    url: str = ""
    heads: list[str] = field(default_factory=list)
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head.decode("latin-1"))
                await self.script(reader, writer, len(self.heads))
                if writer.is_closing():
                    break
        writer.close()


@dataclass
class Watch:
    """Everything a run wrote down: log lines, exceptions, plan records."""

    texts: list[str] = field(default_factory=list)

    def note(self, what: BaseException | CallRecord) -> None:
        self.texts.append(repr(what))
        error = what if isinstance(what, BaseException) else None
        while error is not None:
            self.texts += [repr(error), str(error), repr(error.__dict__), *traceback.format_exception(error)]
            error = error.__cause__ or error.__context__

    def leaks(self) -> list[str]:
        return [form for form in forms_of(SECRET) for text in self.texts if form.lower() in text.lower()]


def forms_of(secret: str) -> set[str]:
    """Return the secret as it could show up: plain, quoted, escaped, in base64 at any alignment, in hex."""
    raw = secret.encode()
    aligned = {base64.b64encode(b"\0" * shift + raw).decode()[4:-4] for shift in range(3)}
    escaped = {secret.encode("unicode_escape").decode(), repr(raw)[2:-1]}
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), raw.hex()} | aligned | escaped


SHORT = ClientLimits(attempt_s=0.3, backoff_s=0.005, backoff_cap_s=0.02, breaker_failures=1000)
PATIENT = replace(SHORT, attempt_s=5)


@dataclass
class Caller:
    """A client and the watch that sees whatever comes of its calls."""

    client: VendorClient
    watch: Watch
    records: list[CallRecord] = field(default_factory=list)

    async def send(self, request: VendorRequest | None = None, *, within_s: float = 5.0) -> Reply:
        scope = build_scope(within_s)
        try:
            return await self.client.send(request or read(), scope)
        except VendorError as error:
            self.watch.note(error)
            raise
        finally:
            self.records += scope.calls
            for call in scope.calls:
                self.watch.note(call)

    async def refused(self, request: VendorRequest | None = None, *, within_s: float = 5.0) -> VendorError:
        with pytest.raises(VendorError) as caught:
            await self.send(request, within_s=within_s)
        return caught.value

    @property
    def last(self) -> CallRecord:
        return self.records[-1]


def read(**changes: object) -> VendorRequest:
    """Build a plain read."""
    return VendorRequest(**({"operation": "subscriber.list", "path": "subscriber/"} | changes))  # type: ignore[arg-type]


def build_scope(within_s: float = 5.0) -> CallScope:
    """Build the scope of a request that must be answered in so many seconds."""
    now = asyncio.get_running_loop().time()
    return CallScope(operation_id="op", tenant="t", deadline_at=now + within_s, started_at=now)


def answer(
    body: bytes = b"[]", status: str = "200 OK", headers: tuple[str, ...] = (), *, length: int | None = None
) -> Script:
    """Script a whole answer, on a connection that stays open."""

    async def script(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _n: int) -> None:
        size = len(body) if length is None else length
        head = [f"HTTP/1.1 {status}", f"Content-Length: {size}", *headers, "", ""]
        writer.write("\r\n".join(head).encode() + body)
        await writer.drain()
        if length is not None:
            writer.close()

    return script


def in_turn(*scripts: Script) -> Script:
    """Script each request differently; the last one stays."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, n: int) -> None:
        await scripts[min(n, len(scripts)) - 1](reader, writer, n)

    return script


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that happens on a socket; the test's own time-out is five seconds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.005)
