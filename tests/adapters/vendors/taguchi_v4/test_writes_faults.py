"""The write column of the fault matrix: one of three truths, and never a second write."""

import ssl
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from adapters.contract import Outcome, WriteCommand
from adapters.errors import FacadeError
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4.adapter import open_source
from adapters.vendors.taguchi_v4.sandbox import SandboxOptions
from tests.adapters.vendors.taguchi_v4.world import SOURCE, World, build_settings, build_world, scope
from tests.adapters.vendors.taguchi_v4.written import Notes, command, look_again, prepare, send, writes

WRITE = "_method="
READY = {
    "id": 7,
    "date": "2099-01-01T00:00:00",
    "target_lists": "[5]",
    "revisions": [{"id": 3, "content": "<a/>", "approval_status": "deployed"}],
}
CREATE = command("createList", fields={"ref": "r", "name": "N"})
UNREAD = command("createList", fields={"name": "N"})
UPDATE = command("updateSubscriber", 1, fields={"title": "Ms"})
UPSERT = command("upsertSubscriber", fields={"ref": "new", "title": "Ms"})
DELETE = command("deleteList", 5)
QUEUE = command("queueActivity", 7)
COMMENT = command("commentActivity", 7, message="Hm")
WITH_RECORD, WITHOUT = (CREATE, UPDATE, UPSERT), (DELETE, QUEUE, COMMENT)
EVERY = (*WITH_RECORD, *WITHOUT)


@pytest.fixture
def world() -> World:
    """An account with a person, a list and an activity, and little patience."""
    return build_world(
        {
            "list": [{"id": 5, "name": "L"}],
            "subscriber": [{"id": 1, "ref": "a"}],
            "activity": [READY],
            "event": [{"ref": ref} for ref in ("aaq", "aao", "alc", "asc", "asu")],
        },
        attempt_s=0.3,
    )


def count_done(world: World) -> int:
    """How many writes the vendor has done."""
    store = world.sandbox.store
    deleted = store.row("list", 5) is None
    return len(store.rows("list")) - 1 + deleted + deleted + sum(1 for _ in _list_audits(world))


def _list_audits(world: World) -> Any:
    return (event for event in world.sandbox.store.event_rows() if event["event_ref"] in {"asc", "asu", "aaq", "aao"})


LOST = [
    (Fault("hang"), "VENDOR_TIMEOUT"),
    (Fault("delay", seconds=2), "VENDOR_TIMEOUT"),
    (Fault("reset"), "VENDOR_UNAVAILABLE"),
    (Fault("status", status=500), "VENDOR_UNAVAILABLE"),
    (Fault("status", status=502), "VENDOR_UNAVAILABLE"),
    (Fault("status", status=503), "VENDOR_UNAVAILABLE"),
    (Fault("status", status=504), "VENDOR_UNAVAILABLE"),
    (Fault("html"), "VENDOR_BAD_RESPONSE"),
    (Fault("empty"), "VENDOR_BAD_RESPONSE"),
    (Fault("redirect", location="https://elsewhere.example"), "VENDOR_BAD_RESPONSE"),
    (Fault("status", status=418), "VENDOR_BAD_RESPONSE"),
    (Fault("status", status=406), "VENDOR_BAD_RESPONSE"),
    (Fault("huge", size_bytes=6_000_000), "VENDOR_BAD_RESPONSE"),
    (Fault("gzip_bomb", size_bytes=6_000_000), "VENDOR_BAD_RESPONSE"),
    *(
        (Fault("json", body=body), "VENDOR_BAD_RESPONSE")
        for body in (b"null", b'"OK"', b"[1]", b"1", b"[null]", b"[" * 50_000, b'[{"id":"\xff"}]')
    ),
]
LOST_RECORDS = [
    *(
        (Fault("json", body=body), "VENDOR_BAD_RESPONSE")
        for body in (b"[]", b"{}", b"[{}]", b'[{"id":null}]', b'[{"id":"x"}]', b'[{"id":1},{"id":2}]', b'[{"id":NaN}]')
    ),
    (Fault("truncate"), "VENDOR_BAD_RESPONSE"),
    (Fault("short_body"), "VENDOR_UNAVAILABLE"),
    (Fault("reset", after_bytes=10), "VENDOR_UNAVAILABLE"),
    (Fault("drip", bytes_per_s=20.0), "VENDOR_TIMEOUT"),
    (Fault("gzip_header_on_plain"), "VENDOR_BAD_RESPONSE"),
    (Fault("missing_field", field="id"), "VENDOR_BAD_RESPONSE"),
    (Fault("retyped_field", field="id", value=7.5), "VENDOR_BAD_RESPONSE"),
    (Fault("duplicate_rows", count=1), "VENDOR_BAD_RESPONSE"),
    (Fault("missing_rows", count=1), "VENDOR_BAD_RESPONSE"),
]
LOST_CASES = [(asked, *each) for asked in EVERY for each in LOST] + [
    (asked, *each) for asked in WITH_RECORD for each in LOST_RECORDS
]


