"""What is sent for each mutation, what is said of it, and how it is found out whether it was done."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.contract import Outcome, WriteCommand, WriteScope
from adapters.errors import ConsentError
from adapters.vendors.sendios.sandbox.people import User
from adapters.vendors.sendios.writes import PREPARE, REFUSED_WRITES, WRITES
from tests.adapters.vendors.sendios.world import World, build_world, scope
from tests.adapters.vendors.sendios.writing import Notes, build_command, changes, find_out, prepare, write

ENCODED = "dGVzdEBleGFtcGxlLmNvbQ=="
EMAIL = {"email": "test@example.com", "project_id": "1"}
BASIS = "Asked for it at the till."


@dataclass(frozen=True)
class Case:
    """One mutation, the call it must become, and what the vendor then holds."""

    command: WriteCommand
    line: str
    body: object
    done: Callable[[User], bool]
    before: Callable[[World, User], object] = lambda _world, _user: None


def opt_out(world: World, user: User) -> None:
    world.sandbox.store.opt_out(user, 4)


def drop_types(_world: World, user: User) -> None:
    user.types_off = {4, 5}


CASES = {
    "fields by id": Case(
        build_command(
            "updateSubscriber",
            "8424",
            fields={
                "ref": "r-1",
                "gender": "f",
                "country": "DE",
                "custom_fields": [{"key": "shoe", "value": None, "typed": 41}],
                "sendios": {
                    "name": "Jo",
                    "language": "de",
                    "platform_number": 3,
                    "list_id": "7",
                    "ak": "k",
                    "age": 33,
                    "photo": "https://img.example.com/1.jpg",
                    "channel_id": "5",
                    "subchannel_id": "6",
                    "vip": True,
                },
            },
        ),
        "PUT /v1/userfields/user/8424",
        {
            "client_user_id": "r-1",
            "gender": "f",
            "country": "DE",
            "shoe": 41,
            "name": "Jo",
            "language": "de",
            "platform_id": 3,
            "list_id": 7,
            "ak": "k",
            "age": 33,
            "photo": "https://img.example.com/1.jpg",
            "channel_id": 5,
            "subchannel_id": 6,
            "vip": 1,
        },
        lambda user: (user.name, user.country, user.custom_fields["shoe"], user.list_id) == ("Jo", "DE", 41, 7),
    ),
    "fields by address": Case(
        build_command("updateSubscriber", by_email=EMAIL, fields={"gender": "f"}),
        f"PUT /v1/userfields/project/1/emailhash/{ENCODED}",
        {"gender": "f"},
        lambda user: user.gender == "f",
    ),
    "opt out as of a source": Case(
        build_command("unsubscribe", "8424", cause="settings"),
        "POST /v1/unsub/8424/source/9",
        None,
        lambda user: user.opt_out is not None and user.opt_out.source_id == 9,
    ),
    "opt out as an administrator": Case(
        build_command("unsubscribe", by_email=EMAIL),
        f"POST /v1/unsub/admin/1/email/{ENCODED}",
        None,
        lambda user: user.opt_out is not None and user.opt_out.reason == "admin",
    ),
    "opt in": Case(
        build_command("resubscribe", "8424", consent=BASIS),
        "DELETE /v1/unsub/8424",
        None,
        lambda user: user.opt_out is None,
        opt_out,
    ),
    "opt in by address": Case(
        build_command("resubscribe", by_email=EMAIL, consent=BASIS),
        "DELETE /v1/unsub/8424",
        None,
        lambda user: user.opt_out is None,
        opt_out,
    ),
    "types added": Case(
        build_command("unsubscribeFromTypes", "8424", change="add", type_ids=["7", "7"]),
        "POST /v1/unsubtypes/nodiff/8424",
        {"type_ids": [7]},
        lambda user: user.types_off == {4, 5, 7},
        drop_types,
    ),
    "types removed": Case(
        build_command("unsubscribeFromTypes", "8424", change="remove", type_ids=["4"], consent=BASIS),
        "DELETE /v1/unsubtypes/nodiff/8424",
        {"type_ids": [4]},
        lambda user: user.types_off == {5},
        drop_types,
    ),
    "types replaced": Case(
        build_command("unsubscribeFromTypes", "8424", change="replace", type_ids=["11"], consent=BASIS),
        "POST /v1/unsubtypes/8424",
        {"type_ids": [11]},
        lambda user: user.types_off == {11},
        drop_types,
    ),
    "types replaced by more": Case(
        build_command("unsubscribeFromTypes", "8424", change="replace", type_ids=["4", "5", "7"]),
        "POST /v1/unsubtypes/nodiff/8424",
        {"type_ids": [4, 5, 7]},
        lambda user: user.types_off == {4, 5, 7},
        drop_types,
    ),
    "types cleared": Case(
        build_command("unsubscribeFromTypes", "8424", change="clear", consent=BASIS),
        "DELETE /v1/unsubtypes/all/8424",
        None,
        lambda user: user.types_off == set(),
        drop_types,
    ),
    "payment": Case(
        build_command(
            "recordPayment",
            "8424",
            starts_at="2026-01-01T00:00:00Z",
            expires_at="2026-02-01T00:00:00Z",
            payment_type=1,
            amount=19.99,
            mail_id="16072377551",
        ),
        "POST /v1/lastpayment",
        {
            "user_id": 8424,
            "start_date": 1767225600,
            "expire_date": 1769904000,
            "payment_type": 1,
            "amount": 19.99,
            "mail_id": 16072377551,
        },
        lambda user: (user.last_payment or {}).get("amount") == 19.99,
    ),
    "own key": Case(
        build_command("linkClientUser", "8424", client_user_id="shop-1"),
        "POST /v1/clientuser/create",
        {"email": "test@example.com", "project_id": 1, "client_user_id": "shop-1"},
        lambda user: user.client_user_id == "shop-1",
    ),
    "confirmed": Case(
        build_command("confirmUser", "8424", reacted_at="2017-07-14T02:40:00Z"),
        f"PUT /v3/users/project/1/email/{ENCODED}/confirm",
        {"last_reaction": "1500000000", "project_id": 1, "encoded_email": ENCODED},
        lambda user: user.confirm == 1,
    ),
    "online by id": Case(
        build_command("markOnline", "8424", seen_at="2017-07-14T02:40:00Z"),
        "PUT /v3/users/8424/online",
        {"timestamp": "1500000000", "user_id": 8424},
        lambda user: user.last_online is not None,
    ),
    "online by address": Case(
        build_command("markOnline", by_email=EMAIL, seen_at="2017-07-14T02:40:00Z"),
        f"PUT /v3/users/project/1/email/{ENCODED}/online",
        {"timestamp": "1500000000", "project_id": 1, "encoded_email": ENCODED},
        lambda user: user.last_online is not None,
    ),
    "erased": Case(
        build_command("eraseSubscriber", "8424", force=True),
        "POST /v1/user/erase",
        {"email": "test@example.com", "project_id": 1, "force_delete": True},
        lambda _user: True,
    ),
}


def build(case: Case) -> tuple[World, User]:
    world = build_world()
    user = world.sandbox.store.find(8424)
    assert user is not None
    case.before(world, user)
    return world, user


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
async def test_a_write_is_the_vendors_own_call(case: Case) -> None:
    """Broken, the vendor would be told something else than its clients tell it, or twice."""
    world, user = build(case)

    result = await write(world, case.command)

    (call,) = [call for call in world.sandbox.calls.entries if not call.line.startswith("GET ")]
    assert call.line == case.line
    assert (json.loads(call.body) if call.body else None) == case.body
    assert (result.outcome, result.error, result.id) == (Outcome.ACCEPTED, None, "8424")
    assert case.done(user)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
async def test_a_plan_is_what_is_then_sent(case: Case) -> None:
    """Broken, a preview would show something else than is done, or do it."""
    world, _ = build(case)

    prepared = await prepare(world, case.command)

    assert changes(world) == []
    (request,) = prepared.requests
    assert (f"{request.method} {request.url}", request.body) == (case.line, case.body)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
async def test_reading_tells_whether_it_was_done(case: Case) -> None:
    """Broken, a write whose answer is lost would stay unknown, or be believed before it shows."""
    world, _ = build(case)

    before = await find_out(world, case.command)
    await write(world, case.command)
    after = await find_out(world, case.command)

    assert before.outcome is Outcome.UNKNOWN
    assert before.check
    assert (after.outcome, after.check) == (Outcome.APPLIED, None)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"kind": "reset", "applied": True}, Outcome.UNKNOWN),
        ({"kind": "status", "status": 502, "applied": True}, Outcome.UNKNOWN),
        ({"kind": "truncate"}, Outcome.UNKNOWN),
        ({"kind": "html"}, Outcome.UNKNOWN),
        ({"kind": "empty"}, Outcome.UNKNOWN),
        ({"kind": "json", "body": "null"}, Outcome.UNKNOWN),
        ({"kind": "redirect", "location": "/elsewhere"}, Outcome.UNKNOWN),
        ({"kind": "status", "status": 503}, Outcome.UNKNOWN),
        ({"kind": "status", "status": 404}, Outcome.REJECTED),
        ({"kind": "status", "status": 409}, Outcome.REJECTED),
        ({"kind": "status", "status": 400}, Outcome.REJECTED),
    ],
    ids=str,
)
async def test_a_lost_answer_is_never_a_guess(case: Case, fault: dict[str, Any], outcome: Outcome) -> None:
    """Broken, a write would be told as done or as refused where nobody knows, or be sent again."""
    world, _ = build(case)
    prepared = await prepare(world, case.command)
    world.forget()
    world.strike(**{**fault, "match": case.line.partition("?")[0]})

    result = await world.adapter.send_write(prepared, scope(), Notes())

    if case.line.startswith("PUT /v3") and fault["kind"] == "empty":
        assert result.outcome is Outcome.ACCEPTED, "any 2xx is a success there, also without a word"
        return
    assert result.outcome is outcome
    assert result.error is not None
    assert (result.check is not None) is (outcome is Outcome.UNKNOWN)
    assert len(changes(world)) == 1, "sent once, whatever came of it"


async def test_a_no_is_no_yes() -> None:
    """Broken, an answer that it was not done would be told as done."""
    world, _ = build(CASES["fields by id"])
    prepared = await prepare(world, CASES["fields by id"].command)
    world.strike("json", body='{"_meta": {"status": "SUCCESS"}, "data": {"result": false}}')

    result = await world.adapter.send_write(prepared, scope(), Notes())

    assert (result.outcome, result.error.reason) == (Outcome.UNKNOWN, "CONFIRMATION_EXPECTED")


async def test_an_answer_without_data_is_a_success() -> None:
    """The vendor's own clients take it for one (facts, 4.1)."""
    world, _ = build(CASES["opt in"])
    prepared = await prepare(world, CASES["opt in"].command)
    world.strike("json", body='{"_meta": {"status": "SUCCESS", "time": 1, "count": 0}}')

    assert (await world.adapter.send_write(prepared, scope(), Notes())).outcome is Outcome.ACCEPTED


