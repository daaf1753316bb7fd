"""The ledger as callers see it, and how what nobody knew becomes known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from adapters.errors import CursorError, InputError
from adapters.ledger import Entry, EntryFilter, ItemEntry, ItemState, NewEntry, State
from adapters.memory import PLACE_MARK, Memory, Question, Worth
from adapters.records import Entity
from resolvers.context import RequestContext
from resolvers.pages import ConnectionRecord
from resolvers.policy.masking import MASK
from resolvers.principal import LOCAL, Principal, Scope
from resolvers.selection import build_selection
from resolvers.writes.operations import (
    ItemsArgs,
    OperationArgs,
    OperationsArgs,
    operation_items,
    write_operation,
    write_operations,
)
from tests.resolvers.asking import ask
from tests.resolvers.writes import conftest
from tests.resolvers.writes.conftest import World, build_write
from tests.resolvers.writes.fake_writer import CHECK, writer_of

SELECTION = build_selection("writeOperation", "outcome")
ANN = Principal("ann", LOCAL.scopes - {Scope.ADMIN})
BOB = Principal("bob", LOCAL.scopes - {Scope.ADMIN})
AWAY = Principal("ann", LOCAL.scopes, frozenset({"elsewhere"}))


async def find(id_: str, ctx: RequestContext) -> Entry | None:
    found: Entry | None = await ask(write_operation, OperationArgs(id_), ctx, selection=SELECTION)
    return found


async def read(ctx: RequestContext, **given: Any) -> ConnectionRecord[Entry]:
    page: ConnectionRecord[Entry] = await ask(write_operations, OperationsArgs(**given), ctx)
    return page


async def lose_answer(world: World, args: Any = None) -> Entry:
    """Write somebody, and lose the vendor's answer."""
    world.vendor.after = lambda _number: httpx.ReadError("reset")
    payload = await world.write(args or build_write("k"), world.context(ANN))
    assert payload.operation is not None
    return payload.operation


async def test_what_was_read_before_a_write_was_seen_to_be_done_is_forgotten(world: World) -> None:
    """Broken, a write that is done late would be called done, while reads go on to show what was there before."""
    memory, ctx = Memory(), world.context(ANN)
    ctx.scope.memory = memory
    lost = await lose_answer(world)
    question = Question(f"fake{PLACE_MARK}1", "reader", Entity.SUBSCRIBER.value, "who")

    async def recall(value: str) -> str:
        async def read_now() -> str:
            return value

        told = await memory.recall(question, read_now, judge=lambda _value: Worth.KEEP, weigh=len)
        return told.value

    assert [await recall("before"), await recall("since")] == ["before", "before"]
    assert (await find(lost.id, ctx)).outcome == "APPLIED"

    assert await recall("since") == "since"


async def test_an_unknown_write_becomes_known_when_it_is_asked_for(world: World) -> None:
    """Broken, a caller would have to find out at the vendor, though we can."""
    lost = await lose_answer(world)

    found = await find(lost.id, world.context(ANN))
    again = await world.write(build_write("k"), world.context(ANN))

    assert (lost.outcome, found.outcome, again.outcome) == ("UNKNOWN", "APPLIED", "APPLIED")
    assert (found.result["id"], found.result["errors"], found.check) == ("found", [], None)
    assert len(world.vendor.writes) == 1


async def test_what_no_read_can_tell_stays_unknown_with_what_to_check(world: World) -> None:
    """Broken, a write that was perhaps done would be told as not done."""
    lost = await lose_answer(world)
    world.vendor.people.clear()

    found = await find(lost.id, world.context(ANN))

    assert (found.outcome, found.check) == ("UNKNOWN", CHECK)
    assert found.result == lost.result


