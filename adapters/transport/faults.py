"""
Everything that can happen to one attempt, as a table: how it is named, retried, counted and reported.

A fault is a value, not an exception: the error a caller sees is raised far from the library's own exception, whose
text holds the URL with its secret.
"""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import aiohttp
import httpx

from adapters.errors import (
    VendorContractError,
    VendorError,
    VendorRateLimitedError,
    VendorTimeoutError,
    VendorUnavailableError,
)


@dataclass(frozen=True, slots=True)
class FaultKind:
    """
    One way an attempt can fail.

    `retried` says whether a read may be sent again; `outage` whether it counts towards opening the breaker;
    `unprocessed` that the vendor cannot have done what was asked: it never had the request, or said so.
    """

    word: str
    error: type[VendorError]
    message: str
    retried: bool = False
    outage: bool = False
    unprocessed: bool = False


CONNECT = FaultKind(
    "CONNECT", VendorUnavailableError, "could not be reached", retried=True, outage=True, unprocessed=True
)
TLS = FaultKind(
    "TLS",
    VendorUnavailableError,
    "failed the TLS handshake; check its certificate",
    outage=True,
    unprocessed=True,
)
ADDRESS = FaultKind(
    "ADDRESS_REFUSED",
    VendorUnavailableError,
    "has an address that is not allowed",
    outage=True,
    unprocessed=True,
)
RESET = FaultKind("RESET", VendorUnavailableError, "broke off its answer", retried=True, outage=True)
TIMEOUT = FaultKind("TIMEOUT", VendorTimeoutError, "gave no whole answer in time", retried=True, outage=True)
SHORT_OF_TIME = FaultKind("DEADLINE", VendorTimeoutError, "could not answer within the request's deadline")
NO_TIME = FaultKind(
    "DEADLINE", VendorTimeoutError, "could not be asked within the request's deadline", unprocessed=True
)
STATUS = FaultKind("STATUS", VendorUnavailableError, "answered with a server error", retried=True, outage=True)
UNSUPPORTED = FaultKind("STATUS", VendorUnavailableError, "answered with a server error", outage=True)
THROTTLED = FaultKind("THROTTLED", VendorRateLimitedError, "asks for fewer calls", unprocessed=True)
BREAKER_OPEN = FaultKind(
    "BREAKER_OPEN",
    VendorUnavailableError,
    "has failed repeatedly and is left alone for a moment",
    unprocessed=True,
)
REDIRECT = FaultKind("REDIRECT", VendorContractError, "answered with a redirect, which is not followed")
TOO_LARGE = FaultKind("BODY_TOO_LARGE", VendorContractError, "sent more data than this source may send")
ENCODING = FaultKind("BODY_ENCODING", VendorContractError, "sent a body whose encoding cannot be undone")
PROTOCOL = FaultKind("NOT_HTTP", VendorContractError, "sent something that is not HTTP")


_UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class Fault:
    """What became of one attempt that brought no reply."""

    kind: FaultKind
    status: int | None = None
    retry_after_s: float | None = None

    @property
    def unprocessed(self) -> bool:
        """Whether the vendor provably did not do what was asked; a 503 that names a time says so (RFC 9110, 15.6.4)."""
        return self.kind.unprocessed or (self.status == _UNAVAILABLE and self.retry_after_s is not None)

    @property
    def word(self) -> str:
        """Return the stable word a plan and `extensions.reason` show, as `CONNECT` or `STATUS_503`."""
        return f"{self.kind.word}_{self.status}" if self.kind.word == "STATUS" else self.kind.word

    def build_error(self, *, source: str, vendor: str, operation: str) -> VendorError:
        """Build the error a caller sees: which source, what happened, no URL."""
        return self.kind.error(
            f"Source '{source}' {self.kind.message}.",
            source=source,
            vendor=vendor,
            operation=operation,
            status=self.status,
            reason=self.word,
            retry_after_s=self.retry_after_s,
            maybe_processed=not self.unprocessed,
        )


class FaultError(Exception):
    """Carries a kind of fault from the body reader to the attempt; never leaves the transport."""

    def __init__(self, kind: FaultKind) -> None:
        """Keep the kind."""
        super().__init__(kind.word)
        self.kind = kind


class AddressRefusedError(OSError):
    """The connector met an address that a vendor may not have."""


# What a transport may raise for reasons that lie outside this process.
NETWORK_ERRORS = (httpx.HTTPError, aiohttp.ClientError, OSError, FaultError)

_BY_CLASS: tuple[tuple[tuple[type[BaseException], ...], FaultKind], ...] = (
    ((AddressRefusedError,), ADDRESS),
    ((ssl.SSLError, ssl.CertificateError, aiohttp.ClientSSLError), TLS),
    ((aiohttp.ClientConnectorError, httpx.ConnectError), CONNECT),
    ((aiohttp.ClientResponseError, httpx.UnsupportedProtocol, httpx.LocalProtocolError), PROTOCOL),
    ((aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError, aiohttp.ClientOSError, ConnectionError), RESET),
    ((httpx.TimeoutException, TimeoutError), TIMEOUT),
)


def classify(error: BaseException) -> FaultKind:
    """
    Name what an exception of the network means; the rows of the table are tried in order.

    The whole chain of causes is searched: httpx-aiohttp reports a dropped connection as a time-out, and a broken
    certificate as a failed connect.
    """
    if isinstance(error, FaultError):
        return error.kind
    chain = tuple(_causes(error))
    for classes, kind in _BY_CLASS:
        if any(isinstance(cause, classes) for cause in chain):
            return kind
    return RESET


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and everything that led to it."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
