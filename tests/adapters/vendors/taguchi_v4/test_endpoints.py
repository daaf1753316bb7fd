"""Outgoing requests, frozen byte for byte, and what each kind of reply means."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx
import pytest

from adapters.contract import ChildrenQuery, SliceQuery
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
from adapters.filters.tree import And, Comparison, Op
from adapters.records import Entity
from adapters.vendors.taguchi_v4.adapter import TaguchiV4Adapter, open_source
from adapters.vendors.taguchi_v4.endpoints import API_VERSION
from tests.adapters.vendors.taguchi_v4.world import SUBSCRIBER, build_settings, scope

ROOT = "/admin/api/1/"
SECRET = "s3cr3t"


@dataclass
class FakeVendor(httpx.AsyncBaseTransport):
    """Answers every request alike and remembers what was asked."""

    status: int = 200
    body: bytes = b"[]"
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, headers=self.headers, content=self.body)

    @property
    def targets(self) -> list[str]:
        return [request.url.raw_path.decode() for request in self.requests]


def build_adapter(vendor: FakeVendor, **settings: object) -> TaguchiV4Adapter:
    return open_source("retail", build_settings(**{"auth": {"token": SECRET}, **settings}), vendor)


Ask = Callable[[TaguchiV4Adapter], Awaitable[object]]


def ask_slice(query: SliceQuery) -> Ask:
    return lambda adapter: adapter.fetch_slice(query, scope())


def ask_ids(entity: Entity, *ids: str) -> Ask:
    return lambda adapter: adapter.fetch_by_ids(entity, ids, scope(), parts=frozenset(), purpose="test")


def ask_values(name: str, *values: str) -> Ask:
    return lambda adapter: adapter.fetch_by_values(SUBSCRIBER, name, values, scope(), parts=frozenset(), purpose="test")


def ask_children(field_name: str, *parents: str) -> Ask:
    return lambda adapter: adapter.fetch_children(ChildrenQuery(SUBSCRIBER, field_name, parents, limit=10), scope())


FROZEN = [
    (
        "a page of subscribers",
        ask_slice(SliceQuery(SUBSCRIBER)),
        ["subscriber/?sort=id&order=asc&limit=25&auth=s3cr3t"],
    ),
    ("a page of lists", ask_slice(SliceQuery(Entity.LIST)), ["list/?sort=id&order=asc&limit=25&auth=s3cr3t"]),
    (
        "a page of campaigns, newest start first, from a place",
        ask_slice(
            SliceQuery(
                Entity.CAMPAIGN,
                order=Order("starts_at", descending=True),
                after=Position(("2024-05-01T12:00:00", "7", False)),
                limit=10,
            )
        ),
        [
            "campaign/?query=date-lt-2024-05-01T12%3A00%3A01&sort=date&order=desc&limit=12&auth=s3cr3t",
        ],
    ),
    (
        "a filter with every mark that means something in an address or to LIKE",
        ask_slice(SliceQuery(SUBSCRIBER, And((Comparison("email", Op.STARTS_WITH, "a+b&c=%é #?/"),)))),
        [
            "subscriber/?query=email-like-a%2Bb%26c%3D%5C%25%C3%A9%20%23%3F%2F%25&sort=id&order=asc&limit=25&auth=s3cr3t",
        ],
    ),
    ("one record", ask_ids(Entity.LIST, "7"), ["list/7?auth=s3cr3t"]),
    (
        "near records",
        ask_ids(Entity.CAMPAIGN, "7", "9", "8"),
        ["campaign/?query=id-gte-7&query=id-lte-9&sort=id&order=asc&limit=3&auth=s3cr3t"],
    ),
    (
        "one reference",
        ask_values("ref", "crm|1"),
        ["subscriber/?query=ref-eq-crm%7C1&sort=id&order=asc&limit=1000&auth=s3cr3t"],
    ),
    (
        "several references",
        ask_values("ref", "a.b", "c"),
        ["subscriber/?query=ref-re-%5E%28%3F%3Aa%5C.b%7Cc%29%24&sort=id&order=asc&limit=1000&auth=s3cr3t"],
    ),
    (
        "children of near parents",
        ask_children("campaign_id", "4", "1", "2"),
        [
            (
                "subscriber/?query=campaign_id-gte-1&query=campaign_id-lte-4&query=campaign_id-neq-3&sort=id&order=asc&limit=60"
                "&auth=s3cr3t"
            ),
        ],
    ),
    (
        "members of a list",
        ask_children("memberships.list_id", "5"),
        ["subscriber/?query=list_id-eq-5&sort=id&order=asc&limit=10&auth=s3cr3t"],
    ),
]


@pytest.mark.parametrize(("ask", "targets"), [pytest.param(*rest, id=name) for name, *rest in FROZEN])
async def test_request_goes_out_as_frozen(ask: Ask, targets: list[str]) -> None:
    """Another request asks another question; review it against the document before freezing it anew."""
    vendor = FakeVendor()

    await ask(build_adapter(vendor))

    assert [ROOT + target for target in targets] == vendor.targets


async def test_every_request_is_a_get_that_wants_json() -> None:
    """The vendor answers in XML to a client that does not say JSON."""
    vendor = FakeVendor()

    await ask_slice(SliceQuery(SUBSCRIBER))(build_adapter(vendor))

    request = vendor.requests[0]
    assert request.method == "GET"
    assert request.headers["accept"] == "application/json"
    assert "content-type" not in request.headers
    assert "17/1/2025" in API_VERSION


@pytest.mark.parametrize(
    ("auth", "sent"),
    [
        ({"token": "to|ken"}, "auth=to%7Cken"),
        ({"username": "me@example.com", "password": "pass|word %"}, "auth=me%40example.com%7Cpass%7Cword%20%25"),
    ],
)
async def test_credentials_join_at_the_last_moment(auth: dict[str, str], sent: str) -> None:
    """A password with a bar must reach the vendor whole."""
    vendor = FakeVendor()

    await ask_slice(SliceQuery(SUBSCRIBER))(build_adapter(vendor, auth=auth))

    assert vendor.targets[0].endswith(sent)


PAGE = (
    b"<html><head><title>x</title></head><body><h1>400</h1><br/>sort: <b>unknown</b> column auth=s3cr3t</body></html>"
)
REPLIES: list[tuple[str, FakeVendor, type[VendorError], str | None]] = [
    ("400", FakeVendor(400, PAGE), VendorRejectedError, "NOT_ACCEPTED"),
    ("422", FakeVendor(422, PAGE), VendorRejectedError, "NOT_ACCEPTED"),
    ("401", FakeVendor(401, PAGE), VendorAuthError, "CREDENTIALS_REFUSED"),
    ("403", FakeVendor(403, PAGE), VendorAuthError, "CREDENTIALS_REFUSED"),
    ("404", FakeVendor(404, PAGE), VendorContractError, "NO_ADDRESS"),
    ("405", FakeVendor(405, PAGE), VendorContractError, "RESOURCE_UNSUPPORTED"),
    ("406", FakeVendor(406, PAGE), VendorContractError, "FORMAT_UNSUPPORTED"),
    ("409", FakeVendor(409, PAGE), VendorConflictError, "STATE_CONFLICT"),
    ("402", FakeVendor(402, PAGE), VendorContractError, "STATUS_UNKNOWN"),
    ("201", FakeVendor(201, b"[]"), VendorContractError, "STATUS_UNKNOWN"),
    ("429", FakeVendor(429, PAGE, {"retry-after": "3600"}), VendorRateLimitedError, None),
    ("503", FakeVendor(503, PAGE), VendorUnavailableError, None),
    ("302", FakeVendor(302, b"", {"location": "https://elsewhere.example/"}), VendorContractError, None),
    ("a page with 200", FakeVendor(200, PAGE), VendorContractError, "BODY_HTML"),
    ("an empty 200", FakeVendor(200, b""), VendorContractError, "BODY_EMPTY"),
    ("null", FakeVendor(200, b"null"), VendorContractError, "ROWS_EXPECTED"),
    ("a text", FakeVendor(200, b'"error"'), VendorContractError, "ROWS_EXPECTED"),
    ("a number", FakeVendor(200, b"7"), VendorContractError, "ROWS_EXPECTED"),
    ("an object", FakeVendor(200, b'{"error": "s3cr3t"}'), VendorContractError, "ROWS_EXPECTED"),
    ("numbers", FakeVendor(200, b"[1, 2]"), VendorContractError, "ROWS_EXPECTED"),
    ("lists", FakeVendor(200, b"[[]]"), VendorContractError, "ROWS_EXPECTED"),
    ("truncated", FakeVendor(200, b'[{"id": 1}, {"id"'), VendorContractError, "BODY_NOT_JSON"),
    ("not UTF-8", FakeVendor(200, b'[{"id": 1, "name": "\xff"}]'), VendorContractError, "BODY_NOT_JSON"),
    ("NaN", FakeVendor(200, b'[{"id": NaN}]'), VendorContractError, "BODY_NOT_JSON"),
    ("rows without an id", FakeVendor(200, b'[{"email": "a@b.c"}]'), VendorContractError, "RECORD_UNREADABLE"),
]


@pytest.mark.parametrize(("vendor", "kind", "reason"), [pytest.param(*rest, id=name) for name, *rest in REPLIES])
async def test_trouble_is_an_error_and_never_an_empty_page(
    vendor: FakeVendor, kind: type[VendorError], reason: str | None
) -> None:
    """A failing vendor that looks like an empty list makes people vanish."""
    request = scope()
    with pytest.raises(kind) as caught:
        await build_adapter(vendor).fetch_slice(SliceQuery(SUBSCRIBER), request)

    error = caught.value
    assert type(error) is kind
    assert reason is None or error.reason == reason
    assert error.source == "retail"
    assert error.operation == "subscriber.list"
    assert SECRET not in f"{error} {error.vendor_message} {error.hint} {request.calls}"
    assert error.code in (request.calls[-1].error or "")


@pytest.mark.parametrize(("vendor", "kind", "reason"), [pytest.param(*rest, id=name) for name, *rest in REPLIES])
async def test_trouble_fails_the_keys_it_was_for(
    vendor: FakeVendor, kind: type[VendorError], reason: str | None
) -> None:
    """A failed look-up must not say that there is no such record."""
    del reason

    found = await build_adapter(vendor).fetch_by_ids(
        SUBSCRIBER, ["1", "2", "x"], scope(), parts=frozenset(), purpose="test"
    )

    assert isinstance(found["1"], kind)
    assert isinstance(found["2"], kind)
    assert found["x"] is None


async def test_refusal_says_what_the_vendor_said() -> None:
    """Without the vendor's own words nobody can mend the request; with its page, anything could leak."""
    with pytest.raises(VendorRejectedError) as caught:
        await ask_slice(SliceQuery(SUBSCRIBER))(build_adapter(FakeVendor(400, PAGE)))

    assert caught.value.status == 400
    assert caught.value.vendor_message is not None
    assert caught.value.vendor_message.startswith("sort: unknown column")


