"""A vendor that misbehaves: the right error for every question, and no secret or address in any of its words."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from adapters.calls import CallScope
from adapters.contract import PersonQuery, SliceQuery
from adapters.errors import (
    VendorAuthError,
    VendorContractError,
    VendorError,
    VendorRateLimitedError,
    VendorRejectedError,
    VendorUnavailableError,
)
from adapters.filters.tree import And, Comparison, Op, Some
from adapters.records import Entity
from adapters.sandbox import Fault
from adapters.vendors.taximail.sandbox.store import Message
from tests.adapters.vendors.taximail.account import JOINED, build_account
from tests.adapters.vendors.taximail.world import SUBSCRIBER, World, build_world, scope

ONE_LIST = And((Some("memberships", Comparison("list_id", Op.EQ, "314")),))
NO_PARTS: frozenset[str] = frozenset()

Ask = Callable[[World, CallScope], Awaitable[Any]]


async def _by_id(world: World, spending: CallScope, entity: Entity, id_: str) -> Any:
    found = await world.adapter.fetch_by_ids(entity, [id_], spending, parts=NO_PARTS, purpose="x")
    if isinstance(found[id_], Exception):
        raise found[id_]
    return found[id_]


async def _by_value(world: World, spending: CallScope) -> Any:
    found = await world.adapter.fetch_by_values(
        SUBSCRIBER, "email", ["john@example.com"], spending, parts=NO_PARTS, purpose="x"
    )
    if isinstance(found["john@example.com"], Exception):
        raise found["john@example.com"]
    return found


async def _part(world: World, spending: CallScope) -> Any:
    found = await world.adapter.fetch_parts(Entity.LIST, "fields", ["314"], spending, purpose="x")
    if isinstance(found["314"], Exception):
        raise found["314"]
    return found


QUESTIONS: dict[str, Ask] = {
    "everyone": lambda world, spending: world.adapter.fetch_slice(SliceQuery(SUBSCRIBER), spending),
    "a list": lambda world, spending: world.adapter.fetch_slice(SliceQuery(SUBSCRIBER, ONE_LIST), spending),
    "lists": lambda world, spending: world.adapter.fetch_slice(SliceQuery(Entity.LIST), spending),
    "campaigns": lambda world, spending: world.adapter.fetch_slice(SliceQuery(Entity.CAMPAIGN), spending),
    "one contact": lambda world, spending: _by_id(world, spending, SUBSCRIBER, "314/3"),
    "one list": lambda world, spending: _by_id(world, spending, Entity.LIST, "314"),
    "one campaign": lambda world, spending: _by_id(world, spending, Entity.CAMPAIGN, "1"),
    "one segment": lambda world, spending: _by_id(world, spending, Entity.AUDIENCE, "314/7"),
    "one message": lambda world, spending: _by_id(world, spending, Entity.MESSAGE, "m1"),
    "an address": _by_value,
    "a part": _part,
    "a person": lambda world, spending: world.adapter.fetch_people(
        PersonQuery(email="john@example.com"), spending, purpose="x"
    ),
}
REFUSED = '{"status":"error","code":%s,"err_msg":"john@example.com sandbox-secret"}'
FAULTS: dict[str, tuple[Fault, type[VendorError]]] = {
    "a web page": (Fault("html"), VendorContractError),
    "nothing": (Fault("empty"), VendorContractError),
    "null": (Fault("json", body="null"), VendorContractError),
    "a text": (Fault("json", body='"fine"'), VendorContractError),
    "numbers": (Fault("json", body="[1,2]"), VendorContractError),
    "half an answer": (Fault("truncate"), VendorContractError),
    "no data": (Fault("json", body='{"status":"success","code":200}'), VendorContractError),
    "other data": (Fault("json", body='{"status":"success","code":200,"data":5}'), VendorContractError),
    "a refusal inside 200": (Fault("json", body=REFUSED % '"400"'), VendorRejectedError),
    "wrong keys inside 200": (Fault("json", body=REFUSED % "401"), VendorAuthError),
    "wrong keys": (Fault("status", status=401), VendorAuthError),
    "forbidden": (Fault("status", status=403), VendorAuthError),
    "another server": (Fault("status", status=404), VendorContractError),
    "too many calls": (Fault("status", status=429, retry_after="3600"), VendorRateLimitedError),
    "an outage": (Fault("status", status=500), VendorUnavailableError),
    "a redirect": (Fault("redirect", location="https://evil.example/"), VendorContractError),
}


LEFT_ALONE = {VendorRateLimitedError, VendorUnavailableError}
"""Errors after which a source is not called for a while."""


@pytest.mark.parametrize(("fault", "kind"), FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.parametrize("match", ["GET ", "POST /v2/user/login"], ids=["calls", "log-in"])
async def test_a_failure_is_told_as_what_it_is_and_the_next_question_is_answered(ask, fault, kind, match):
    """Never as nothing found, and never with what must not be read."""
    world = build_world(build_account())
    world.sandbox.store.messages["m1"] = Message("m1", "email", "Default", "john@example.com", "Sent", JOINED)
    world.sandbox.faults.add(Fault(**{**_settings_of(fault), "match": match}))
    spending = scope()

    with pytest.raises(VendorError) as caught:
        await ask(world, spending)

    assert type(caught.value) is kind
    assert_nothing_leaks(world, caught.value, spending)
    world.sandbox.faults.clear()
    if kind not in LEFT_ALONE:
        await ask(world, scope())


def _settings_of(fault: Fault) -> dict[str, Any]:
    return {name: getattr(fault, name) for name in ("kind", "body", "status", "retry_after", "location")}


def assert_nothing_leaks(world: World, error: VendorError, spending: CallScope) -> None:
    """Neither keys nor sessions nor where the vendor lives."""
    session = world.adapter._account.client._authorize._session
    secrets = ["sandbox-key", "sandbox-secret", *(session.bearer.secrets() if session else ())]
    texts = f"{error!r} {error.__dict__} {spending.calls!r}"
    assert [secret for secret in [*secrets, "127.0.0.1", "evil.example", "<html"] if secret in texts] == []


async def test_wrong_keys_are_told_as_such():
    """One log-in, no retries: a vendor may count them."""
    world = build_world(build_account(), auth={"api_key": "sandbox-key", "secret_key": "wrong"})

    with pytest.raises(VendorAuthError):
        await world.read(SliceQuery(Entity.LIST))

    assert (world.log_ins, world.calls) == (1, 0)


async def test_a_session_refused_again_after_its_renewal_is_told_as_wrong_credentials():
    """One renewal for the call, not one after the other."""
    world = build_world(build_account())
    world.sandbox.faults.add(Fault("status", match="GET /v2/list", status=401))

    with pytest.raises(VendorAuthError):
        await world.read(SliceQuery(Entity.LIST))

    assert (world.log_ins, world.calls) == (2, 2)


async def test_columns_beyond_the_document_change_nothing():
    """A vendor may add some."""
    world = build_world(build_account())
    plain = await world.read(SliceQuery(SUBSCRIBER, ONE_LIST))
    world.sandbox.faults.add(Fault("extra_field", field="score", value={"deep": [1]}))

    assert (await world.read(SliceQuery(SUBSCRIBER, ONE_LIST))).records == plain.records


@pytest.mark.parametrize("field", ["email", "firstname", "subscription_status", "bounce_type", "subscription_date"])
async def test_a_missing_column_leaves_its_field_empty(field):
    """Every column but the id may be missing."""
    world = build_world(build_account())
    world.sandbox.faults.add(Fault("missing_field", field=field))

    found = await world.read(SliceQuery(SUBSCRIBER, ONE_LIST))

    assert (len(found.records), found.gaps) == (5, ())
