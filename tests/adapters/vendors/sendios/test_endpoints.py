"""Outgoing requests, frozen byte for byte, and what each kind of reply means."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import httpx
import pytest

from adapters.contract import PersonQuery, SliceQuery
from adapters.errors import (
    FacadeError,
    InputError,
    VendorAuthError,
    VendorConflictError,
    VendorContractError,
    VendorError,
    VendorRateLimitedError,
    VendorRejectedError,
    VendorUnavailableError,
)
from adapters.filters.order import Position
from adapters.filters.tree import And, Comparison, Op
from adapters.memory import Memory, Worth
from adapters.vendors.sendios.adapter import SendiosAdapter, open_source
from adapters.vendors.sendios.replies import judge_worth
from tests.adapters.vendors.sendios.world import SUBSCRIBER, UNSUBSCRIBE, build_settings, scope

SECRET = "s3cr3t-key"
BASIC = "Basic " + base64.b64encode(f"123:{SECRET}".encode()).decode()


def envelope(data: object, status: str = "SUCCESS") -> bytes:
    return json.dumps({"_meta": {"status": status, "time": 1, "count": 1}, "data": data}).encode()


@dataclass
class FakeVendor(httpx.AsyncBaseTransport):
    """Answers every request alike and remembers what was asked."""

    status: int = 200
    body: bytes = envelope({"user": [], "result": False, "valid": True, "data": []})
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, headers=self.headers, content=self.body)

    @property
    def targets(self) -> list[str]:
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]


def build_adapter(vendor: FakeVendor) -> SendiosAdapter:
    return open_source("mails", build_settings(auth={"key": SECRET}), vendor)


Ask = Callable[[SendiosAdapter], Awaitable[object]]


def ask_ids(*ids: str) -> Ask:
    return lambda adapter: adapter.fetch_by_ids(SUBSCRIBER, ids, scope(), parts=frozenset(), purpose="test")


def ask_emails(*emails: str) -> Ask:
    return lambda adapter: adapter.fetch_by_values(
        SUBSCRIBER, "email", emails, scope(), parts=frozenset(), purpose="test"
    )


def ask_part(part: str, *ids: str) -> Ask:
    return lambda adapter: adapter.fetch_parts(SUBSCRIBER, part, ids, scope(), purpose="test")


def ask_list(query: SliceQuery) -> Ask:
    return lambda adapter: adapter.fetch_slice(query, scope())


def ask_person(email: str) -> Ask:
    return lambda adapter: adapter.fetch_people(PersonQuery(email=email), scope(), purpose="test")


def ask_check(email: str) -> Ask:
    return lambda adapter: adapter.fetch_email_check(email, scope(), purpose="test")


MOMENT = datetime(2018, 6, 10, tzinfo=UTC)  # 1528588800
SINCE = Comparison("occurred_at", Op.GTE, MOMENT)
LATER = Comparison("occurred_at", Op.GT, MOMENT)

FROZEN = [
    ("people by id", ask_ids("8424", "7", "8424"), ["GET /v1/user/id/8424", "GET /v1/user/id/7"]),
    ("ids that are none", ask_ids("", "x", "007", "1/2", "..", "\uff18", "9" * 40), []),
    (
        "a person by address in each project",
        ask_emails("a+b/c@example.net"),
        [
            "GET /v1/user/project/1/email/a%2Bb%2Fc%40example.net",
            "GET /v1/user/project/2/email/a%2Bb%2Fc%40example.net",
        ],
    ),
    (
        "an address with every mark that means something in a path",
        ask_person("é?#%41/../@x"),
        [
            "GET /v1/user/project/1/email/%C3%A9%3F%23%2541%2F..%2F%40x",
            "GET /v1/user/project/2/email/%C3%A9%3F%23%2541%2F..%2F%40x",
        ],
    ),
    ("no addresses", ask_emails("", "nobody", ".."), []),
    ("the state of an opt-out", ask_part("unsubscribe_state", "5"), ["GET /v1/unsub/isunsub/5"]),
    ("the reason of an opt-out", ask_part("unsubscribe_reason", "5"), ["GET /v1/unsub/unsubreason/5"]),
    ("user fields", ask_part("stored_fields", "5"), ["GET /v1/userfields/user/5"]),
    ("opt-outs from the first", ask_list(SliceQuery(UNSUBSCRIBE)), ["GET /v1/unsub/list/1/1?page_size=25"]),
    (
        "opt-outs since a time",
        ask_list(SliceQuery(UNSUBSCRIBE, And((SINCE,)), limit=100)),
        ["GET /v1/unsub/list/1528588799/1?page_size=100"],
    ),
    (
        "opt-outs of one second",
        ask_list(SliceQuery(UNSUBSCRIBE, And((Comparison("occurred_at", Op.EQ, MOMENT),)))),
        ["GET /v1/unsub/list/1528588799/1?page_size=25"],
    ),
    (
        "the latest of two bounds",
        ask_list(SliceQuery(UNSUBSCRIBE, And((SINCE, LATER)))),
        ["GET /v1/unsub/list/1528588800/1?page_size=25"],
    ),
    (
        "a time before all others",
        ask_list(SliceQuery(UNSUBSCRIBE, And((Comparison("occurred_at", Op.EQ, datetime(1969, 1, 1, tzinfo=UTC)),)))),
        ["GET /v1/unsub/list/1/1?page_size=25"],
    ),
    (
        "opt-outs from a place",
        ask_list(SliceQuery(UNSUBSCRIBE, after=Position((25, "m")), limit=26)),
        ["GET /v1/unsub/list/1/1?page_size=51"],
    ),
    (
        "opt-outs from the edge of a page",
        ask_list(SliceQuery(UNSUBSCRIBE, after=Position((2_600, "m")), limit=26)),
        ["GET /v1/unsub/list/1/101?page_size=26"],
    ),
    (
        "opt-outs far away",
        ask_list(SliceQuery(UNSUBSCRIBE, after=Position((999_999, "m")), limit=1000)),
        ["GET /v1/unsub/list/1/1000?page_size=1000"],
    ),
    ("an address to check", ask_check("Test@Example.com"), ["POST /v1/email/check"]),
]


@pytest.mark.parametrize(("ask", "targets"), [pytest.param(*rest, id=name) for name, *rest in FROZEN])
async def test_request_goes_out_as_frozen(ask: Ask, targets: list[str]) -> None:
    """Another request asks another question; review it against the document before freezing it anew."""
    vendor = FakeVendor()

    await ask(build_adapter(vendor))

    assert targets == vendor.targets
    for request in vendor.requests:
        assert (request.headers["authorization"], request.headers["accept"]) == (BASIC, "application/json")


async def test_type_opt_outs_go_out_as_frozen() -> None:
    """Their reply is a list, so they stand by themselves."""
    vendor = FakeVendor(body=envelope([]))

    await ask_part("type_opt_outs", "5")(build_adapter(vendor))

    assert vendor.targets == ["GET /v1/unsubtypes/5"]


async def test_address_to_check_goes_out_in_a_body() -> None:
    """An address in a body is in no log; correction is asked for."""
    vendor = FakeVendor()

    await ask_check("Test@Example.com")(build_adapter(vendor))

    assert json.loads(vendor.requests[0].content) == {"email": "Test@Example.com", "sanitize": True}
    assert vendor.requests[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_000])
async def test_no_address_is_not_checked(text: str) -> None:
    """Nothing is asked about nothing."""
    vendor = FakeVendor()

    with pytest.raises(InputError):
        await ask_check(text)(build_adapter(vendor))
    assert vendor.targets == []


TWO_BLANKS = "Request validation error:  data - This value should contain key `user`"
FIELDS = {"errorCode": 409, "message": "Validation error", "errors": {"vip": "Field vip does not match"}}

REFUSED: list[tuple[str, int, bytes, type[VendorError], str | None]] = [
    ("wrong key", 401, envelope({"error": "Authorization base64 data wrong or invalid"}, "ERROR"), VendorAuthError, ""),
    ("wrong key with 200", 200, envelope({"error": "Authorization base64 data wrong"}, "ERROR"), VendorAuthError, ""),
    ("forbidden", 403, b"<html><body>no</body></html>", VendorAuthError, None),
    (
        "bad request",
        400,
        envelope({"error": TWO_BLANKS}, "ERROR"),
        VendorRejectedError,
        "Request validation error: data - This value should contain key `user`",
    ),
    ("bad request with 200", 200, envelope({"error": "No"}, "ERROR"), VendorRejectedError, "No"),
    ("an error told as success", 200, envelope({"error": "No"}), VendorRejectedError, "No"),
    ("fields", 409, envelope(FIELDS, "ERROR"), VendorRejectedError, "Validation error. Field vip does not match"),
    ("fields with 200", 200, envelope(FIELDS, "ERROR"), VendorRejectedError, "Validation error. Field vip"),
    ("errors as a list", 200, envelope({"errors": ["No", 5]}, "ERROR"), VendorRejectedError, "No"),
    ("code as text", 200, envelope({"errorCode": "401", "message": "x"}, "ERROR"), VendorAuthError, "x"),
    ("data as an empty array", 200, envelope([], "ERROR"), VendorRejectedError, None),
    ("a clash", 409, envelope({"error": "x"}, "ERROR"), VendorConflictError, "x"),
    ("unprocessable", 422, b"", VendorRejectedError, None),
    ("teapot", 418, b"", VendorContractError, None),
    ("no content", 204, b"", VendorContractError, None),
    ("empty", 200, b"", VendorContractError, None),
    ("page", 200, b"<html>maintenance</html>", VendorContractError, None),
    ("null", 200, b"null", VendorContractError, None),
    ("list", 200, b"[1, 2]", VendorContractError, None),
    ("text", 200, b'"ok"', VendorContractError, None),
    ("no data", 200, b'{"_meta": {"status": "SUCCESS"}}', VendorContractError, None),
    ("cut off", 200, envelope({"user": {"id": 1}})[:-9], VendorContractError, None),
    ("no user", 200, envelope({"people": {}}), VendorContractError, None),
    ("a user that is none", 200, envelope({"user": "anna"}), VendorContractError, None),
    ("redirect", 302, b"", VendorContractError, None),
    ("too many", 429, b"", VendorRateLimitedError, None),
    ("bad gateway", 502, b"<html>bad gateway</html>", VendorUnavailableError, None),
]


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"), [pytest.param(*rest, id=name) for name, *rest in REFUSED]
)
async def test_refusal_is_told_as_what_it_is(
    status: int, body: bytes, kind: type[VendorError], message: str | None
) -> None:
    """Anything but an envelope that tells of success is an error, and never a missing person."""
    adapter = build_adapter(FakeVendor(status, body))

    found = (await adapter.fetch_by_ids(SUBSCRIBER, ["8424"], scope(5), parts=frozenset(), purpose="test"))["8424"]

    assert type(found) is kind
    assert isinstance(found, VendorError)
    assert (found.vendor_message is None) is (message is None)
    assert (found.vendor_message or "").startswith(message or "")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, envelope({"error": "Not found  user with id 8424"}, "ERROR")),
        (200, envelope({"error": "Not found  user with id 8424"}, "ERROR")),
        (404, b"<html>not found</html>"),
        (404, b""),
        (200, envelope({"user": []})),
        (200, envelope({"user": None})),
        (200, envelope({"user": False})),
        (200, envelope({"user": {}})),
        (200, envelope({"result": []})),
        (200, envelope({"result": {"user": []}})),
    ],
)
async def test_unknown_person_is_nobody(status: int, body: bytes) -> None:
    """A person the vendor does not know is no failure."""
    adapter = build_adapter(FakeVendor(status, body))

    by_id = await adapter.fetch_by_ids(SUBSCRIBER, ["8424"], scope(), parts=frozenset(), purpose="test")
    by_email = await adapter.fetch_by_values(SUBSCRIBER, "email", ["a@b.c"], scope(), parts=frozenset(), purpose="test")

    assert by_id == {"8424": None}
    assert by_email == {"a@b.c": ()}


async def test_list_that_is_not_there_is_an_error() -> None:
    """An empty list would say that nobody has opted out."""
    with pytest.raises(VendorContractError) as caught:
        await ask_list(SliceQuery(UNSUBSCRIBE))(build_adapter(FakeVendor(404, b"")))

    assert caught.value.reason == "NO_ADDRESS"


@pytest.mark.parametrize("status", [200, 400])
async def test_messages_hold_neither_secrets_nor_addresses(status: int) -> None:
    """The vendor repeats what it was asked for, in texts that end in logs and answers."""
    told = f"Wrong  user for project 1 and email anna.b+c@example.net with {SECRET} {BASIC}"
    adapter = build_adapter(FakeVendor(status, envelope({"error": told}, "ERROR")))

    found = (await adapter.fetch_by_ids(SUBSCRIBER, ["8424"], scope(), parts=frozenset(), purpose="test"))["8424"]

    assert isinstance(found, VendorRejectedError)
    assert "Wrong user for project 1" in str(found.vendor_message)
    for secret in ("anna", "example.net", SECRET, BASIC.removeprefix("Basic ")):
        assert secret not in f"{found.message} {found.vendor_message} {found!r}"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, envelope({"user": {"id": 1}}), Worth.KEEP),
        (200, envelope({"user": {"id": 1, "err_response": 0, "name": "Error"}}), Worth.KEEP),
        (200, envelope({"error": "No"}, "ERROR"), Worth.SHARE),
        (200, envelope({"error": "No"}), Worth.SHARE),
        (200, b'{"ERROR', Worth.SHARE),
        (200, b'["error"]', Worth.SHARE),
        (401, envelope({"error": "No"}, "ERROR"), Worth.SHARE),
        (404, envelope({"error": "Not found"}, "ERROR"), Worth.NOTHING),
    ],
)
def test_refusals_are_not_remembered_as_answers(status: int, body: bytes, expected: Worth) -> None:
    """A wrong key would be believed for as long as a person is."""
    assert judge_worth(status, body) is expected


@pytest.mark.parametrize(
    ("body", "calls"), [(envelope({"user": {"id": 7}}), 1), (envelope({"error": "No"}, "ERROR"), 2)]
)
async def test_people_are_remembered_and_refusals_with_200_are_not(body: bytes, calls: int) -> None:
    """A refusal would be taken for an answer by everybody who asks in the next seconds."""
    vendor = FakeVendor(body=body)
    adapter, spent = build_adapter(vendor), replace(scope(), memory=Memory())

    for _ in range(2):
        await adapter.fetch_by_ids(SUBSCRIBER, ["7"], spent, parts=frozenset(), purpose="test")

    assert len(vendor.targets) == calls


async def test_failed_call_fails_its_own_key_alone() -> None:
    """One person's trouble must not hide others."""

    class Moody(FakeVendor):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            known = request.url.path.endswith("/7")
            body = envelope({"user": {"id": 7, "email": "a@b.c"}}) if known else envelope({"error": "x"}, "ERROR")
            return httpx.Response(200 if known else 400, content=body)

    found = await build_adapter(Moody()).fetch_by_ids(
        SUBSCRIBER, ["7", "8"], scope(), parts=frozenset(), purpose="test"
    )

    assert getattr(found["7"], "email", None) == "a@b.c"
    assert isinstance(found["8"], FacadeError)