async def test_opting_out_twice_is_told() -> None:
    """Broken, nobody would learn that there was nothing to do."""
    world, _ = build(CASES["opt in"])

    result = await write(world, build_command("unsubscribe", by_email=EMAIL))
    prepared = await prepare(world, build_command("unsubscribe", "8424", cause="link"))

    assert result.facts == {"alreadyUnsubscribed": True}
    assert prepared.before == {"unsubscribed": True}
    assert len(prepared.warnings) == 2


@pytest.mark.parametrize(
    "command",
    [
        build_command("resubscribe", "8424"),
        build_command("unsubscribeFromTypes", "8424", change="remove", type_ids=["4"]),
        build_command("unsubscribeFromTypes", "8424", change="replace", type_ids=["11"]),
        build_command("unsubscribeFromTypes", "8424", change="clear"),
    ],
    ids=lambda command: f"{command.kind} {command.values.get('change', '')}",
)
async def test_nobody_comes_back_without_consent(command: WriteCommand) -> None:
    """Broken, somebody who has left would be written to again."""
    world, user = build(CASES["opt in"])
    drop_types(world, user)

    with pytest.raises(ConsentError):
        await prepare(world, command)
    assert changes(world) == []


async def test_custom_fields_keep_their_types() -> None:
    """Broken, what is read as text and written back would be refused: a field's type must stay (facts, 4.3)."""
    world, user = build(CASES["own key"])
    user.custom_fields = {"count": 5, "share": 0.5, "news": True, "shirt": "S"}
    fields = [
        {"key": key, "value": text}
        for key, text in (("count", "7"), ("share", "0.25"), ("news", "false"), ("shirt", "7"), ("new", "7"))
    ]

    result = await write(world, build_command("updateSubscriber", "8424", fields={"custom_fields": fields}))

    assert result.outcome is Outcome.ACCEPTED
    assert user.custom_fields == {"count": 7, "share": 0.25, "news": False, "shirt": "7", "new": "7"}


def test_the_table_tells_of_every_write() -> None:
    """Broken, a mutation would be offered that nobody has written, or the other way round."""
    assert set(WRITES) == set(PREPARE)
    assert not set(WRITES) & set(REFUSED_WRITES)
    assert [kind for kind, able in WRITES.items() if able.scope is WriteScope.SEND] == ["sendMessage"]
    assert [kind for kind, able in WRITES.items() if able.read_back is None] == ["sendMessage"]
