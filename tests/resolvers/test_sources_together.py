"""
Connections along several sources: their order, failures of some, sources that cannot.
"""

import asyncio
from dataclasses import replace

import pytest

from adapters.errors import (
    BudgetExceededError,
    CapabilityError,
    VendorUnavailableError,
)
from adapters.filters.order import BY_ID
from adapters.records import Entity, SubscriberRecord
from resolvers.campaign import campaigns
from resolvers.pages import ConnectionArgs
from resolvers.subscriber import subscribers
from tests.resolvers.asking import ask, build_context, states_of
from tests.resolvers.fake_source import adapter_of, build_source, build_table
from tests.resolvers.people import build_people


async def test_sources_stand_one_after_the_other_and_cost_only_what_the_page_needs():
    """All sources would be called for a page the first one fills."""
    one, two = (build_source(name, None, *build_people(name, 1, 2, 3)) for name in ("one", "two"))

    first = await ask(subscribers, ConnectionArgs(first=2), build_context(two, one))
    second = await ask(subscribers, ConnectionArgs(first=2, after=first.end_cursor), build_context(two, one))

    assert [(node.source, node.id) for node in first.nodes] == [("one", "1"), ("one", "2")]
    assert [(node.source, node.id) for node in second.nodes] == [("one", "3"), ("two", "1")]
    assert (states_of(first), states_of(second)) == ([("one", "OK")], [("one", "OK"), ("two", "OK")])
    assert (len(adapter_of(one).calls), len(adapter_of(two).calls)) == (2, 1)


async def test_a_failed_source_is_told_and_read_later():
    """One vendor's failure would hide the others' rows, or its own rows for good."""
    one, two, three = (build_source(name, None, *build_people(name, 1, 2)) for name in ("a", "b", "c"))
    adapter_of(two).fail = lambda _operation, number: number == 1
    ctx = build_context(one, two, three)

    page = await ask(subscribers, ConnectionArgs(first=10), ctx)

    assert [node.source for node in page.nodes] == ["a", "a", "c", "c"]
    assert states_of(page) == [("a", "OK"), ("b", "FAILED"), ("c", "OK")]
    assert [notice.path for notice in ctx.notices] == [("subscribers",)]
    assert isinstance(ctx.notices[0].error, VendorUnavailableError)
    assert page.has_next_page
    rest = await ask(subscribers, ConnectionArgs(first=10, after=page.end_cursor), build_context(one, two, three))
    assert ([node.source for node in rest.nodes], rest.has_next_page) == (["b", "b"], False)


async def test_a_source_that_fails_in_the_middle_is_partial():
    """Rows that were read before a failure would be lost, or the failure."""
    table = {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, max_page=2)}
    one, two = (build_source(name, table, *build_people(name, 1, 2, 3)) for name in ("a", "b"))
    adapter_of(one).fail = lambda _operation, number: number == 2

    page = await ask(subscribers, ConnectionArgs(first=10), build_context(one, two))
    rest = await ask(subscribers, ConnectionArgs(first=10, after=page.end_cursor), build_context(one, two))

    assert states_of(page) == [("a", "PARTIAL"), ("b", "OK")]
    assert [node.source + node.id for node in page.nodes] == ["a1", "a2", "b1", "b2", "b3"]
    assert [node.source + node.id for node in rest.nodes] == ["a3"]


async def test_several_failed_sources_are_all_owed():
    """With two sources down, the second one's rows would never be read."""
    every = [build_source(name, None, *build_people(name, 1)) for name in ("a", "b", "c")]
    for source in every[:2]:
        adapter_of(source).fail = lambda _operation, number: number == 1

    page = await ask(subscribers, ConnectionArgs(first=10), build_context(*every))
    rest = await ask(subscribers, ConnectionArgs(first=10, after=page.end_cursor), build_context(*every))

    assert ([node.source for node in page.nodes], [node.source for node in rest.nodes]) == (["c"], ["a", "b"])
    assert not rest.has_next_page


async def test_a_row_after_a_failed_source_owes_it_too():
    """A page that fills up after a failure would forget the failed source's rows."""
    every = [build_source(name, None, *build_people(name, 1, 2)) for name in ("a", "b", "c")]
    adapter_of(every[0]).fail = lambda _operation, number: number == 1
    seen, cursor = [], None

    for _ in range(4):
        page = await ask(subscribers, ConnectionArgs(first=2, after=cursor), build_context(*every))
        seen.append([node.source + node.id for node in page.nodes])
        cursor = page.end_cursor

    assert seen == [["b1", "b2"], ["c1", "c2"], ["a1", "a2"], []]


