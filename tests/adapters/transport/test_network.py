"""Which addresses can be reached, looked at when the socket is made; and what a broken TLS handshake means."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from adapters.errors import VendorUnavailableError
from adapters.transport.addresses import may_connect, to_address
from adapters.transport.auth import QueryAuth
from adapters.transport.client import VendorClient
from adapters.transport.limits import ClientLimits
from adapters.transport.network import build_transport
from tests.adapters.transport.fake_vendor import SECRET, Caller, answer

PUBLIC = ["8.8.8.8", "1.1.1.1", "203.0.114.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
LOOPBACK = ["127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"]
PRIVATE = [
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "fd00::1",
    "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "2002:0a00:0001::1",
    "198.18.0.1",
    "fec0::1",
]
NEVER = [
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "fe80::1",
    "fe80::1%eth0",
    "224.0.0.1",
    "ff02::1",
    "0.0.0.0",  # noqa: S104 - refused, not bound
    "::",
    "240.0.0.1",
    "255.255.255.255",
    "::127.0.0.1",
]


@pytest.mark.parametrize(
    ("address", "public", "private", "loopback"),
    [
        *((address, True, True, False) for address in PUBLIC),
        *((address, False, True, True) for address in LOOPBACK),
        *((address, False, True, False) for address in PRIVATE),
        *((address, False, False, False) for address in NEVER),
    ],
)
def test_addresses_a_vendor_may_have(address, public, private, loopback):
    """One column for a normal source, one for allow_private, one for plain http."""
    found = to_address(address)

    assert found is not None
    assert may_connect(found) is public
    assert may_connect(found, allow_private=True) is private
    assert may_connect(found, loopback=True) is loopback


async def connect(watch, base_url, port_url, **options):
    """Send one call over the real network, to whatever the name resolves to."""
    transport = build_transport(base_url, **options)
    client = VendorClient(
        source="retail",
        vendor="taguchi_v4",
        base_url=port_url,
        transport=transport,
        authorize=QueryAuth("auth", SecretStr(SECRET)),
        limits=ClientLimits(attempt_s=5, backoff_s=0.001),
    )
    call = Caller(client, watch)
    try:
        return await call.refused(within_s=5), call.last
    finally:
        await client.aclose()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_a_name_that_turns_out_private_is_refused_at_the_socket(vendor, watch, host):
    """DNS can change after the check of the base URL; the canary must hear nothing, and no retry helps."""
    canary = await vendor(answer())
    url = canary.url.replace("http://127.0.0.1", f"https://{host}")

    error, record = await connect(watch, url, url)

    assert (type(error), error.reason, record.attempts) == (VendorUnavailableError, "ADDRESS_REFUSED", 1)
    assert (canary.connections, canary.heads) == (0, [])


async def test_a_plain_http_source_reaches_loopback_only(watch):
    """http was allowed because it stays on this machine."""
    error, _ = await connect(watch, "http://localhost", "http://localhost:1")
    assert error.reason == "CONNECT"

    transport = build_transport("http://localhost")
    client = VendorClient(
        source="retail",
        vendor="v",
        base_url="https://10.255.255.1",
        transport=transport,
        authorize=QueryAuth("auth", SecretStr(SECRET)),
    )
    assert (await Caller(client, watch).refused()).reason == "ADDRESS_REFUSED"
    await client.aclose()


async def test_a_name_nobody_knows_is_an_outage(watch):
    """DNS failures are retried like a refused connection."""
    error, record = await connect(watch, "https://nowhere.invalid", "https://nowhere.invalid")

    assert (type(error), error.reason, record.attempts) == (VendorUnavailableError, "CONNECT", 3)


async def serve(context, heard):
    """Listen with or without TLS, refuse every connection that gets through, and note it."""

    async def refuse(_reader, writer):
        heard.append(writer)
        writer.write(b"HTTP/1.1 400 X\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0, ssl=context)
    return server, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_server_without_tls_is_not_asked_twice(watch):
    """A broken handshake is a misconfiguration: no retry, and a line in the log."""
    heard: list[object] = []
    server, url = await serve(None, heard)

    error, record = await connect(watch, url, url, allow_private=True)

    server.close()
    assert (type(error), error.reason, record.attempts) == (VendorUnavailableError, "TLS", 1)
    assert len(heard) == 1
    assert any("TLS" in text and "retail" in text for text in watch.texts)


@pytest.fixture
def self_signed(tmp_path):
    """Make a TLS context with a certificate that nobody vouches for."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    certificate, private = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return context


async def test_a_certificate_nobody_vouches_for_is_refused(self_signed, watch):
    """A wrong certificate may be an attack; the secret must not be sent to it."""
    heard: list[object] = []
    server, url = await serve(self_signed, heard)

    error, record = await connect(watch, url, url, allow_private=True)

    server.close()
    assert (error.reason, record.attempts, heard) == ("TLS", 1, [])
