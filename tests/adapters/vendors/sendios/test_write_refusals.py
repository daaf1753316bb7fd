"""What is refused before the vendor is told anything, and what it refuses itself."""

from typing import Any

import pytest

from adapters.contract import Outcome, WriteCommand
from adapters.errors import (
    CapabilityError,
    IdError,
    InputError,
    NotFoundError,
    VendorConflictError,
    VendorError,
)
from adapters.vendors.sendios.field_values import to_wire_fields
from tests.adapters.vendors.sendios.world import build_world
from tests.adapters.vendors.sendios.writing import build_command, changes, prepare, write


def update(target: str = "8424", **fields: object) -> WriteCommand:
    return build_command("updateSubscriber", target, fields=fields)


def by_email(kind: str, email: str = "test@example.com", project_id: str | None = "1", **values: Any) -> WriteCommand:
    return build_command(kind, by_email={"email": email, "project_id": project_id}, **values)


SEEN = {"seen_at": "2026-01-01T00:00:00Z"}
BAD: dict[str, tuple[WriteCommand, type[Exception]]] = {
    "unknown id": (update("5", gender="f"), NotFoundError),
    "id of text": (update("x", gender="f"), IdError),
    "nothing": (update(), InputError),
    "nothing of its own": (update(sendios={}), InputError),
    "new address": (update(email="other@example.com"), CapabilityError),
    "first name": (update(first_name="Jo"), CapabilityError),
    "telephone": (update(mobile="+61412345678"), CapabilityError),
    "list": (update(memberships=[{"list_id": "1"}]), CapabilityError),
    "list of text": (update(sendios={"list_id": "vip"}), IdError),
    "field twice": (update(custom_fields=[{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]), InputError),
    "field of its own": (update(custom_fields=[{"key": "gender", "value": "f"}]), InputError),
    "field without a name": (update(custom_fields=[{"key": "", "value": "f"}]), InputError),
    "too large a number": (update(custom_fields=[{"key": "n", "value": None, "typed": 2**80}]), InputError),
    "no address": (by_email("unsubscribe", "test"), InputError),
    "unknown address": (by_email("unsubscribe", "nobody@example.com"), NotFoundError),
    "no project": (by_email("unsubscribe", project_id=None), InputError),
    "foreign project": (by_email("unsubscribe", project_id="9"), InputError),
    "project of text": (by_email("unsubscribe", project_id="1/../2"), InputError),
    "cause by address": (by_email("unsubscribe", cause="link"), InputError),
    "types for clear": (
        build_command("unsubscribeFromTypes", "8424", change="clear", type_ids=["1"], consent="x"),
        InputError,
    ),
    "no types": (build_command("unsubscribeFromTypes", "8424", change="add"), InputError),
    "type of text": (build_command("unsubscribeFromTypes", "8424", change="add", type_ids=["x"]), IdError),
    "ends before": (
        build_command("recordPayment", "8424", starts_at="2026-02-01T00:00:00Z", expires_at="2026-01-01T00:00:00Z"),
        InputError,
    ),
    "below zero": (
        build_command("recordPayment", "8424", starts_at="2026-02-01T00:00:00Z", amount=-1.0),
        InputError,
    ),
    "mail of text": (
        build_command("recordPayment", "8424", starts_at="2026-02-01T00:00:00Z", mail_id="x"),
        IdError,
    ),
    "empty key": (build_command("linkClientUser", "8424", client_user_id=""), InputError),
    "unknown visitor": (build_command("markOnline", "5", **SEEN), NotFoundError),
    "erased already": (build_command("eraseSubscriber", "5"), NotFoundError),
}


@pytest.mark.parametrize(("command", "error"), BAD.values(), ids=list(BAD))
async def test_bad_input_is_refused_before_anything_is_sent(command: WriteCommand, error: type[Exception]) -> None:
    """Broken, the vendor would be told something it does not have, or about somebody else."""
    world = build_world()

    with pytest.raises(error):
        await prepare(world, command)
    assert changes(world) == []


async def test_the_vendors_own_words_come_back() -> None:
    """Broken, nobody would learn which field the vendor refused (facts, 4.1: 409 with `errors`)."""
    result = await write(build_world(), update(sendios={"language": "xx"}, gender="male"))

    assert (result.outcome, result.error.code) == (Outcome.REJECTED, "VENDOR_REJECTED")
    assert "Field language is not valid language code: xx" in (result.error.vendor_message or "")


@pytest.mark.parametrize(
    ("relied", "moved"),
    [
        ({"gender": "m", "sendios": {"name": "John"}}, False),
        ({"gender": "f"}, True),
        ({"sendios": {"age": 3}}, True),
        ({"custom_fields": [{"key": "shoe", "value": None}]}, False),
        ({"custom_fields": [{"key": "shoe", "value": "41"}]}, True),
    ],
)
async def test_what_the_caller_relies_on_must_still_be_so(relied: dict[str, object], moved: bool) -> None:
    """Broken, a change by somebody else would be written over."""
    world = build_world()
    command = build_command("updateSubscriber", "8424", fields={"country": "DE"}, if_unchanged=relied)

    if moved:
        with pytest.raises(VendorConflictError):
            await prepare(world, command)
    else:
        assert (await write(world, command)).outcome is Outcome.ACCEPTED
    assert bool(changes(world)) is not moved


async def test_a_city_cannot_be_relied_on() -> None:
    """Sendios shows a number for it, so nobody could tell whether it has moved."""
    command = build_command("updateSubscriber", "8424", fields={"gender": "f"}, if_unchanged={"suburb": "Kyiv"})

    with pytest.raises(InputError, match="does not show"):
        await prepare(build_world(), command)


async def test_somebody_else_is_not_written_to() -> None:
    """Broken, an address that the vendor corrects while it looks it up would change another person."""
    world = build_world()
    world.strike("json", match="user/project", body=_OTHER)

    with pytest.raises(NotFoundError) as caught:
        await prepare(world, by_email("unsubscribe"))

    assert caught.value.reason == "RECORD_OTHER"
    assert changes(world) == []


_OTHER = '{"_meta": {"status": "SUCCESS"}, "data": {"user": {"id": 7, "project_id": 1, "email": "x@example.com"}}}'


async def test_a_person_who_cannot_be_read_is_not_written_to() -> None:
    """Broken, a write would be sent on a guess of who is meant."""
    world = build_world()
    world.strike("status", status=503, match="user/id")

    with pytest.raises(VendorError):
        await prepare(world, update(gender="f"))
    assert changes(world) == []


@pytest.mark.parametrize("email", ["a/b@example.net", "who?+x#y%41@example.net", "ÿÿÿ~~~@example.net"])
async def test_awkward_addresses_are_written_to(email: str) -> None:
    """Base64 in the path is not quoted by the vendor's clients and may hold slashes and plus signs (facts, 4.6)."""
    world = build_world()

    result = await write(world, by_email("updateSubscriber", email, fields={"gender": "f"}))

    assert result.outcome is Outcome.ACCEPTED
    user = world.sandbox.store.find_by_email(1, email)
    assert user is not None
    assert user.gender == "f"


@pytest.mark.parametrize("text", ["1e400", "-1e400", "inf", "nan"])
def test_a_number_that_json_cannot_hold_stays_a_text(text: str) -> None:
    """Null would be sent for it, which empties the field."""
    fields = {"custom_fields": [{"key": "score", "value": text}]}

    assert to_wire_fields(fields, {"score": 1.5}, ("input",)) == {"score": text}
