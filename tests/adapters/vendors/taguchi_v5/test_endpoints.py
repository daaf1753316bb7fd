"""Outgoing requests, frozen, and what each kind of reply means."""

from typing import Any

import orjson
import pytest

from adapters.calls import CallNote, CallRecord
from adapters.errors import (
    InputError,
    VendorAuthError,
    VendorConflictError,
    VendorContractError,
    VendorError,
    VendorRateLimitedError,
    VendorRejectedError,
    VendorUnavailableError,
)
from adapters.records import Entity
from adapters.transport.requests import Reply
from adapters.vendors.taguchi_v5.adapter import open_source
from adapters.vendors.taguchi_v5.endpoints import build_read, build_refusal
from adapters.vendors.taguchi_v5.operations import Operation, Slot
from adapters.vendors.taguchi_v5.schemas import Body
from adapters.vendors.taguchi_v5.wire import API_VERSION
from tests.adapters.vendors.taguchi_v5.world import FakeVendor, build_settings, scope

SUBSCRIBER, PARTITION = Entity.SUBSCRIBER, Entity.PARTITION
SECRET = "s3cr3t-t0ken"
READ = Operation(SUBSCRIBER, "GET", "subscriber", {"ref": Slot("ref", "query"), "id": Slot("id", "query")})
IN_PATH = Operation(
    SUBSCRIBER,
    "GET",
    "org/{organizationId}/subscriber/{key}",
    {"ref": Slot("key", "path")},
    (Slot("organizationId", "path"), Slot("orgId", "query"), Slot("X-Organization", "header")),
)
POSTED = Operation(
    SUBSCRIBER, "POST", "subscriber/find", body=Body(("[]", "profile"), {"ref": "externalId", "id": "id"}, "orgId")
)


def reply(body: Any, status: int = 200) -> Reply:
    """A reply with this body."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    call = CallRecord(source="web", vendor="taguchi_v5", operation="subscriber.read", method="GET", url="/x")
    return Reply(status, content, call)


# --- requests ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "identity", "value", "expected"),
    [
        (READ, "ref", "a b/é", ("GET", "subscriber", (("ref", "a b/é"),), None)),
        (READ, "id", "7", ("GET", "subscriber", (("id", "7"),), None)),
        (IN_PATH, "ref", "a b/é", ("GET", "org/482/subscriber/a%20b%2F%C3%A9", (("orgId", "482"),), None)),
        (IN_PATH, "ref", "{key}", ("GET", "org/482/subscriber/%7Bkey%7D", (("orgId", "482"),), None)),
        (POSTED, "ref", "u1", ("POST", "subscriber/find", (), b'[{"profile":{"externalId":"u1","orgId":482}}]')),
        (POSTED, "id", "7", ("POST", "subscriber/find", (), b'[{"profile":{"id":7,"orgId":482}}]')),
    ],
)
def test_reads_are_built_as_their_file_says(operation: Operation, identity: str, value: str, expected: Any) -> None:
    """The value would go to a place where the endpoint does not look."""
    request = build_read(operation, identity, value, 482, CallNote("people", keys=1))

    assert (request.method, request.path, request.params, request.body) == expected
    assert request.repeatable
    assert request.remembered_as is SUBSCRIBER
    assert (request.operation, request.purpose, request.keys) == ("subscriber.read", "people", 1)


@pytest.mark.parametrize("value", [".", ".."])
def test_values_that_climb_are_refused_before_a_call(value: str) -> None:
    """A reference could reach another address of the vendor."""
    with pytest.raises(InputError):
        build_read(IN_PATH, "ref", value, 482, CallNote())


async def test_the_request_on_the_wire_is_frozen() -> None:
    """A change of the outgoing bytes must be meant."""
    vendor = FakeVendor(body={"id": 7, "email": "a+b@example.com"})
    adapter = open_source("web", build_settings(auth={"token": SECRET}), vendor)

    await adapter.fetch_by_values(SUBSCRIBER, "email", ["a+b@example.com"], scope(), parts=frozenset(), purpose="test")

    (sent,) = vendor.requests
    assert (sent.method, sent.url.raw_path) == ("GET", b"/abc123/prod/subscriber?email=a%2Bb%40example.com")
    headers = {name: value for name, value in sent.headers.items() if name not in {"host", "accept-encoding"}}
    assert headers == {
        "user-agent": "marketing-graph",
        "accept": "application/json",
        "authorization": f"Bearer {SECRET}",
    }
    assert sent.content == b""


async def test_the_secret_is_in_no_plan_and_no_error() -> None:
    """A vendor that repeats the token would have us show it."""
    status = {"code": 400, "name": "Bad Request", "description": f"no {SECRET} here"}
    vendor = FakeVendor(status=400, body=status)
    adapter = open_source("web", build_settings(auth={"token": SECRET}), vendor)
    spent = scope()

    found = await adapter.fetch_by_values(
        SUBSCRIBER, "email", ["a@example.com"], spent, parts=frozenset(), purpose="test"
    )

    error = found["a@example.com"]
    assert isinstance(error, VendorRejectedError)
    assert error.vendor_message == "no REDACTED here"
    assert SECRET not in repr(spent.calls)


def test_the_documents_are_pinned() -> None:
    """Nobody would know which version the facts are of."""
    assert "17/1/2025" in API_VERSION


# --- codes ---


@pytest.mark.parametrize(
    ("status", "code", "kind", "reason"),
    [
        (400, 400, VendorRejectedError, "NOT_ACCEPTED"),
        (422, 422, VendorRejectedError, "NOT_ACCEPTED"),
        (401, 401, VendorAuthError, "CREDENTIALS_REFUSED"),
        (403, 403, VendorAuthError, "CREDENTIALS_REFUSED"),
        (404, 404, VendorContractError, "NO_ADDRESS"),
        (200, 404, VendorRejectedError, "NO_RECORD"),
        (405, 405, VendorContractError, "OPERATION_UNSUPPORTED"),
        (409, 409, VendorConflictError, "STATE_CONFLICT"),
        (200, 429, VendorRateLimitedError, "THROTTLED"),
        (200, 500, VendorUnavailableError, "FAILED"),
        (418, 418, VendorContractError, "STATUS_UNKNOWN"),
        (200, 302, VendorContractError, "STATUS_UNKNOWN"),
    ],
)
def test_codes_mean_the_same_wherever_they_stand(status: int, code: int, kind: type[VendorError], reason: str) -> None:
    """A caller would see another code for the same thing."""
    answer = reply(b"", status)

    error = build_refusal(answer, code, "Because\n<script>x</script> of https://x.example?a=b")

    assert (type(error), error.reason, error.status) == (kind, reason, code)
    assert error.vendor_message == "Because of"
    assert answer.call.error == f"{kind.code} {reason}"
