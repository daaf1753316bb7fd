"""The write column of the fault matrix: one of three truths, and never a second write."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.contract import Outcome
from adapters.errors import (
    VendorAbsentError,
    VendorAuthError,
    VendorContractError,
    VendorError,
    VendorRateLimitedError,
    VendorRejectedError,
    VendorTimeoutError,
    VendorUnavailableError,
)
from adapters.sandbox import Fault
from adapters.sandbox.cast import CAST
from adapters.vendors.taguchi_v5.adapter import open_source
from tests.adapters.vendors.taguchi_v5.world import SOURCE, FakeVendor, World, build_settings, build_world, scope
from tests.adapters.vendors.taguchi_v5.written import ALLOWED, Notes, command, look_again, prepare, send, writes

THOMAS = CAST[0]
POST = "POST /abc123/prod/subscriber"
SALE = {"person": {"email": THOMAS.email}, "type": "p", "data": {"total": 1}}
OK = {"code": 200, "name": "OK", "description": ""}

LOST = [
    (Fault("hang", match=POST), VendorTimeoutError),
    (Fault("reset", match=POST), VendorUnavailableError),
    (Fault("short_body", match=POST), VendorUnavailableError),
    (Fault("status", status=500, match=POST), VendorUnavailableError),
    (Fault("status", status=502, match=POST), VendorUnavailableError),
    (Fault("status", status=503, match=POST), VendorUnavailableError),
    (Fault("truncate", match=POST), VendorContractError),
    (Fault("html", match=POST), VendorContractError),
    (Fault("empty", match=POST), VendorContractError),
    (Fault("redirect", location="https://elsewhere.example", match=POST), VendorContractError),
    (Fault("status", status=418, match=POST), VendorContractError),
    (Fault("gzip_header_on_plain", match=POST), VendorContractError),
    (Fault("huge", size_bytes=6_000_000, match=POST), VendorContractError),
    *(
        (Fault("json", body=body, match=POST), VendorContractError)
        for body in (b"[]", b"null", b'"OK"', b"[1]", b'[{"code":200,"name":"OK"},{"code":200,"name":"OK"}]', b"[{}]")
    ),
    (Fault("missing_field", field="code", match=POST), VendorContractError),
    (Fault("retyped_field", field="code", value="fine", match=POST), VendorContractError),
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An endpoint that allows everything, with little patience."""
    return build_world(tmp_path, **ALLOWED, attempt_s=0.3)


def name(value: Any) -> str:
    return f"{value.kind} {value.status or value.body or value.field or ''!r}" if isinstance(value, Fault) else ""


@pytest.mark.parametrize("applied", [False, True], ids=["lost", "applied, then lost"])
@pytest.mark.parametrize(("fault", "kind"), LOST, ids=name)
async def test_a_lost_answer_is_unknown_and_sent_once(
    world: World, fault: Fault, kind: type[VendorError], applied: bool
) -> None:
    """A write would be done twice, or be called failed when it was done."""
    struck = Fault(**{each: getattr(fault, each) for each in Fault.__slots__} | {"applied": applied})
    world.sandbox.faults.add(struck)
    notes = Notes()

    result = await send(world, command("logEvent", **SALE), notes)

    assert (result.outcome, type(result.error)) == (Outcome.UNKNOWN, kind)
    assert result.check
    assert len(writes(world)) == 1
    assert len(world.sandbox.store.events) <= 1
    assert [step for step, _ in notes.sending] == [step for step, _ in notes.done] == ["event"]
    world.sandbox.faults.clear()
    assert (await send(world, command("logEvent", **SALE))).outcome is Outcome.APPLIED