@pytest.mark.parametrize(("age_s", "expected"), [(1, "UNKNOWN"), (60, "REJECTED")])
async def test_who_is_not_there_at_once_may_still_come(world: World, age_s: int, expected: str) -> None:
    """Broken, a slow vendor's write would be told as not done, and then be done."""
    at = datetime.now(UTC) - timedelta(seconds=age_s)
    desk = await world.open_desk(clock=lambda: at)
    world.vendor.after = lambda _number: httpx.ReadError("reset")
    lost = (await world.write(build_write("k"), world.context(ANN, desk=desk))).operation
    world.vendor.people.clear()
    writer_of(world.source).judges = True

    found = await find(lost.id, world.context(ANN))

    assert found.outcome == expected
    assert bool(found.check) is (expected == "UNKNOWN")


async def test_a_source_is_asked_once_in_a_while_whoever_asks_us(world: World) -> None:
    """Broken, a page that polls would spend the source's calls."""
    lost = await lose_answer(world)
    world.vendor.people.clear()
    other = await world.open_desk()

    for desk in (*world.desks, other, other):
        await find(lost.id, world.context(ANN, desk=desk))

    assert writer_of(world.source).looked == 1


@pytest.mark.parametrize("kind", ["createSubscriber"])
async def test_without_a_read_no_source_is_asked(world: World, kind: str) -> None:
    """Broken, a source would be asked what it cannot tell."""
    lost = await lose_answer(world, build_write("k", kind=kind))

    found = await find(lost.id, world.context(ANN))

    assert found.outcome == "UNKNOWN"
    assert writer_of(world.source).looked == 0


async def test_what_is_known_is_not_asked_again(world: World) -> None:
    """Broken, every look at the ledger would cost a call."""
    payload = await world.write(build_write("k"), world.context(ANN))

    assert (await find(payload.operation.id, world.context(ANN))).outcome == "APPLIED"
    assert writer_of(world.source).looked == 0


async def test_a_source_that_cannot_be_asked_is_told_beside_the_write(world: World) -> None:
    """Broken, a source that is down would hide what the ledger knows."""
    lost = await lose_answer(world)
    ctx = world.context(ANN, deadline_s=0.0)

    found = await find(lost.id, ctx)

    assert found == lost
    assert [notice.path for notice in ctx.notices] == [("writeOperation",)]


async def test_writes_are_seen_by_whom_they_belong_to(world: World) -> None:
    """Broken, one caller would read what another writes of people."""
    anns = (await world.write(build_write("1"), world.context(ANN))).operation
    bobs = (await world.write(build_write("2"), world.context(BOB))).operation

    assert [each.id for each in (await read(world.context(ANN))).nodes] == [anns.id]
    assert [each.id for each in (await read(world.context(LOCAL))).nodes] == [bobs.id, anns.id]
    assert (await read(world.context(AWAY))).nodes == ()
    assert await find(anns.id, world.context(BOB)) is None
    assert await find(anns.id, world.context(LOCAL)) == anns
    assert await find(anns.id, world.context(AWAY)) is None
    assert await find("no such id", world.context(ANN)) is None


async def test_the_vendors_words_and_facts_are_masked_for_who_reads_anothers_writes_without_pii(world: World) -> None:
    """Broken, the ledger would tell an operator of people whom no other field tells of."""
    world.vendor.before = lambda _number: httpx.Response(400, json={})
    anns = (await world.write(build_write("1"), world.context(ANN))).operation
    ledger = world.desks[0].ledger
    bulk_ = await enter_bulk(world, 2)
    error = {"code": "VENDOR_REJECTED", "message": "It was refused.", "vendor_message": "kim@shop.example is wrong"}
    refused = ItemEntry(place=1, state=ItemState.DONE, outcome="REJECTED", input={}, error=error)
    await ledger.note_done(bulk_.id, "x", {}, [refused])
    done = await ledger.finish(bulk_.id, "ACCEPTED", {"errors": [], "facts": {"sent": 2, "to": "kim@shop.example"}})
    operator = world.context(Principal("operator", LOCAL.scopes - {Scope.PII}))

    found = await find(anns.id, operator)
    page = await read(operator, first=1)
    items = await ask(operation_items, ItemsArgs(first=5), operator, page.nodes[0])
    own = await ask(operation_items, ItemsArgs(first=5), world.context(), done)

    assert (found.result["errors"][0]["vendor_message"], found.command) == (MASK, anns.command)
    assert (found.key, anns.key) == (MASK, "1")
    assert page.nodes[0].result["facts"] == {"sent": 2, "to": MASK}
    assert [item.error and item.error["vendor_message"] for item in items.nodes] == [None, MASK]
    assert own.nodes[1].error == error


