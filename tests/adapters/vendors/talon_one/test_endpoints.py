"""Outgoing requests, frozen byte for byte, and what each kind of reply means."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from adapters.contract import PersonQuery, SliceQuery
from adapters.errors import (
    VendorAuthError,
    VendorConflictError,
    VendorContractError,
    VendorError,
    VendorRateLimitedError,
    VendorRejectedError,
    VendorUnavailableError,
)
from adapters.filters.order import Order, Position
from adapters.filters.tree import And, Comparison, Filter, Op, Some
from adapters.records import Entity
from adapters.vendors.talon_one.adapter import TalonOneAdapter, open_source
from tests.adapters.vendors.talon_one.world import AUDIENCE, CUSTOMER, build_settings, scope

SECRET = "s3cr3t-k3y"


@dataclass
class FakeVendor(httpx.AsyncBaseTransport):
    """Answers every request alike and remembers what was asked."""

    status: int = 200
    body: bytes = b'{"hasMore":false,"data":[]}'
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, headers=self.headers, content=self.body)

    @property
    def sent(self) -> list[str]:
        return [
            f"{request.method} {request.url.raw_path.decode()} {request.content.decode()}".rstrip()
            for request in self.requests
        ]


def build_adapter(vendor: FakeVendor, **settings: object) -> TalonOneAdapter:
    changes = {"base_url": "https://integration.talon.one", "management": {"key": SECRET}, **settings}
    return open_source("promo", build_settings(**changes), vendor)


Ask = Callable[[TalonOneAdapter], Awaitable[object]]


def ask_slice(entity: Entity, pushed: Filter = And(), limit: int = 25, **more: object) -> Ask:  # noqa: B008 - frozen
    return lambda adapter: adapter.fetch_slice(SliceQuery(entity, pushed, limit=limit, **more), scope())  # type: ignore[arg-type]


def ask_ids(entity: Entity, *ids: str) -> Ask:
    return lambda adapter: adapter.fetch_by_ids(entity, ids, scope(), parts=frozenset(), purpose="test")


def ask_values(name: str, *values: str) -> Ask:
    return lambda adapter: adapter.fetch_by_values(CUSTOMER, name, values, scope(), parts=frozenset(), purpose="test")


def ask_person(**who: Any) -> Ask:
    return lambda adapter: adapter.fetch_people(PersonQuery(**who), scope(), purpose="test")


def ask_sizes(*ids: str) -> Ask:
    return lambda adapter: adapter.fetch_parts(AUDIENCE, "size", ids, scope(), purpose="test")


def eq(name: str, value: str) -> Filter:
    return And((Comparison(name, Op.EQ, value),))


MEMBERS_OF_7 = And((Some("audiences", Comparison("audience_id", Op.EQ, "7")),))
SEARCH = "POST /v1/customer_search/no_total?pageSize={}&skip=0 {}"

FROZEN: list[tuple[str, Ask, list[str]]] = [
    ("audiences", ask_slice(AUDIENCE), ["GET /v1/audiences?pageSize=25&skip=0&sort=id"]),
    (
        "audiences, counted",
        ask_slice(AUDIENCE, count=True),
        ["GET /v1/audiences?pageSize=25&skip=0&sort=id&withTotalResultSize=true"],
    ),
    (
        "audiences from the end of names",
        ask_slice(AUDIENCE, order=Order("name", descending=True), after=Position((30, "7"))),
        ["GET /v1/audiences?pageSize=25&skip=30&sort=-name"],
    ),
    ("customers", ask_slice(CUSTOMER), ["GET /v1/customers/no_total?pageSize=25&skip=0"]),
    ("members", ask_slice(CUSTOMER, MEMBERS_OF_7), ["GET /v1/audiences/7/memberships?pageSize=25&skip=0"]),
    (
        "an address",
        ask_slice(CUSTOMER, eq("email", "A@example.com")),
        [SEARCH.format(25, '{"attributes":{"Email":"A@example.com"}}')],
    ),
    (
        "ids",
        ask_slice(CUSTOMER, And((Comparison("id", Op.IN, ("a/b c", "..")),))),
        [SEARCH.format(25, '{"integrationIDs":["a/b c",".."]}')],
    ),
    (
        "customers by ids",
        ask_ids(CUSTOMER, "a", "kunde-ü", "a"),
        [SEARCH.format(1000, '{"integrationIDs":["a","kunde-ü"]}')],
    ),
    ("audiences by ids", ask_ids(AUDIENCE, "7", "8"), ["GET /v1/audiences?pageSize=1000&skip=0&sort=id"]),
    ("ids that are none", ask_ids(AUDIENCE, "x", "07", "-1", "²", ""), []),
    ("keys that are none", ask_ids(CUSTOMER, "", "x" * 1001, "\ud800"), []),
    ("by reference", ask_values("ref", "a", "b"), [SEARCH.format(1000, '{"integrationIDs":["a","b"]}')]),
    (
        "by telephone",
        ask_values("phone", "0489 701 378"),
        [SEARCH.format(1000, '{"attributes":{"Phone":"0489 701 378"}}')],
    ),
    (
        "a person by address",
        ask_person(email="thomas_1@example.com"),
        [SEARCH.format(1000, '{"attributes":{"Email":"thomas_1@example.com"}}')],
    ),
    (
        "a person by number",
        ask_person(phone="0489 701 378"),
        [SEARCH.format(1000, '{"attributes":{"Phone":"+61489701378"}}')],
    ),
    ("a person by reference", ask_person(ref="c 1"), [SEARCH.format(1000, '{"integrationIDs":["c 1"]}')]),
    ("a person by no number", ask_person(phone="hello"), []),
    ("sizes", ask_sizes("7", "8", "7", "x"), ["GET /v1/audiences/analytics?audienceIds=7%2C8"]),
]


@pytest.mark.parametrize(("ask", "expected"), [case[1:] for case in FROZEN], ids=[case[0] for case in FROZEN])
async def test_requests_are_frozen(ask: Ask, expected: list[str]) -> None:
    """A request that changes unnoticed is found out at the vendor."""
    vendor = FakeVendor()

    await ask(build_adapter(vendor))

    assert vendor.sent == expected


async def test_requests_carry_the_management_key_and_go_to_the_tenant() -> None:
    """The key of another API, or the gateway's host, would be refused."""
    vendor = FakeVendor()

    await ask_slice(AUDIENCE)(build_adapter(vendor))

    assert vendor.requests[0].url.host == "sandbox.europe-west1.talon.one"
    assert vendor.requests[0].headers["Authorization"] == f"ManagementKey-v1 {SECRET}"
    assert "destination-hostname" not in vendor.requests[0].headers