@pytest.mark.parametrize(
    ("fault", "outcome", "kind", "sends"),
    [
        (Fault("status", status=400, match=POST), Outcome.REJECTED, VendorRejectedError, 1),
        (Fault("status", status=422, match=POST), Outcome.REJECTED, VendorRejectedError, 1),
        (Fault("status", status=401, match=POST), Outcome.REJECTED, VendorAuthError, 1),
        (Fault("status", status=403, match=POST), Outcome.REJECTED, VendorAuthError, 1),
        (Fault("status", status=404, match=POST), Outcome.REJECTED, VendorAbsentError, 1),
        (Fault("status", status=429, match=POST), Outcome.NOT_SENT, VendorRateLimitedError, 1),
        (Fault("status", status=429, retry_after="99", match=POST), Outcome.NOT_SENT, VendorRateLimitedError, 1),
        (Fault("status", status=503, retry_after="99", match=POST), Outcome.NOT_SENT, VendorUnavailableError, 1),
        (Fault("json", body=b'{"code":401,"name":"Unauthorized"}', match=POST), Outcome.REJECTED, VendorAuthError, 1),
        (Fault("json", body=b'[{"code":400,"name":"Bad Request"}]', match=POST), Outcome.REJECTED,
         VendorRejectedError, 1),
        (Fault("json", body=b'[{"code":500,"name":"Oops"}]', match=POST), Outcome.UNKNOWN, VendorUnavailableError, 1),
        (Fault("json", body=b'[{"code":429,"name":"Slow"}]', match=POST), Outcome.NOT_SENT, VendorRateLimitedError, 1),
    ],
    ids=name,
)  # fmt: skip
async def test_a_refusal_is_one(
    world: World, fault: Fault, outcome: Outcome, kind: type[VendorError], sends: int
) -> None:
    """A known fate would be left in doubt."""
    world.sandbox.faults.add(fault)

    result = await send(world, command("logEvent", **SALE))

    assert (result.outcome, type(result.error), len(writes(world))) == (outcome, kind, sends)
    assert world.sandbox.store.events == []


@pytest.mark.parametrize("status", [429, 503])
async def test_what_never_arrived_is_sent_again(world: World, status: int) -> None:
    """A write that was only asked to wait would be given up."""
    world.sandbox.faults.add(Fault("status", status=status, retry_after="0", times=1, match=POST))

    result = await send_any(world, command("logEvent", **SALE))

    assert (result.outcome, len(writes(world)), len(world.sandbox.store.events)) == (Outcome.APPLIED, 2, 1)


async def send_any(world: World, asked: Any) -> Any:
    """Send a write that may be sent more than once."""
    return await world.adapter.send_write(await prepare(world, asked), scope(), Notes())


@pytest.mark.parametrize("fault", [Fault("content_type", content_type="text/html"), Fault("extra_field", field="x")])
async def test_an_odd_answer_is_read_all_the_same(world: World, fault: Fault) -> None:
    """Success would be doubted for a label."""
    world.sandbox.faults.add(fault)

    assert (await send(world, command("logEvent", **SALE))).outcome is Outcome.APPLIED


async def test_a_window_lets_a_lost_write_be_sent_again(tmp_path: Path) -> None:
    """The page's deduplication exists for that; without it, or too short a one, nothing is repeated."""
    world = build_world(tmp_path, {"deduplication_s": 300}, **ALLOWED, attempt_s=0.3, deduplication_s=300)
    short = build_world(tmp_path, {"deduplication_s": 5}, **ALLOWED, attempt_s=0.3, deduplication_s=5)
    for each in (world, short):
        each.sandbox.faults.add(Fault("reset", applied=True, times=1, match=POST))

    result = await send_any(world, command("logEvent", **SALE))
    lost = await send_any(short, command("logEvent", **SALE))

    assert (result.outcome, len(writes(world)), len(world.sandbox.store.events)) == (Outcome.APPLIED, 2, 1)
    assert (lost.outcome, len(writes(short)), len(short.sandbox.store.events)) == (Outcome.UNKNOWN, 1, 1)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("sendMessage", {"recipients": [{"email": "a@example.com"}], "activity_id": "7", "content": {"a": 1}}),
        ("createSubscriber", {"fields": {"email": "new@example.com"}}),
    ],
)
async def test_what_is_not_called_repeatable_is_sent_once(tmp_path: Path, kind: str, values: dict[str, Any]) -> None:
    """A window that were shorter than it says would send somebody a second message; nobody is told that it may be."""
    world = build_world(tmp_path, {"deduplication_s": 300}, **ALLOWED, attempt_s=0.3, deduplication_s=300)
    world.sandbox.faults.add(Fault("reset", times=1, match=POST))

    lost = await send_any(world, command(kind, **values))

    assert (lost.outcome, len(writes(world))) == (Outcome.UNKNOWN, 1)


