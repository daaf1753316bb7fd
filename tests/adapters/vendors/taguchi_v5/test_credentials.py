"""Tokens that are signed here are believed by others, renewed in time, and never shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import SecretStr

from adapters.records import Entity, SubscriberRecord
from adapters.vendors.taguchi_v5.adapter import open_source
from adapters.vendors.taguchi_v5.credentials import JwtAuth, SharedKeyAuth
from adapters.vendors.taguchi_v5.sandbox import SandboxOptions, create_sandbox
from tests.adapters.vendors.taguchi_v5.world import build_settings, scope

SHARED = "a-shared-key-of-more-than-32-letters"


class Clock:
    """A clock that a test moves."""

    def __init__(self, now_s: float) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture(scope="module")
def private_key() -> rsa.RSAPrivateKey:
    """A key pair as a client makes one."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def to_pem(key: Any) -> str:
    """Write a private key as its file has it."""
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    return str(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain), "ascii")


def read_token(auth: Any) -> str:
    """Return the token of the one header."""
    ((name, value),) = auth.headers()
    assert name == "Authorization"
    kind, _, token = value.partition(" ")
    assert kind == "Bearer"
    return str(token)


def test_a_private_key_signs_what_its_public_half_checks(private_key: rsa.RSAPrivateKey) -> None:
    """Source: vendors/facts.md, 2.1: RS256 with an uploaded public key."""
    auth = JwtAuth(SecretStr(to_pem(private_key)), "RS256", {"sub": "web"}, 300, "key-1", Clock(1_000))
    token = read_token(auth)

    claims = jwt.decode(token, private_key.public_key(), ["RS256"], options={"verify_exp": False, "verify_iat": False})

    assert claims == {"sub": "web", "iat": 1_000, "exp": 1_300}
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": "key-1"}


def test_a_token_is_signed_anew_when_half_its_life_is_over() -> None:
    """A token would end in the middle of a call, or be signed for every one; a clock set back must not matter."""
    clock = Clock(1_000)
    auth = JwtAuth(SecretStr(SHARED), "HS256", {}, 300, now_s=clock)

    def ends_at(now_s: float) -> int:
        clock.now_s = now_s
        claims = jwt.decode(read_token(auth), SHARED, ["HS256"], options={"verify_exp": False, "verify_iat": False})
        return int(claims["exp"])

    assert [ends_at(now) for now in (1_000, 1_149, 1_150, 1_299, 500)] == [1_300, 1_300, 1_450, 1_450, 800]


def test_key_and_token_count_as_secrets() -> None:
    """A vendor that repeats one of them would have us show it."""
    auth = JwtAuth(SecretStr(SHARED), "HS256", {}, 300, now_s=Clock(1_000))

    assert set(auth.secrets()) == {SHARED, read_token(auth)}
    assert (auth.hidden, auth.query()) == ((), ())
    assert read_token(auth) not in repr(auth)
    assert SHARED not in repr(auth)


def bad_keys() -> Iterator[tuple[str, str]]:
    """Keys that cannot sign."""
    yield "RS256", "no key"
    yield "RS256", to_pem(ec.generate_private_key(ec.SECP256R1()))
    public = rsa.generate_private_key(public_exponent=65_537, key_size=2_048).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    yield "RS256", pem
    yield "HS256", pem


@pytest.mark.parametrize(("algorithm", "key"), list(bad_keys()), ids=["text", "another kind", "public", "PEM as text"])
def test_a_key_that_cannot_sign_stops_the_start(algorithm: str, key: str) -> None:
    """The first call would fail in front of a user, or the key stand in a traceback."""
    with pytest.raises(ValueError, match=r"^auth: this is no .*key.* that can sign by") as refused:
        JwtAuth(SecretStr(key), algorithm, {}, 300)

    assert key not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("claims", [{"exp": 5}, {"iat": 5}, {"who": object()}])
def test_claims_that_cannot_be_sent_stop_the_start(claims: dict[str, Any]) -> None:
    """A token could live for ever, or fail with each call."""
    with pytest.raises(ValueError, match=r"^auth: (the )?claims"):
        JwtAuth(SecretStr(SHARED), "HS256", claims, 300)


@pytest.mark.parametrize(
    ("credential", "auth"),
    [
        ("token", {"token": SHARED}),
        ("jwt", {"jwt_secret": SHARED, "claims": {"sub": "web"}, "lifetime_s": 60}),
        ("none", {"none": True}),
    ],
)
async def test_the_endpoint_believes_each_kind(credential: Any, auth: dict[str, Any]) -> None:
    """Source: vendors/facts.md, 2.1, auth kinds."""
    sandbox = create_sandbox(secret=SHARED, options=SandboxOptions(credential=credential, identify_by="email"))
    adapter = open_source("web", build_settings(auth=auth), httpx.ASGITransport(sandbox.app))

    found = await adapter.fetch_by_ids(Entity.SUBSCRIBER, ["121293458"], scope(), parts=frozenset(), purpose="test")

    assert isinstance(found["121293458"], SubscriberRecord)


def test_a_secret_file_may_hold_a_key(tmp_path: Path, private_key: rsa.RSAPrivateKey) -> None:
    """A PEM file ends with a line break, which the loader cuts off."""
    settings = build_settings(auth={"private_key": to_pem(private_key).rstrip("\n"), "key_id": "k"})

    assert read_token(settings.auth.build()).count(".") == 2
    assert not isinstance(settings.auth, SharedKeyAuth)