async def test_a_basis_is_told_to_who_may_read_of_people(world: World) -> None:
    """Broken, nobody could look up why an opt-out was undone, or everybody what a person had said."""
    args = build_write("1")
    args = replace(args, command=replace(args.command, consent="Kim said so in the shop."))
    anns = (await world.write(args, world.context(ANN))).operation

    shown = [
        await find(anns.id, world.context(Principal("operator", scopes)))
        for scopes in (LOCAL.scopes, LOCAL.scopes - {Scope.PII})
    ]

    assert [each and each.command["consent"] for each in (anns, *shown)] == [*["Kim said so in the shop."] * 2, MASK]


async def test_pages_lead_from_the_newest_to_the_oldest(world: World) -> None:
    """Broken, paging would repeat or hide writes."""
    ids = [(await world.write(build_write(str(number)))).operation.id for number in range(5)]
    ctx = world.context()
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await read(ctx, first=2, after=cursor)
        seen += [node.id for node in page.nodes]
        cursor = page.end_cursor
        if not page.has_next_page:
            break

    assert seen == ids[::-1]
    assert page.has_previous_page
    assert cursor == page.edges[-1].cursor


async def test_a_filter_and_wrong_arguments_are_heeded(world: World) -> None:
    """Broken, a caller would take all writes for those that are unknown."""
    await world.write(build_write("1"))
    lost = await lose_answer(world, build_write("2"))
    unknown = await read(world.context(), filter=EntryFilter(outcomes=("UNKNOWN",), states=(State.DONE,)))
    elsewhere = await read(world.context(), filter=EntryFilter(sources=("elsewhere",)))

    assert [each.id for each in unknown.nodes] == [lost.id]
    assert elsewhere.nodes == ()
    for given, error in (({"first": 0}, InputError), ({"first": 101}, InputError), ({"after": "x"}, CursorError)):
        with pytest.raises(error):
            await read(world.context(), **given)


async def test_items_are_paged_in_their_order(world: World) -> None:
    """Broken, a bulk write's items could not be told."""
    entry = await enter_bulk(world, 5)
    ctx = world.context()

    first = await ask(operation_items, ItemsArgs(first=3), ctx, entry)
    second = await ask(operation_items, ItemsArgs(first=3, after=first.end_cursor), ctx, entry)

    assert [item.place for page in (first, second) for item in page.nodes] == [0, 1, 2, 3, 4]
    assert (first.has_next_page, second.has_next_page) == (True, False)
    assert (first.total_count, second.total_count) == (5, 5)
    with pytest.raises(CursorError):
        await ask(operation_items, ItemsArgs(after=first.end_cursor), ctx, await enter_bulk(world, 2))


async def enter_bulk(world: World, count: int) -> Entry:
    ledger = world.desks[0].ledger
    new = NewEntry(
        tenant=LOCAL.tenant,
        principal=LOCAL.name,
        mutation="upsertSubscribers",
        source="fake",
        key=f"bulk of {count}",
        input_hash="digest",
        command={},
        items=[{"email": f"{place}@{conftest.EMAIL}"} for place in range(count)],
    )
    entry = (await ledger.begin(new)).entry
    done = ItemEntry(place=0, state=ItemState.DONE, outcome="APPLIED", input={}, vendor_id="7")
    await ledger.note_done(entry.id, "x", {}, [done])
    return entry
