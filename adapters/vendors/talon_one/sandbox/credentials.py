"""
Who may call which API: three keys, and the gateway's two headers.

Source: vendors/facts.md, 5.1. A key of one API is none of another's. What wrong keys are told is not documented.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from .refusals import BAD_REQUEST, UNAUTHORIZED, Refusal, not_found

Headers = Mapping[str, str]

INTEGRATION_PREFIX = "ApiKey-v1 "
MANAGEMENT_PREFIX = "ManagementKey-v1 "
BEARER, BASIC = "Bearer ", "Basic "


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets that open the sandbox: a key for each API, and a session of a person at the Management API."""

    cdp: str = "sandbox-cdp-key"
    integration: str = "sandbox-integration-key"
    management: str = "sandbox-management-key"
    session: str = "sandbox-session"


def check_gateway(headers: Headers, keys: Keys, deployment: str, *, names_platform: bool) -> str:
    """
    Let a gateway call pass, and return the platform it names.

    Raises:
        Refusal: 400 without a header it needs, 401 without its key, 404 for another deployment.
    """
    host = headers.get("destination-hostname", "").strip()
    if not host:
        raise Refusal(BAD_REQUEST, "No Deployment URL specified")
    platform = headers.get("customer-data-platform-name", "").strip()
    if names_platform and not platform:
        raise Refusal(BAD_REQUEST, "No Customer Data Platform name specified")
    _check(_unpack_basic(headers.get("authorization", "")), (INTEGRATION_PREFIX + keys.cdp,), "Missing Session Token")
    if host.removeprefix("https://").rstrip("/").lower() != deployment:
        raise not_found()
    return platform


def check_integration(headers: Headers, keys: Keys) -> None:
    """Let a call of the Integration API pass; 401 without its key."""
    _check(headers.get("authorization", ""), (INTEGRATION_PREFIX + keys.integration,), "Invalid API key")


def check_management(headers: Headers, keys: Keys) -> None:
    """Let a call of the Management API pass; 401 without its key or a session."""
    known = (MANAGEMENT_PREFIX + keys.management, BEARER + keys.session)
    _check(headers.get("authorization", ""), known, "Invalid management key")


def _check(given: str, known: tuple[str, ...], text: str) -> None:
    if not any(hmac.compare_digest(given.encode(), each.encode()) for each in known):
        raise Refusal(UNAUTHORIZED, text)


def _unpack_basic(given: str) -> str:
    """The same key as a user name: base64 of `ApiKey-v1 KEY:`. Source: T1-OAS-3P, ApiKeyBasicAuth."""
    if not given.startswith(BASIC):
        return given
    try:
        return base64.b64decode(given.removeprefix(BASIC), validate=True).decode().removesuffix(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
