"""What each exception of the libraries means, and what `Retry-After` may say."""

import ssl
from datetime import UTC, datetime

import aiohttp
import httpx
import pytest

from adapters.transport import faults
from adapters.transport.limits import ClientLimits
from adapters.transport.retry import backoff_s, parse_retry_after


def caused(outer, inner):
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectError("x"), faults.CONNECT),
        (httpx.ConnectTimeout("x"), faults.TIMEOUT),
        (httpx.ReadTimeout("x"), faults.TIMEOUT),
        (httpx.PoolTimeout("x"), faults.TIMEOUT),
        (httpx.ReadError("x"), faults.RESET),
        (httpx.RemoteProtocolError("x"), faults.RESET),
        (httpx.UnsupportedProtocol("x"), faults.PROTOCOL),
        (ConnectionResetError(), faults.RESET),
        (BrokenPipeError(), faults.RESET),
        (ConnectionRefusedError(), faults.RESET),
        (aiohttp.ServerDisconnectedError(), faults.RESET),
        (aiohttp.ClientPayloadError(), faults.RESET),
        (ssl.SSLError(), faults.TLS),
        (caused(httpx.ConnectError("x"), ssl.SSLCertVerificationError()), faults.TLS),
        (caused(httpx.ConnectError("x"), faults.AddressRefusedError()), faults.ADDRESS),
        (caused(httpx.ConnectTimeout("x"), aiohttp.ServerDisconnectedError()), faults.RESET),
        (faults.FaultError(faults.TOO_LARGE), faults.TOO_LARGE),
    ],
    ids=repr,
)
def test_exceptions_are_named_by_their_causes(error, kind):
    """A certificate wrapped as a failed connect must not be retried, a dropped connection is no time-out."""
    assert faults.classify(error) is kind


NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        (" 7 ", 7),
        ("3600", 3600),
        ("3601", 3600),
        ("9" * 5000, 3600),
        ("Thu, 01 Jan 2026 00:00:30 GMT", 30),
        ("Thu, 01 Jan 2026 00:00:30", 30),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
        (None, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("1e3", None),
        ("inf", None),
        ("soon", None),
        ("²", None),
        ("Thu, 99 Foo 2026 99:99:99 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 3600),
    ],
    ids=lambda value: str(value)[:40],
)
def test_retry_after_is_read_as_written_or_not_at_all(text, seconds):
    """A vendor's slip must neither stop us for a year nor raise."""
    assert parse_retry_after(text, NOW) == seconds


def test_back_off_doubles_up_to_its_bound_and_is_jittered():
    """Retries of many callers must spread."""
    limits = ClientLimits(backoff_s=0.1, backoff_cap_s=0.3)

    for attempt, bound in ((1, 0.1), (2, 0.2), (3, 0.3), (9, 0.3)):
        drawn = [backoff_s(limits, attempt) for _ in range(500)]
        assert 0 <= min(drawn) < bound * 0.2
        assert bound * 0.8 < max(drawn) <= bound
