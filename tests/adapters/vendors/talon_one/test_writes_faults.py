"""The write column of the fault matrix, and how a lost answer is looked up by the Management API."""

from typing import Any

import pytest

from adapters.calls import CallScope
from adapters.contract import Outcome
from adapters.errors import (
    VendorAbsentError,
    VendorAuthError,
    VendorConflictError,
    VendorContractError,
    VendorError,
    VendorRateLimitedError,
    VendorRejectedError,
    VendorTimeoutError,
    VendorUnavailableError,
)
from adapters.memory import Memory
from adapters.records import Entity
from adapters.sandbox import Fault
from adapters.vendors.talon_one.abilities import build_writes
from tests.adapters.vendors.talon_one.world import World, build_settings, build_world, scope
from tests.adapters.vendors.talon_one.written import Notes, command, look_again, prepare, send, writes

CDP = "/cdp/"
CUSTOMER = {"by_key": {"ref": "c 1"}, "attributes": {"Tier": "platinum"}}

LOST = [
    (Fault("hang", match=CDP), VendorTimeoutError),
    (Fault("reset", match=CDP), VendorUnavailableError),
    (Fault("short_body", match=CDP), VendorUnavailableError),
    (Fault("status", status=500, match=CDP), VendorUnavailableError),
    (Fault("status", status=502, match=CDP), VendorUnavailableError),
    (Fault("status", status=503, match=CDP), VendorUnavailableError),
    (Fault("truncate", match=CDP), VendorContractError),
    (Fault("html", match=CDP), VendorContractError),
    (Fault("empty", match=CDP), VendorContractError),
    (Fault("redirect", location="https://elsewhere.example", match=CDP), VendorContractError),
    (Fault("status", status=418, match=CDP), VendorContractError),
    (Fault("status", status=201, match=CDP), VendorContractError),
    (Fault("gzip_header_on_plain", match=CDP), VendorContractError),
    (Fault("huge", size_bytes=6_000_000, match=CDP), VendorContractError),
    *((Fault("json", body=body, match=CDP), VendorContractError) for body in ("[]", "null", '"OK"', "[1]")),
    (Fault("json", body='{"customerProfile":[]}', match=CDP), VendorContractError),
    (Fault("json", body='{"customerProfile":{"id":1,"integrationId":"other"}}', match=CDP), VendorContractError),
    (Fault("json", body='{"customerProfile":{"id":1}}', match=CDP), VendorContractError),
]


@pytest.fixture
def world() -> World:
    """A source with little patience."""
    return build_world(attempt_s=0.3)


def name(value: Any) -> str:
    return f"{value.kind} {value.status or value.body!r}" if isinstance(value, Fault) else ""


@pytest.mark.parametrize("applied", [False, True], ids=["lost", "applied, then lost"])
@pytest.mark.parametrize(("fault", "kind"), LOST, ids=name)
async def test_a_lost_answer_is_unknown_and_sent_once(
    world: World, fault: Fault, kind: type[VendorError], applied: bool
) -> None:
    """A write would be done twice, or be called failed when it was done; a look tells."""
    world.sandbox.faults.add(Fault(**{each: getattr(fault, each) for each in Fault.__slots__} | {"applied": applied}))
    asked, notes = command("updateCustomerProfile", **CUSTOMER), Notes()

    result = await send(world, asked, notes)
    done = world.sandbox.store.profiles[False, "c 1"].attributes.get("Tier") == "platinum"

    assert (result.outcome, type(result.error)) == (Outcome.UNKNOWN, kind)
    assert result.check
    assert (len(writes(world)), len(notes.sending), len(notes.done)) == (1, 1, 1)
    found = await look_again(world, asked)
    assert (found.outcome is Outcome.APPLIED) is done
    assert bool(found.check) is not done


@pytest.mark.parametrize(
    ("fault", "outcome", "kind"),
    [
        (Fault("status", status=400, match=CDP), Outcome.REJECTED, VendorRejectedError),
        (Fault("status", status=401, match=CDP), Outcome.REJECTED, VendorAuthError),
        (Fault("status", status=403, match=CDP), Outcome.REJECTED, VendorAuthError),
        (Fault("status", status=404, match=CDP), Outcome.REJECTED, VendorAbsentError),
        (Fault("status", status=409, match=CDP), Outcome.REJECTED, VendorConflictError),
        (Fault("status", status=503, retry_after="99", match=CDP), Outcome.NOT_SENT, VendorUnavailableError),
        (Fault("status", status=429, retry_after="99", match=CDP), Outcome.NOT_SENT, VendorRateLimitedError),
        (Fault("json", body='{"StatusCode":409,"Error":"busy"}', match=CDP), Outcome.REJECTED, VendorConflictError),
    ],
    ids=name,
)
async def test_a_refusal_is_one(world: World, fault: Fault, outcome: Outcome, kind: type[VendorError]) -> None:
    """A known fate would be left in doubt."""
    world.sandbox.faults.add(fault)

    result = await send(world, command("updateCustomerProfile", **CUSTOMER))

    assert (result.outcome, type(result.error), len(writes(world))) == (outcome, kind, 1)
    assert world.sandbox.store.profiles[False, "c 1"].attributes.get("Tier") != "platinum"


