"""One key, one write: however often it is asked for, by whomever, wherever."""

import asyncio
from typing import Any

import httpx
import pytest

from adapters.contract import Outcome, WriteCommand
from adapters.errors import InProgressError, InputError
from resolvers.policy.masking import MASK
from resolvers.principal import LOCAL, Principal, Scope
from resolvers.writes.arguments import WriteArgs, digest_person, hash_input
from tests.resolvers.writes.conftest import EMAIL, World, build_write

MANY = 100


async def test_a_key_asked_a_hundred_times_at_once_writes_once(world: World) -> None:
    """Broken, a client that hurries would mail a person a hundred times."""
    payloads = await asyncio.gather(*(world.write(build_write("k"), world.context()) for _ in range(MANY)))

    assert len(world.vendor.writes) == 1
    assert {payload.outcome for payload in payloads} == {Outcome.APPLIED}
    assert len({payload.operation.id for payload in payloads}) == 1
    assert all(payload == payloads[0] for payload in payloads)


async def test_a_key_asked_at_two_servers_at_once_writes_once(world: World) -> None:
    """Broken, two replicas would each do what one client asked both for."""
    other = await world.open_desk()
    contexts = [world.context(desk=desk) for desk in (world.desks[0], other) for _ in range(MANY // 2)]

    payloads = await asyncio.gather(*(world.write(build_write("k"), ctx) for ctx in contexts))

    assert len(world.vendor.writes) == 1
    assert {(payload.outcome, payload.operation.id, payload.key) for payload in payloads} == {
        (Outcome.APPLIED, payloads[0].operation.id, ("fake", "1"))
    }


async def test_the_answer_is_told_again_word_for_word(world: World) -> None:
    """Broken, a client that lost its answer would get another one."""
    first = await world.write(build_write("k"))
    await world.desks[0].ledger.aclose()
    again = await world.write(build_write("k"), world.context(desk=await world.open_desk()))

    assert again == first
    assert first.warnings == ("All is well.",)


async def test_without_a_key_each_asking_is_a_write_of_its_own(world: World) -> None:
    """Broken, two people with the same input would be one."""
    await asyncio.gather(*(world.write(build_write()) for _ in range(3)))

    assert len(world.vendor.writes) == 3
    assert len({row.key for row in await world.rows()}) == 3


SAME: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"fields": {"memberships": None}}, {"fields": {}}),
    ({"fields": {"custom_fields": [{"key": "a", "typed": None}]}}, {"fields": {"custom_fields": [{"key": "a"}]}}),
    ({"fields": {}, "at": None}, {"fields": {}}),
    ({"content": {"n": 1.0, "b": [2]}}, {"content": {"b": [2.0], "n": 1}}),
]
OTHER: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"fields": {"last_name": None}}, {"fields": {}}),
    ({"content": {"typed": None}}, {"content": {}}),
    ({"content": {"n": 1.5}}, {"content": {"n": 1}}),
    ({"content": {"n": True}}, {"content": {"n": 1}}),
    ({"content": {"n": "1"}}, {"content": {"n": 1}}),
]


@pytest.mark.parametrize(
    ("one", "two", "same"), [*((*each, True) for each in SAME), *((*each, False) for each in OTHER)]
)
def test_what_says_the_same_is_the_same_input(one: dict[str, Any], two: dict[str, Any], same: bool) -> None:
    """Broken, a retry by another client would be refused, or answered with what somebody else asked for."""
    args = [WriteArgs(command=WriteCommand(kind="x", source="fake", values=each)) for each in (one, two)]

    assert (hash_input(args[0]) == hash_input(args[1])) is same


@pytest.mark.parametrize("change", [{"fields": {"email": "bob@shop.example"}}, {"consent": "asked at the till"}])
async def test_a_key_with_another_input_is_refused(world: World, change: dict[str, Any]) -> None:
    """Broken, a write would be answered by another one's answer."""
    await world.write(build_write("k"))

    with pytest.raises(InputError) as refused:
        await world.write(build_write("k", **change))

    assert refused.value.reason == "IDEMPOTENCY_MISMATCH"
    assert len(world.vendor.writes) == 1
    assert len(await world.rows()) == 1


async def test_another_caller_may_use_the_same_key(world: World) -> None:
    """Broken, one caller could learn of another's writes by guessing keys."""
    bob = Principal("bob", LOCAL.scopes)
    first = await world.write(build_write("k"))
    second = await world.write(build_write("k"), world.context(bob))

    assert first.operation.id != second.operation.id
    assert len(world.vendor.writes) == 2