@pytest.mark.parametrize("body", [b'[{"code":400,"name":"Duplicate"}]', b'{"code":409,"name":"Duplicate"}'])
async def test_a_refused_repetition_is_no_refusal_of_the_first(tmp_path: Path, body: bytes) -> None:
    """The first sending was done; its repetition's refusal would call it undone."""
    world = build_world(tmp_path, {"deduplication_s": 300}, **ALLOWED, deduplication_s=300)
    world.sandbox.faults.add(Fault("reset", applied=True, times=1, match=POST))
    world.sandbox.faults.add(Fault("json", body=body, nth=2, match=POST))

    result = await send_any(world, command("logEvent", **SALE))

    assert (result.outcome, len(world.sandbox.store.events)) == (Outcome.UNKNOWN, 1)


@pytest.mark.parametrize("statuses", [[], [OK], [OK] * 3, [OK, {}], [OK, None]])
async def test_statuses_that_do_not_match_tell_nothing_of_any_item(statuses: Any) -> None:
    """A status would be taken for another item's."""
    fake = FakeVendor(body=statuses)
    adapter = open_source(SOURCE, build_settings(**ALLOWED), fake)
    asked = command("logEvents", items=[SALE, {**SALE, "type": "f"}])

    prepared = await adapter.prepare_write(asked, scope(), purpose="test")
    result = await adapter.send_write(prepared, scope(), Notes())

    assert [(item.place, item.outcome) for item in result.items] == [(0, Outcome.UNKNOWN), (1, Outcome.UNKNOWN)]
    assert len(fake.requests) == 1


async def test_mixed_statuses_are_each_their_items(tmp_path: Path) -> None:
    """One failure inside 200 would be hidden, or fail all."""
    body = [OK, {"code": 400, "name": "Bad"}, {"code": "503", "name": "x"}, {"code": 201, "name": "Created"}]
    adapter = open_source(SOURCE, build_settings(**ALLOWED), FakeVendor(body=body))
    items = [{**SALE, "type": str(number)} for number in range(4)]

    prepared = await adapter.prepare_write(command("logEvents", items=items), scope(), purpose="test")
    result = await adapter.send_write(prepared, scope(), Notes())

    assert [item.outcome for item in result.items] == [
        Outcome.APPLIED, Outcome.REJECTED, Outcome.UNKNOWN, Outcome.APPLIED,
    ]  # fmt: skip


async def test_one_chunk_that_is_lost_does_not_stop_the_next(world: World) -> None:
    """What can be known of the others would be thrown away."""
    world.sandbox.faults.add(Fault("reset", nth=2, match=POST))
    items = [{**SALE, "data": number} for number in range(250)]

    result = await send(world, command("logEvents", items=items))

    told = [item.outcome for item in result.items]
    assert told == [Outcome.APPLIED] * 100 + [Outcome.UNKNOWN] * 100 + [Outcome.APPLIED] * 50
    assert len(writes(world)) == 3


# --- webhook mode -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (None, Outcome.ACCEPTED),
        (Fault("json", body=b'[{"code":400,"name":"x"}]', match=POST), Outcome.REJECTED),
        (Fault("json", body=b'{"code":401,"name":"x"}', match=POST), Outcome.REJECTED),
        (Fault("html", match=POST), Outcome.UNKNOWN),
        (Fault("empty", match=POST), Outcome.UNKNOWN),
        (Fault("json", body=b"[]", match=POST), Outcome.UNKNOWN),
    ],
)
async def test_webhook_mode_is_never_applied_by_status(tmp_path: Path, fault: Fault | None, outcome: Outcome) -> None:
    """Every answer is 200 there, so no success is one."""
    world = build_world(tmp_path, {"webhook_mode": True}, **ALLOWED)
    if fault:
        world.sandbox.faults.add(fault)

    result = await send(world, command("upsertSubscriber", fields={"email": "new@example.com"}))

    assert result.outcome is outcome
    assert any("webhook mode" in each for each in result.warnings) is (outcome is Outcome.ACCEPTED)


