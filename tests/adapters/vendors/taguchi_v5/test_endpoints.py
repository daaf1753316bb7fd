"""Outgoing requests, frozen, and what each kind of reply means."""

from typing import Any

import httpx
import orjson
import pytest

from adapters.calls import CallRecord
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
from adapters.transport.client import Reply
from adapters.vendors.taguchi_v5.adapter import open_source
from adapters.vendors.taguchi_v5.endpoints import (
    CallNote,
    build_read,
    build_refusal,
    read_found_reply,
    read_item_statuses,
)
from adapters.vendors.taguchi_v5.operations import Operation, Slot
from adapters.vendors.taguchi_v5.schemas import Body
from adapters.vendors.taguchi_v5.statuses import ItemStatus
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
    return Reply(status, httpx.Headers(), content, call)


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

    await adapter.fetch_by_values(SUBSCRIBER, "email", ["a+b@example.com"], scope(), purpose="test")

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

    found = await adapter.fetch_by_values(SUBSCRIBER, "email", ["a@example.com"], spent, purpose="test")

    error = found["a@example.com"]
    assert isinstance(error, VendorRejectedError)
    assert error.vendor_message == "no REDACTED here"
    assert SECRET not in repr(spent.calls)


def test_the_documents_are_pinned() -> None:
    """Nobody would know which version the facts are of."""
    assert "17/1/2025" in API_VERSION


# --- replies of reads -------------------------------------------------------------------------------------------------

NOT_FOUND = {"code": 404, "name": "Not Found", "description": "There is no such subscriber"}
OK = {"code": 200, "name": "OK", "description": ""}
JANE, JOHN = {"id": 1, "ref": "jane"}, {"id": 2, "ref": "john", "name": "x", "code": 500}


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (JANE, [JANE]),
        (JOHN, [JOHN]),
        ([JANE, JOHN], [JANE, JOHN]),
        ({"profile": JANE}, [JANE]),
        ({"subscriber": [JANE]}, [JANE]),
        ([{"profile": JANE}, {"profile": JOHN}], [JANE, JOHN]),
        ([JANE, NOT_FOUND], [JANE]),
        ([], []),
        ({}, []),
        (None, []),
        ({"profile": None}, []),
        ({"profile": []}, []),
        ([{}], []),
        (NOT_FOUND, []),
        ([NOT_FOUND], []),
        ({**NOT_FOUND, "code": "404"}, []),
    ],
    ids=str,
)
def test_records_are_found_in_every_likely_shape(body: Any, rows: list[Any]) -> None:
    """No file says how a look-up answers, so one object, a list and a wrapped one are all understood."""
    assert read_found_reply(reply(body), READ, webhook_mode=False) == rows


@pytest.mark.parametrize("body", [[], {}, None, {"profile": None}, [{}]])
def test_emptiness_is_not_believed_in_webhook_mode(body: Any) -> None:
    """A failure that is answered 200 would be nobody found."""
    with pytest.raises(VendorContractError):
        read_found_reply(reply(body), READ, webhook_mode=True)