def name(case: Any) -> str:
    """Name a case by its mutation and its fault."""
    asked, fault = case[:2]
    detail = fault.status or fault.field or fault.location or (fault.body or b"")[:20]
    return f"{asked.kind} {fault.kind} {detail!r}"


@pytest.mark.parametrize("case", LOST_CASES, ids=name)
async def test_a_lost_answer_is_unknown_and_sent_once(world: World, case: tuple[WriteCommand, Fault, str]) -> None:
    """Applied, then lost: the vendor has done it once, and nobody says that it failed or succeeded."""
    asked, fault, code = case
    world.sandbox.faults.add(replace(fault, match=WRITE, applied=True))
    notes = Notes()

    result = await send(world, asked, notes)

    assert (result.outcome, result.error.code if result.error else None) == (Outcome.UNKNOWN, code)
    assert result.check
    assert len(writes(world)) == count_done(world) == 1
    assert [step for step, _ in notes.sending] == [step for step, _ in notes.done]
    world.sandbox.faults.clear()
    found = await look_again(world, asked, notes.known_by)
    assert found.outcome is Outcome.APPLIED


@pytest.mark.parametrize("asked", EVERY, ids=lambda asked: asked.kind)
@pytest.mark.parametrize("kind", ["reset", "hang"])
async def test_what_the_vendor_never_did_is_not_called_done(world: World, asked: WriteCommand, kind: str) -> None:
    """The same for a request that got lost on its way: it is not sent again, and looking finds nothing."""
    world.sandbox.faults.add(Fault(kind, match=WRITE))
    notes = Notes()

    result = await send(world, asked, notes)

    assert (result.outcome, len(writes(world)), count_done(world)) == (Outcome.UNKNOWN, 1, 0)
    world.sandbox.faults.clear()
    found = await look_again(world, asked, notes.known_by)
    assert found.outcome in {Outcome.REJECTED, Outcome.UNKNOWN}


REFUSALS = [
    (Fault("status", status=400), Outcome.REJECTED, "VENDOR_REJECTED"),
    (Fault("status", status=422), Outcome.REJECTED, "VENDOR_REJECTED"),
    (Fault("status", status=405), Outcome.REJECTED, "VENDOR_REJECTED"),
    (Fault("status", status=401), Outcome.REJECTED, "VENDOR_AUTH"),
    (Fault("status", status=403), Outcome.REJECTED, "VENDOR_AUTH"),
    (Fault("status", status=404), Outcome.REJECTED, "NOT_FOUND"),
    (Fault("status", status=409), Outcome.REJECTED, "CONFLICT"),
    (Fault("status", status=429), Outcome.NOT_SENT, "RATE_LIMITED"),
    (Fault("status", status=429, retry_after="99"), Outcome.NOT_SENT, "RATE_LIMITED"),
    (Fault("status", status=503, retry_after="99"), Outcome.NOT_SENT, "VENDOR_UNAVAILABLE"),
]


@pytest.mark.parametrize("asked", EVERY, ids=lambda asked: asked.kind)
@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: f"{case[0].status} {case[0].retry_after}")
async def test_a_refusal_is_one(world: World, asked: WriteCommand, case: tuple[Fault, Outcome, str]) -> None:
    """A known fate would be left in doubt, or a refusal sent again."""
    fault, outcome, code = case
    world.sandbox.faults.add(replace(fault, match=WRITE))

    result = await send_any(world, asked)

    assert (result.outcome, result.error.code if result.error else None) == (outcome, code)
    assert count_done(world) == 0
    assert len(writes(world)) == 1


async def send_any(world: World, asked: WriteCommand) -> Any:
    """Send a write that may be sent more than once."""
    prepared = await prepare(world, asked)
    world.forget()
    return await world.adapter.send_write(prepared, scope(5.0), Notes())


@pytest.mark.parametrize("asked", EVERY, ids=lambda asked: asked.kind)
async def test_what_was_only_asked_to_wait_is_sent_again(world: World, asked: WriteCommand) -> None:
    """429 with a short wait says that nothing was done."""
    world.sandbox.faults.add(Fault("status", status=429, retry_after="0", times=1, match=WRITE))

    result = await send_any(world, asked)

    assert result.outcome in {Outcome.APPLIED, Outcome.ACCEPTED}
    assert (len(writes(world)), count_done(world)) == (2, 1)


@pytest.mark.parametrize("asked", EVERY, ids=lambda asked: asked.kind)
@pytest.mark.parametrize(
    "fault", [Fault("content_type", content_type="text/html"), Fault("extra_field", field="x", value=[1])]
)
async def test_an_odd_answer_is_read_all_the_same(world: World, asked: WriteCommand, fault: Fault) -> None:
    """Success would be doubted for a label or an unknown key."""
    world.sandbox.faults.add(replace(fault, match=WRITE))

    assert (await send(world, asked)).outcome in {Outcome.APPLIED, Outcome.ACCEPTED}