async def test_what_was_accepted_is_looked_up(tmp_path: Path) -> None:
    """ACCEPTED would stay so although the person is there to see."""
    world = build_world(tmp_path, {"webhook_mode": True}, **ALLOWED)
    asked = command("upsertSubscriber", fields={"email": "new@example.com", "phone": "0491 570 156", "title": ""})

    assert (await look_again(world, asked)).outcome is Outcome.UNKNOWN
    await send(world, asked)
    found = await look_again(world, asked)

    assert (found.outcome, found.record.email) == (Outcome.APPLIED, "new@example.com")


@pytest.mark.parametrize("applied", [True, False])
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("createSubscriber", {"fields": {"email": "new@example.com", "custom_fields": [{"key": "a", "value": "b"}]}}),
        ("upsertSubscriber", {"fields": {"email": THOMAS.email, "title": "Prof"}}),
        ("updateSubscriber", {"target": "121293458", "fields": {"suburb": "Perth", "birth_date": "1990-02-03"}}),
        ("setListMembership", {"target": "121293458", "list_id": "99", "subscribed": True}),
        ("unsubscribe", {"target": "121293458"}),
        ("upsertPartition", {"ref": "perth", "custom_fields": [{"key": "a", "value": "b"}]}),
    ],
)
async def test_every_readable_write_is_reconciled(
    world: World, kind: str, values: dict[str, Any], applied: bool
) -> None:
    """An UNKNOWN would stay one although a read tells."""
    world.sandbox.store.people[121293458].row["unsubscribedTimestamp"] = None
    world.sandbox.faults.add(Fault("reset", match="POST", applied=applied))
    asked = command(kind, **values)

    lost = await send(world, asked)
    found = await look_again(world, asked)

    assert lost.outcome is Outcome.UNKNOWN
    assert found.outcome is (Outcome.APPLIED if applied else Outcome.UNKNOWN)
    assert (found.check is None) is (found.outcome is not Outcome.UNKNOWN)


async def test_a_read_back_that_fails_takes_nothing_away(world: World) -> None:
    """The write is done, whatever becomes of the look at it."""
    world.sandbox.faults.add(Fault("status", status=500, match="GET /abc123/prod/subscriber", nth=2, times=9))
    world.sandbox.faults.add(Fault("status", status=500, match="GET /abc123/prod/subscriber", nth=3, times=9))

    result = await send(world, command("upsertSubscriber", fields={"email": "new@example.com"}))

    assert result.outcome is Outcome.APPLIED


async def test_nothing_is_sent_where_nobody_listens() -> None:
    """A refused connection is known not to have been processed."""

    class Nowhere(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("refused")

    adapter = open_source(SOURCE, build_settings(**ALLOWED), Nowhere())
    prepared = await adapter.prepare_write(command("logEvent", **SALE), scope(), purpose="test")

    assert (await adapter.send_write(prepared, scope(), Notes())).outcome is Outcome.NOT_SENT


async def test_a_message_that_is_refused_says_why(world: World) -> None:
    """REJECTED without a reason leaves nothing to mend."""
    body = b'[{"code":400,"name":"Bad Request","description":"No such activity"}]'
    world.sandbox.faults.add(Fault("json", body=body, match=POST))
    values = {"recipients": [{"email": "a@example.com"}], "activity_id": "7", "content": {"a": 1}}

    result = await send(world, command("sendMessage", **values))

    assert (result.outcome, result.error.code if result.error else None) == (Outcome.REJECTED, "VENDOR_REJECTED")
    assert isinstance(result.error, VendorError)
    assert "No such activity" in (result.error.vendor_message or "")