@pytest.mark.parametrize("vendor", [FakeVendor(204, b""), FakeVendor(200, b"[]")], ids=["204", "empty list"])
async def test_nothing_found_is_an_empty_page(vendor: FakeVendor) -> None:
    """The document has 204 for nothing, the wrappers can only read `[]`: both are the end."""
    found = await build_adapter(vendor).fetch_slice(SliceQuery(SUBSCRIBER), scope())

    assert found.records == ()
    assert found.end
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(
    "vendor",
    [
        FakeVendor(404, PAGE),
        FakeVendor(204, b""),
        FakeVendor(200, b"[]"),
        FakeVendor(200, b'[{"id":7,"status":"deleted"}]'),
    ],
    ids=["404", "204", "empty list", "deleted"],
)
async def test_no_such_record_is_none(vendor: FakeVendor) -> None:
    """Every way of saying "not there" must read as not there."""
    found = await build_adapter(vendor).fetch_by_ids(Entity.LIST, ["7"], scope(), parts=frozenset(), purpose="test")

    assert found == {"7": None}


@pytest.mark.parametrize("body", [b'[{"id":8}]', b'[{"id":7},{"id":8}]'], ids=["another", "two"])
async def test_another_record_than_asked_for_is_refused(body: bytes) -> None:
    """One person's data shown as another's is the worst answer there is."""
    found = await build_adapter(FakeVendor(200, body)).fetch_by_ids(
        Entity.LIST, ["7"], scope(), parts=frozenset(), purpose="test"
    )

    assert isinstance(found["7"], VendorContractError)


async def test_calls_say_what_they_carried() -> None:
    """The plan would show nothing of why a call was made."""
    query = SliceQuery(
        SUBSCRIBER,
        And((Comparison("state", Op.EQ, "VIC"),)),
        purpose="subscribers",
        residual="some memberships",
        reasons=("because",),
    )
    request = scope()

    await build_adapter(FakeVendor()).fetch_slice(query, request)

    call = request.calls[0]
    assert (call.operation, call.purpose, call.residual, call.reasons, call.rows) == (
        "subscriber.list",
        "subscribers",
        "some memberships",
        ("because",),
        0,
    )
    assert call.pushed == ("state-eq-VIC",)