async def test_sandbox_customers_are_asked_for_by_name() -> None:
    """Live people must never stand among those of a try-out."""
    vendor = FakeVendor()
    adapter = build_adapter(vendor, sandbox_customers=True)

    await ask_slice(CUSTOMER)(adapter)
    await ask_ids(CUSTOMER, "a")(adapter)

    assert vendor.sent == [
        "GET /v1/customers/no_total?pageSize=25&skip=0&sandbox=true",
        'POST /v1/customer_search/no_total?pageSize=1000&skip=0&sandbox=true {"integrationIDs":["a"]}',
    ]


async def test_ids_share_calls_up_to_the_vendors_bound() -> None:
    """One call too many for each thousand would be felt at three calls a second."""
    vendor = FakeVendor()
    adapter = build_adapter(vendor)

    await ask_ids(CUSTOMER, *(f"p{number}" for number in range(2001)))(adapter)
    await ask_sizes(*map(str, range(1_000_000, 1_001_001)))(adapter)

    assert [request.url.path for request in vendor.requests] == [
        *["/v1/customer_search/no_total"] * 3,
        *["/v1/audiences/analytics"] * 2,
    ]
    assert adapter.count_loads(CUSTOMER, 2001) == (3, 3)


FINDING = b'{"title":"Unknown","details":"no me@example.com here","source":{"pointer":"/attributes/Email"}}'
TENANT = b'{"message":"The submitted data was invalid","errors":[' + FINDING + b'],"StatusCode":%d}'
GATEWAY = b'{"StatusCode":%d,"Error":"Too many requests of s3cr3t-k3y","RequestUUID":"fd2f7c55"}'