@pytest.mark.parametrize("silent", ["204", "[]", "record"])
@pytest.mark.parametrize("asked", WITHOUT, ids=lambda asked: asked.kind)
async def test_what_says_nothing_says_it_in_three_ways(asked: WriteCommand, silent: Any) -> None:
    """The document does not say what these answer: nothing, an empty array and the record are all success."""
    world = build_world({"list": [{"id": 5}], "activity": [READY]}, options=SandboxOptions(silent=silent))

    assert (await send(world, asked)).outcome in {Outcome.APPLIED, Outcome.ACCEPTED}


@dataclass
class FakeVendor(httpx.AsyncBaseTransport):
    """Answers every request alike, or fails; remembers what was asked."""

    answer: httpx.Response | Exception
    requests: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "outcome", "code", "sends"),
    [
        (httpx.ConnectError("refused"), Outcome.NOT_SENT, "VENDOR_UNAVAILABLE", 3),
        (ssl.SSLError("handshake"), Outcome.NOT_SENT, "VENDOR_UNAVAILABLE", 1),
        (httpx.ReadError("broken"), Outcome.UNKNOWN, "VENDOR_UNAVAILABLE", 1),
        (httpx.ReadTimeout("late"), Outcome.UNKNOWN, "VENDOR_TIMEOUT", 1),
        (httpx.Response(204), Outcome.UNKNOWN, "VENDOR_BAD_RESPONSE", 1),
        (httpx.Response(201, json=[{"id": 1}]), Outcome.UNKNOWN, "VENDOR_BAD_RESPONSE", 1),
        (httpx.Response(200, json=[{"id": 1}]), Outcome.APPLIED, None, 1),
    ],
    ids=str,
)
async def test_below_the_vendor(
    answer: httpx.Response | Exception, outcome: Outcome, code: str | None, sends: int
) -> None:
    """What never left may be sent again; what left may not."""
    vendor = FakeVendor(answer)
    adapter = open_source(SOURCE, build_settings(), vendor)
    prepared = await adapter.prepare_write(UNREAD, scope(), purpose="test")

    result = await adapter.send_write(prepared, scope(), Notes())

    assert (result.outcome, result.error.code if result.error else None) == (outcome, code)
    assert len(vendor.requests) == sends


@pytest.mark.parametrize("asked", [CREATE, UPDATE, DELETE, QUEUE, UPSERT], ids=lambda asked: asked.kind)
async def test_what_cannot_be_read_first_is_not_written(world: World, asked: WriteCommand) -> None:
    """A record that is sent back whole must have been read whole, and whoever has a new one's key be known."""
    world.sandbox.faults.add(Fault("html", match="GET "))

    with pytest.raises(FacadeError) as refused:
        await prepare(world, asked)

    assert refused.value.code == "VENDOR_BAD_RESPONSE"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("retyped_field", field="id", value=2), "RECORD_OTHER"),
        (Fault("missing_field", field="id"), "RECORD_UNREADABLE"),
        (Fault("retyped_field", field="lists", value="none"), "RECORD_UNREADABLE"),
        (Fault("retyped_field", field="lists", value=[{"list_id": "x"}]), "RECORD_UNREADABLE"),
    ],
    ids=["another person", "nobody", "no list", "no membership"],
)
async def test_what_is_not_as_documented_is_not_written_over(world: World, fault: Fault, reason: str) -> None:
    """One person's fields must not be sent to another, nor half of what is known."""
    world.sandbox.faults.add(replace(fault, match="GET "))
    asked = command("setListMembership", 1, list_id="5")

    with pytest.raises(FacadeError) as refused:
        await prepare(world, asked)

    assert (refused.value.code, refused.value.reason) == ("VENDOR_BAD_RESPONSE", reason)


async def test_an_answer_about_another_record(world: World) -> None:
    """A reply that shows somebody else says nothing of this write."""
    world.sandbox.faults.add(Fault("retyped_field", field="id", value=2, match=WRITE))

    result = await send(world, UPDATE)

    assert (result.outcome, result.record) == (Outcome.UNKNOWN, None)


async def test_no_secret_is_shown(world: World) -> None:
    """Requests, errors and the plan hold no credentials, also where the vendor repeats them."""
    world.sandbox.faults.add(Fault("status", status=400, match=WRITE))
    asked = scope()
    prepared = await world.adapter.prepare_write(UPDATE, asked, purpose="test")
    result = await world.adapter.send_write(prepared, asked, Notes())

    assert "sandbox-token" not in repr((prepared, result, asked.calls))
    assert all("auth=REDACTED" in request.url for request in prepared.requests)