@pytest.mark.parametrize("webhook_mode", [False, True])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"code": 401, "name": "Unauthorized", "description": ""}, VendorAuthError),
        ([{"code": 400, "name": "Bad Request", "description": ""}], VendorRejectedError),
        ({"profile": {"code": "403", "name": "Forbidden"}}, VendorAuthError),
        ([JANE, {"code": 409, "name": "Conflict"}], VendorConflictError),
        ({"code": 503, "name": "Service Unavailable"}, VendorUnavailableError),
        ({"code": 429, "name": "Too Many Requests"}, VendorRateLimitedError),
        (OK, VendorContractError),
        ([OK], VendorContractError),
        ("text", VendorContractError),
        (5, VendorContractError),
        ([1], VendorContractError),
        ([[JANE]], VendorContractError),
        (True, VendorContractError),
    ],
    ids=str,
)
def test_failures_inside_200_are_failures(body: Any, kind: type[VendorError], webhook_mode: bool) -> None:
    """Source: vendors/facts.md, 2.2: never judge by the HTTP status only."""
    with pytest.raises(VendorError) as caught:
        read_found_reply(reply(body), READ, webhook_mode=webhook_mode)

    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("status", "body", "tells_absence", "rows"),
    [
        (204, b"", False, []),
        (404, NOT_FOUND, False, []),
        (404, {"message": "Not Found"}, True, []),
        (404, b"", True, []),
        (404, {"message": "Not Found"}, False, None),
        (404, b"<html>Not Found</html>", True, None),
        (404, {"code": 401, "name": "Unauthorized"}, True, None),
        (404, b"", False, None),
    ],
)
def test_nobody_is_told_from_a_wrong_address(status: int, body: Any, tells_absence: bool, rows: Any) -> None:
    """A wrong base_url would show an account without anybody in it."""
    operation = Operation(SUBSCRIBER, "GET", "subscriber", READ.slots, tells_absence=tells_absence)
    answer = reply(body, status)

    if rows is not None:
        assert read_found_reply(answer, operation, webhook_mode=False) == rows
        return
    with pytest.raises(VendorContractError) as caught:
        read_found_reply(answer, operation, webhook_mode=False)
    assert caught.value.reason == "NO_ADDRESS"


# --- statuses of items ------------------------------------------------------------------------------------------------


def test_each_item_has_its_own_status() -> None:
    """An item's failure would be its neighbour's, or everybody's."""
    answer = reply(
        [OK, {"code": "400", "name": "Bad Request", "description": "no identity"}, {"code": 201, "name": "x"}]
    )

    found = read_item_statuses(answer, 3, webhook_mode=False)

    assert found == (
        ItemStatus(200, "OK", ""),
        ItemStatus(400, "Bad Request", "no identity"),
        ItemStatus(201, "x", None),
    )
    assert [each.succeeded for each in found] == [True, False, True]


@pytest.mark.parametrize("body", [[OK], [{"code": 500, "name": "x"}] * 2, {}, None, b"", b"<html>", NOT_FOUND])
def test_nothing_is_judged_in_webhook_mode(body: Any) -> None:
    """A write would be called applied, or refused, by a reply that means nothing."""
    found = read_item_statuses(reply(body), 2, webhook_mode=True)

    assert [each.succeeded for each in found] == [None, None]


@pytest.mark.parametrize("body", [[], [OK], [OK] * 3, [OK, {}], [OK, None], {}, None, "OK", [[OK, OK]], OK])
def test_statuses_that_do_not_match_the_items_are_refused(body: Any) -> None:
    """By place alone a status would be taken for another item's."""
    with pytest.raises(VendorContractError) as caught:
        read_item_statuses(reply(body), 2, webhook_mode=False)

    assert caught.value.reason == "STATUSES_EXPECTED"


def test_one_item_may_have_its_status_alone() -> None:
    """A single object is a whole request's failure by document, and harmless where it says success of one item."""
    assert read_item_statuses(reply(OK), 1, webhook_mode=False)[0].succeeded


@pytest.mark.parametrize("status", [200, 401])
@pytest.mark.parametrize("webhook_mode", [False, True])
def test_a_whole_request_can_fail(status: int, webhook_mode: bool) -> None:
    """Source: vendors/facts.md, 2.2: a single object of the same three fields with HTTP 401."""
    answer = reply({"code": 401, "name": "Unauthorized", "description": "Bad <i>token</i>"}, status)

    if webhook_mode and status == 200:
        assert read_item_statuses(answer, 1, webhook_mode=True) == (ItemStatus(),)
        return
    with pytest.raises(VendorAuthError) as caught:
        read_item_statuses(answer, 1, webhook_mode=webhook_mode)
    assert caught.value.vendor_message == "Bad token"


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