@pytest.mark.parametrize(
    ("status", "body", "kind", "reason"),
    [
        (400, TENANT % 400, VendorRejectedError, "NOT_ACCEPTED"),
        (422, b"", VendorRejectedError, "NOT_ACCEPTED"),
        (401, TENANT % 401, VendorAuthError, "CREDENTIALS_REFUSED"),
        (401, GATEWAY % 401, VendorAuthError, "CREDENTIALS_REFUSED"),
        (403, TENANT % 403, VendorAuthError, "KEY_LACKS_ENDPOINT"),
        (404, b"<html>", VendorContractError, "NO_ADDRESS"),
        (409, GATEWAY % 409, VendorConflictError, "STATE_CONFLICT"),
        (418, b"", VendorContractError, "STATUS_UNKNOWN"),
        (204, b"", VendorContractError, "STATUS_UNKNOWN"),
        (429, GATEWAY % 429, VendorRateLimitedError, "THROTTLED"),
        (501, TENANT % 501, VendorUnavailableError, "STATUS_501"),
        (200, TENANT % 400, VendorRejectedError, "NOT_ACCEPTED"),
        (200, b'{"StatusCode":"401","Error":"x"}', VendorAuthError, "CREDENTIALS_REFUSED"),
        (200, b"", VendorContractError, "BODY_EMPTY"),
        (200, b"<html>Log in</html>", VendorContractError, "BODY_HTML"),
        (200, b'{"data":', VendorContractError, "BODY_NOT_JSON"),
        (200, b"[]", VendorContractError, "OBJECT_EXPECTED"),
        (200, b"{}", VendorContractError, "ROWS_EXPECTED"),
        (200, b'{"data":{}}', VendorContractError, "ROWS_EXPECTED"),
        (200, b'{"data":[1]}', VendorContractError, "ROWS_EXPECTED"),
    ],
)
@pytest.mark.parametrize("ask", [ask_slice(AUDIENCE), ask_slice(CUSTOMER, eq("email", "me@example.com"))])
async def test_replies_mean_what_the_document_says(
    ask: Ask, status: int, body: bytes, kind: type[VendorError], reason: str
) -> None:
    """A refusal taken for data, or for another refusal, sends the reader to the wrong place."""
    vendor = FakeVendor(status, body)

    with pytest.raises(VendorError) as caught:
        await ask(build_adapter(vendor))

    assert (type(caught.value), caught.value.reason) == (kind, reason)
    for text in (caught.value.message, caught.value.vendor_message or ""):
        assert SECRET not in text
        assert "me@example.com" not in text


async def test_a_refusal_names_the_place_and_no_value() -> None:
    """An operator must see which attribute is missing, and no log whose address was looked for."""
    vendor = FakeVendor(400, TENANT % 400)

    with pytest.raises(VendorRejectedError) as caught:
        await ask_slice(CUSTOMER, eq("email", "me@example.com"))(build_adapter(vendor))

    assert caught.value.vendor_message == "The submitted data was invalid; Unknown at /attributes/Email"


async def test_an_audience_that_is_gone_has_no_members() -> None:
    """A 404 of the vendor's own is an answer, a proxy's is not."""
    gone, lost = FakeVendor(404, TENANT % 404), FakeVendor(404, b"<html>not here</html>")

    found = await build_adapter(gone).fetch_slice(SliceQuery(CUSTOMER, MEMBERS_OF_7), scope())

    assert (found.records, found.end) == ((), True)
    with pytest.raises(VendorContractError):
        await ask_slice(CUSTOMER, MEMBERS_OF_7)(build_adapter(lost))


async def test_a_failed_call_fails_only_its_own_keys() -> None:
    """Batches answer by key: a key that was never asked for has no error."""
    vendor = FakeVendor(401, TENANT % 401)
    adapter = build_adapter(vendor)

    found = await adapter.fetch_by_ids(CUSTOMER, ["a", ""], scope(), parts=frozenset(), purpose="test")
    sizes = await adapter.fetch_parts(AUDIENCE, "size", ["7"], scope(), purpose="test")
    values = await adapter.fetch_by_values(CUSTOMER, "email", ["a"], scope(), parts=frozenset(), purpose="test")

    assert isinstance(found["a"], VendorAuthError)
    assert found[""] is None
    assert isinstance(sizes["7"], VendorAuthError)
    assert isinstance(values["a"], VendorAuthError)


async def test_a_search_is_sent_again_like_any_read() -> None:
    """It is a POST that only reads: a broken connection need not be the caller's trouble."""
    vendor = FakeVendor(503)

    with pytest.raises(VendorUnavailableError):
        await ask_person(ref="a")(build_adapter(vendor))

    assert len(vendor.requests) == 3