async def test_turning_round_ignores_what_is_owed():
    """Going back from a page would lead to a source that stands ahead of it, or past rows that were never shown."""
    every = [build_source(name, None, *build_people(name, 1)) for name in ("a", "b", "c")]
    adapter_of(every[1]).fail = lambda _operation, number: number == 1
    page = await ask(subscribers, ConnectionArgs(first=5), build_context(*every))

    from_row = ConnectionArgs(last=5, before=page.edges[-1].cursor)
    from_debt = ConnectionArgs(last=5, before=page.end_cursor)

    assert [_name(node) for node in (await ask(subscribers, from_row, build_context(*every))).nodes] == ["a1", "b1"]
    assert [_name(node) for node in (await ask(subscribers, from_debt, build_context(*every))).nodes] == ["a1"]


def _name(node) -> str:
    return f"{node.source}{node.id}"


async def test_a_total_of_several_sources_is_not_made_up():
    """The first source's count would be taken for all."""
    table = {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, counts=True)}
    every = [build_source(name, table, *build_people(name, 1)) for name in ("a", "b")]

    page = await ask(subscribers, ConnectionArgs(), build_context(*every))

    assert page.total_count is None
    assert [query.count for source in every for query in adapter_of(source).slices] == [False, False]


@pytest.mark.parametrize("named", [None, "one"])
async def test_the_only_source_that_fails_fails_the_field(named):
    """A failed vendor would look like an account without people."""
    source = build_source("one", None, *build_people("one", 1))
    adapter_of(source).fail = lambda *_: True
    ctx = build_context(source)

    with pytest.raises(VendorUnavailableError):
        await ask(subscribers, ConnectionArgs(source=named), ctx)

    assert ctx.notices == []


async def test_all_sources_failing_fails_the_field():
    """Nothing but failures would look like nothing there."""
    every = [build_source(name, None, *build_people(name, 1)) for name in ("a", "b")]
    for source in every:
        adapter_of(source).fail = lambda *_: True

    with pytest.raises(VendorUnavailableError):
        await ask(subscribers, ConnectionArgs(), build_context(*every))


async def test_the_request_budget_fails_the_field():
    """A spent budget would look like a vendor's failure."""
    one, two = (build_source(name, None, *build_people(name, 1)) for name in ("a", "b"))

    with pytest.raises(BudgetExceededError):
        await ask(subscribers, ConnectionArgs(), build_context(one, two, max_calls=1))


async def test_a_source_that_cannot_list_is_told_when_all_are_asked_and_refused_when_named():
    """A source without such records would look empty, or break the others."""
    mute = {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, listable=False, reason="It has no such call.")}
    one, two = build_source("a", mute), build_source("b", None, *build_people("b", 1))

    page = await ask(subscribers, ConnectionArgs(), build_context(one, two))

    assert states_of(page) == [("b", "OK"), ("a", "UNSUPPORTED")]
    assert "no such call" in page.completeness[1].reason
    with pytest.raises(CapabilityError, match="no such call"):
        await ask(subscribers, ConnectionArgs(source="a"), build_context(one, two))
    with pytest.raises(CapabilityError):
        await ask(campaigns, ConnectionArgs(), build_context(one))


async def test_a_source_without_an_order_by_id_is_read_in_its_own():
    """A vendor that sorts by nothing we know could not be listed at all, or would be said to stand by id."""
    table = build_table(Entity.SUBSCRIBER, max_branches=1)
    ids = replace(table.fields["id"], sortable=False)
    source = build_source("a", {Entity.SUBSCRIBER: replace(table, fields={**table.fields, "id": ids})}, *_people("a"))
    one = build_source("b", None, *_people("b"))

    page = await ask(subscribers, ConnectionArgs(), build_context(source, one))

    assert states_of(page) == [("a", "OK"), ("b", "OK")]
    with pytest.raises(CapabilityError) as refused:
        await ask(subscribers, ConnectionArgs(source="a", order=BY_ID), build_context(source))
    assert refused.value.reason == "ORDER_UNSUPPORTED"


def _people(source: str) -> list[SubscriberRecord]:
    return build_people(source, 1, 2)


async def test_a_source_that_hangs_leaves_time_for_those_after_it():
    """The first source would take all the time there is, and the others' rows would be lost with it."""
    one, two = (build_source(name, None, *_people(name)) for name in ("a", "b"))
    adapter_of(one).hang = True
    ctx = build_context(one, two)
    ctx.scope.deadline_at = asyncio.get_running_loop().time() + 0.2

    page = await ask(subscribers, ConnectionArgs(first=10), ctx)

    assert states_of(page) == [("a", "FAILED"), ("b", "OK")]
    assert [notice.error.reason for notice in ctx.notices] == ["TIME_SHARE"]
    assert page.has_next_page