async def test_a_write_in_flight_is_waited_for_and_then_said_to_be_in_progress(world: World) -> None:
    """Broken, a retry would write again, or wait for ever."""
    world.vendor.gate.clear()
    other = await world.open_desk()
    first = asyncio.ensure_future(world.write(build_write("k")))
    await world.vendor.arrived.wait()

    hasty = await world.ask(build_write("k"), world.context(desk=other, deadline_s=0.1))
    patient = asyncio.ensure_future(world.write(build_write("k"), world.context(desk=other)))
    await asyncio.sleep(0.05)
    world.vendor.gate.set()

    assert isinstance(hasty, InProgressError)
    assert (await patient).operation.id == (await first).operation.id
    assert len(world.vendor.writes) == 1


@pytest.mark.parametrize("key", ["", "k" * 201, "a\nb", "a\0b"])
async def test_a_key_that_cannot_be_kept_is_refused(world: World, key: str) -> None:
    """Broken, a key would be cut, and be another's."""
    with pytest.raises(InputError):
        await world.write(build_write(key))

    assert await world.rows() == []


WITHOUT_PII = Principal(LOCAL.name, LOCAL.scopes - {Scope.PII})


def refuse_with_words(_number: int) -> httpx.Response:
    """Refuse as a vendor does that names the person."""
    return httpx.Response(400, json={})


async def test_a_key_stays_the_same_when_its_owners_scopes_and_sources_change(world: World) -> None:
    """Broken, a retry after a change of rights would write again."""
    narrow = Principal(LOCAL.name, LOCAL.scopes - {Scope.EXPLAIN}, frozenset({"fake"}))
    first = await world.write(build_write("k"))
    again = await world.write(build_write("k"), world.context(narrow))

    assert again.operation.id == first.operation.id
    assert len(world.vendor.writes) == 1


async def test_who_has_lost_pii_is_not_told_the_vendors_words_again(world: World) -> None:
    """Broken, a stored answer would go on telling what its owner may not read any more."""
    world.vendor.before = refuse_with_words
    first = await world.write(build_write("k"))
    again = await world.write(build_write("k"), world.context(WITHOUT_PII))
    back = await world.write(build_write("k"))

    assert first.errors[0].vendor_message == "no such thing"
    assert (again.outcome, again.errors[0].vendor_message, again.errors[0].code) == (
        "REJECTED",
        MASK,
        "VENDOR_REJECTED",
    )
    assert back.errors == first.errors


async def test_two_of_one_name_who_see_different_things_at_once_write_once(world: World) -> None:
    """Broken, who may see less would be handed what the other was told, or write again."""
    world.vendor.after = refuse_with_words
    world.vendor.gate.clear()
    seeing = asyncio.ensure_future(world.write(build_write("k")))
    await world.vendor.arrived.wait()
    other = asyncio.ensure_future(world.write(build_write("k"), world.context(WITHOUT_PII)))
    await asyncio.sleep(0.05)
    world.vendor.gate.set()

    assert [(await each).errors[0].vendor_message for each in (seeing, other)] == ["no such thing", MASK]
    assert world.vendor.received == 1


async def test_who_does_not_see_the_source_any_more_is_told_nothing(world: World) -> None:
    """Broken, a key would open a source that was taken away."""
    await world.write(build_write("k"))
    away = Principal(LOCAL.name, LOCAL.scopes, frozenset({"elsewhere"}))

    with pytest.raises(InputError) as refused:
        await world.write(build_write("k"), world.context(away))

    assert refused.value.reason == "SOURCE_UNKNOWN"


async def test_a_key_whose_person_was_erased_is_refused_and_never_written_again(world: World) -> None:
    """Broken, a late retry would bring back who was erased, or be told the answer of another input."""
    first = await world.write(build_write("k"))
    await world.desks[0].ledger.erase_people([digest_person("email", EMAIL)])

    for given in (build_write("k"), build_write("k", fields={"email": "bob@shop.example"})):
        with pytest.raises(InputError) as refused:
            await world.write(given)
        assert (refused.value.reason, refused.value.path) == ("WRITE_ERASED", ("input", "idempotencyKey"))

    (row,) = await world.rows()
    assert (row.id, row.outcome, len(world.vendor.writes)) == (first.operation.id, "APPLIED", 1)