async def test_a_throttled_write_is_sent_again(world: World) -> None:
    """Talon.One names no time with its 429, and did nothing."""
    world.sandbox.faults.add(Fault("status", status=429, times=1, match=CDP))
    prepared = await prepare(world, command("updateCustomerProfile", **CUSTOMER))

    result = await world.adapter.send_write(prepared, scope(), Notes())

    assert (result.outcome, len(writes(world))) == (Outcome.APPLIED, 2)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("json", body="{}", match=CDP),
        Fault("html", match=CDP),
        Fault("status", status=500, match=CDP),
        Fault("reset", match=CDP, applied=True),
    ],
    ids=name,
)
async def test_a_bulk_answer_that_is_no_204_tells_nothing_of_any_item(world: World, fault: Fault) -> None:
    """Every item of the call is in doubt, none of another call."""
    world.sandbox.faults.add(fault)
    items = [{"ref": f"c{number}", "join": ["1"]} for number in range(3)]
    asked = command("changeAudiences", items=items)

    result = await send(world, asked)
    found = await look_again(world, asked)

    assert [(item.place, item.outcome) for item in result.items] == [(place, Outcome.UNKNOWN) for place in range(3)]
    told = Outcome.APPLIED if fault.applied else Outcome.UNKNOWN
    assert [(item.place, item.outcome) for item in found.items] == [(place, told) for place in range(3)]


@pytest.mark.parametrize("applied", [True, False])
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("createAudience", {"ref": "w", "name": "Winter"}),
        ("updateAudience", {"ref": "e/1", "name": "Away"}),
        ("updateAudience", {"target": "4", "name": "Away"}),
        ("deleteAudience", {"target": "4"}),
        ("deleteAudience", {"ref": "e/1"}),
        ("changeCustomerAudiences", {"target": "c 1", "join_refs": ["nobody"], "leave_refs": ["ext 1"]}),
        ("changeCustomerAudiences", {"target": "c 1", "join": ["5"]}),
        ("updateCustomerProfile", {"target": "c 1", "attributes": {"Tier": None, "Points": 3}, "join": ["5"]}),
        ("createSubscriber", {"fields": {"ref": "new", "email": "a@b.c"}}),
        ("updateSubscriber", {"target": "c 1", "fields": {"email": "a@b.c"}}),
        ("upsertSubscriber", {"fields": {"ref": "new", "custom_fields": [{"key": "Tier", "value": "x"}]}}),
        ("changeAudiences", {"items": [{"ref": "new", "join_refs": ["nobody"]}]}),
    ],
)
async def test_every_write_is_reconciled(world: World, kind: str, values: dict[str, Any], applied: bool) -> None:
    """An UNKNOWN would stay one although a read tells."""
    world.sandbox.faults.add(Fault("reset", match=CDP, applied=applied))
    asked = command(kind, **values)

    lost = await send(world, asked)
    found = await look_again(world, asked)

    assert lost.outcome is Outcome.UNKNOWN or [item.outcome for item in lost.items] == [Outcome.UNKNOWN]
    assert found.outcome is (Outcome.APPLIED if applied else Outcome.UNKNOWN)
    assert (found.check is None) is (found.outcome is not Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("updateCustomerProfile", {"target": "c 1", "attributes": {"Tier": "x"}, "run_rules": True}),
        ("updateCustomerProfile", {"target": "c 1", "join": ["5"]}),
        ("changeCustomerAudiences", {"target": "c 1", "join": ["5"]}),
        ("changeCustomerAudiences", {"target": "c 1", "join_refs": ["nobody"]}),
    ],
)
async def test_what_runs_the_rules_is_never_called_the_same_twice_as_once(
    world: World, kind: str, values: dict[str, Any]
) -> None:
    """Broken, a caller would believe that it can be sent again, and a customer be given coupons or points twice."""
    prepared = await prepare(world, command(kind, **values))

    assert "runs its rules" in " ".join(prepared.warnings)
    assert not build_writes(build_settings())[kind].repeatable


async def test_what_was_remembered_before_a_write_is_forgotten(world: World) -> None:
    """The next read of anybody would show what was there before."""
    memory = Memory()

    def lend() -> CallScope:
        lent = scope()
        lent.memory = memory
        return lent

    async def read() -> Any:
        found = await world.adapter.fetch_by_ids(Entity.SUBSCRIBER, ["c 1"], lend(), parts=frozenset(), purpose="test")
        return {field.key: field.value for field in found["c 1"].custom_fields}.get("Tier")

    assert await read() == "gold"
    asked = command("updateCustomerProfile", **CUSTOMER)
    prepared = await world.adapter.prepare_write(asked, lend(), purpose="test")
    await world.adapter.send_write(prepared, lend(), Notes())
    assert await read() == "platinum"


async def test_looks_before_a_write_spend_of_the_same_budget(world: World) -> None:
    """A write could make more calls than its request may."""
    asking = scope(max_calls=5)

    await world.adapter.prepare_write(command("deleteAudience", target="4"), asking, purpose="test")

    assert (asking.spent, len(asking.calls)) == (3, 3)


async def test_what_was_made_and_deleted_since_is_not_called_refused(world: World) -> None:
    """Broken, an audience that was made would be told as one that never was, because somebody deleted it."""
    world.sandbox.faults.add(Fault("reset", match=CDP, applied=True, times=1))
    asked = command("createAudience", ref="w", name="Winter")
    assert (await send(world, asked)).outcome is Outcome.UNKNOWN
    assert (await send(world, command("deleteAudience", ref="w"))).outcome is Outcome.APPLIED

    found = await look_again(world, asked)

    assert (found.outcome, found.check is not None) == (Outcome.UNKNOWN, True)
