"""
Root connections: calls spent, pages cut by the scan budget, totals and plans.
"""

from dataclasses import replace
from typing import Any

import pytest

from adapters.errors import (
    CapabilityError,
    VendorContractError,
)
from adapters.filters.order import Order
from adapters.filters.tree import NOTHING, And, Comparison, Op, Or
from adapters.records import Entity
from adapters.records.tables import Table
from resolvers.connections import ConnectionSpec, plan_connection
from resolvers.context import ReadLimits
from resolvers.loaders.keys import RecordsKey
from resolvers.pages import CompletenessState, ConnectionArgs
from resolvers.selection import build_selection
from resolvers.subscriber import subscribers
from tests.resolvers.asking import ask, build_context, states_of
from tests.resolvers.fake_source import EXACT, FakeSubscriber, adapter_of, build_source, build_table
from tests.resolvers.people import build_people

PLAIN = build_selection("subscribers", "nodes.id")


def without_pushing(**changes):
    """Build a table of a vendor that can narrow by nothing."""
    return {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, lambda _name, _op: None, **changes)}


async def test_one_exact_page_is_one_call_of_one_row_more():
    """More calls, or more rows than needed, would be spent on the commonest question of all."""
    source = build_source("one", None, *build_people("one", *range(1, 60), ref="a"))
    args = ConnectionArgs(filter=Comparison("ref", Op.EQ, "a"), first=25)

    page = await ask(subscribers, args, build_context(source))

    assert [str(id_) for id_ in range(1, 26)] == [node.id for node in page.nodes]
    assert page.has_next_page
    assert page.end_cursor == page.edges[-1].cursor
    assert [query.limit for query in adapter_of(source).slices] == [26]


@pytest.mark.parametrize(("rows", "follows"), [(9, True), (5, False)])
async def test_no_call_is_made_only_to_see_whether_a_page_follows(rows, follows):
    """A page as large as the vendor's own would always cost two calls."""
    table = {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, max_page=5)}
    source = build_source("one", table, *build_people("one", *range(1, rows + 1)))

    page = await ask(subscribers, ConnectionArgs(first=5), build_context(source))

    assert (5, follows, [("one", "OK")]) == (len(page.edges), page.has_next_page, states_of(page))
    assert adapter_of(source).calls == ["slice"]


@pytest.mark.parametrize("rows", [3, 5, 9])
async def test_no_record_is_made_of_a_page_that_is_held_by_columns(rows):
    """Whether rows follow would decide what a page costs."""
    table = {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, max_page=5)}
    source = build_source("one", table, *build_people("one", *range(1, rows + 1)))
    made: list[Any] = []
    adapter_of(source).hold = lambda records: Table[Any](object, made.append, {"row": records}, {}, len(records))

    page = await ask(subscribers, ConnectionArgs(first=5), build_context(source), selection=PLAIN)

    assert (len(page.nodes), made) == (min(rows, 5), [])


@pytest.mark.parametrize("tree", [NOTHING, Comparison("ref", Op.IN, ()), And((NOTHING, Comparison("id", Op.EQ, "1")))])
async def test_a_filter_that_matches_nothing_makes_no_call(tree):
    """A vendor would be asked for rows that cannot be."""
    source = build_source("one", None, *build_people("one", 1))

    page = await ask(subscribers, ConnectionArgs(filter=tree), build_context(source))

    assert (page.edges, states_of(page), adapter_of(source).calls) == ((), [("one", "OK")], [])


async def test_branches_are_read_side_by_side_and_merged_without_duplicates():
    """Rows that match both sides of an OR would show twice, or out of order."""
    source = build_source(
        "one", None, *build_people("one", 1, 3, 5, ref="a"), *build_people("one", 2, 4, ref="a", email="b")
    )
    tree = Or((Comparison("ref", Op.EQ, "a"), Comparison("email", Op.EQ, "b")))

    page = await ask(
        subscribers, ConnectionArgs(filter=tree, order=Order("id", descending=True)), build_context(source)
    )

    assert [node.id for node in page.nodes] == ["5", "4", "3", "2", "1"]
    assert adapter_of(source).calls == ["slice", "slice"]


async def test_branches_are_merged_by_the_number_of_an_id():
    """Ids would be merged as texts: 10 before 2."""
    people = [*build_people("one", 1, campaign_id="10", ref="a"), *build_people("one", 2, campaign_id="2", email="b")]
    source = build_source("one", None, *people, *build_people("one", 3, ref="a"))
    tree = Or((Comparison("ref", Op.EQ, "a"), Comparison("email", Op.EQ, "b")))

    page = await ask(subscribers, ConnectionArgs(filter=tree, order=Order("campaign_id")), build_context(source))

    assert [node.id for node in page.nodes] == ["2", "1", "3"]


async def test_slices_of_a_sparse_filter_double():
    """A sparse filter would cost a call for every few rows."""
    rows = [*build_people("one", *range(1, 200)), *build_people("one", 200, ref="a")]
    source = build_source("one", without_pushing(max_page=1000), *rows)
    args = ConnectionArgs(filter=Comparison("ref", Op.EQ, "a"), first=5)

    page = await ask(subscribers, args, build_context(source))

    assert [node.id for node in page.nodes] == ["200"]
    assert [query.limit for query in adapter_of(source).slices] == [6, 50, 100, 200]


@pytest.mark.parametrize("backward", [False, True])
async def test_a_page_cut_by_the_budget_goes_on_where_it_stopped(backward):
    """A filter that finds nothing within the budget would end the walk, or start it again."""
    wanted = 1 if backward else 100
    rows = [*build_people("one", *range(2, 100)), *build_people("one", wanted, ref="a")]
    source = build_source("one", without_pushing(max_page=20), *rows)
    limits, tree = ReadLimits(scan_calls=2, scan_rows=2000), Comparison("ref", Op.EQ, "a")
    size: dict[str, Any] = {"last": 5} if backward else {"first": 5}

    page = await ask(subscribers, ConnectionArgs(filter=tree, **size), build_context(source, limits=limits))

    (report,) = page.completeness
    assert (report.state, report.rows, report.scanned_rows) == (CompletenessState.TRUNCATED, 0, 26)
    assert "26 rows" in report.reason
    assert page.edges == ()
    assert page.has_previous_page if backward else page.has_next_page
    seen, cursor = 26, page.start_cursor if backward else page.end_cursor
    while cursor and not page.edges:
        turn = {"last": 5, "before": cursor} if backward else {"first": 5, "after": cursor}
        page = await ask(subscribers, ConnectionArgs(filter=tree, **turn), build_context(source, limits=limits))
        seen += page.completeness[0].scanned_rows
        cursor = page.start_cursor if backward else page.end_cursor
    assert ([str(wanted)], 99) == ([node.id for node in page.nodes], seen)


async def test_the_row_budget_holds():
    """One page would read a vendor's whole account."""
    source = build_source("one", without_pushing(max_page=1000), *build_people("one", *range(1, 5000)))
    args = ConnectionArgs(filter=Comparison("ref", Op.EQ, "a"), first=100)

    page = await ask(subscribers, args, build_context(source))

    assert page.completeness[0].scanned_rows == 2000
    assert len(adapter_of(source).calls) <= 10


async def test_a_full_page_is_whole_even_if_nothing_could_be_looked_up_after_it():
    """A page with all its rows would be called truncated, or be lost to a failure that costs it no row."""
    rows = [*build_people("one", *range(1, 6), ref="a"), *build_people("one", *range(6, 60))]
    source = build_source("one", without_pushing(max_page=10), *rows)
    adapter_of(source).fail = lambda _operation, number: number > 1
    args = ConnectionArgs(filter=Comparison("ref", Op.EQ, "a"), first=5)

    page = await ask(subscribers, args, build_context(source))

    assert (len(page.edges), page.has_next_page, states_of(page)) == (5, True, [("one", "OK")])


async def test_previous_page_is_told_by_relays_rule():
    """A client would offer to go back from the first page, or not from the second."""
    source = build_source("one", None, *build_people("one", 1, 2, 3))

    first = await ask(subscribers, ConnectionArgs(first=2), build_context(source))
    second = await ask(subscribers, ConnectionArgs(first=2, after=first.end_cursor), build_context(source))

    assert [(page.has_previous_page, page.has_next_page) for page in (first, second)] == [(False, True), (True, False)]


async def test_a_cursor_survives_another_filter():
    """Cursors say a place, not a question."""
    source = build_source("one", None, *build_people("one", 1, 2), *build_people("one", 3, ref="a"))
    page = await ask(subscribers, ConnectionArgs(first=1), build_context(source))

    args = ConnectionArgs(filter=Comparison("ref", Op.EQ, "a"), after=page.end_cursor)

    assert [node.id for node in (await ask(subscribers, args, build_context(source))).nodes] == ["3"]


async def test_total_is_asked_only_when_it_is_selected_and_the_vendor_counts():
    """A count would cost a vendor call nobody asked for, or be made up."""
    counting = {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, counts=True)}
    able, unable = (
        build_source("one", counting, *build_people("one", 1, 2, 3)),
        build_source("one", None, *build_people("one", 1)),
    )
    inexact = ConnectionArgs(first=2, filter=Comparison("custom_fields", Op.EQ, "L", "size"))

    told = await ask(subscribers, ConnectionArgs(first=2), build_context(able))
    unasked = await ask(subscribers, ConnectionArgs(first=2), build_context(able), selection=PLAIN)
    unknown = await ask(subscribers, ConnectionArgs(first=2), build_context(unable))
    residual = await ask(subscribers, inexact, build_context(able))

    assert [page.total_count for page in (told, unasked, unknown, residual)] == [3, None, None, None]
    assert [query.count for query in adapter_of(able).slices] == [True, False, False]


async def test_a_source_that_cannot_go_backwards_says_so():
    """A vendor that cannot be read backwards would be read forwards."""
    table = {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, backwards=False)}

    with pytest.raises(CapabilityError, match="backwards"):
        await ask(subscribers, ConnectionArgs(last=1), build_context(build_source("one", table)))


async def test_a_vendors_own_field_filters_its_own_source():
    """A field of one vendor would be an error for all, or be ignored by the others."""
    one = build_source("a", None, *build_people("a", 1, extension=FakeSubscriber(rank=7)), *build_people("a", 2))
    args = ConnectionArgs(filter=Comparison("fake.rank", Op.EQ, 7), order=Order("fake.rank"))

    assert [node.id for node in (await ask(subscribers, args, build_context(one))).nodes] == ["1"]


async def test_pages_that_do_not_advance_are_an_error():
    """A vendor that repeats itself would be read forever."""
    source = build_source("one", without_pushing(), *build_people("one", *range(1, 9)))
    adapter_of(source).clamp = 0

    with pytest.raises(VendorContractError):
        await ask(subscribers, ConnectionArgs(), build_context(source))


async def test_one_page_serves_all_parents_and_later_look_ups():
    """A row that was just read would be read again by its id."""
    source = build_source("one", None, *build_people("one", 1, 2))
    ctx = build_context(source)

    pages = await subscribers([None, None], ConnectionArgs(), ctx, PLAIN)

    assert pages[0] is pages[1]
    assert [node for node in pages[0].nodes if node != await _load(ctx, node)] == []
    assert adapter_of(source).calls == ["slice"]


async def _load(ctx, node, *fields: str):
    """Look a record up by its id, of which some fields are selected."""
    key = RecordsKey(node.source, [node.id], fields=frozenset(fields) or None)
    return (await ctx.by_id(Entity.SUBSCRIBER).load(key))[node.id]


@pytest.mark.parametrize(
    ("missing", "fields", "calls"),
    [
        ("gender", (), ["slice", "ids"]),
        ("gender", ("email", "gender"), ["slice", "ids"]),
        ("gender", ("email", "country"), ["slice"]),
        ("custom_fields", ("customFields",), ["slice", "ids"]),
        ("campaign_id", ("campaign",), ["slice", "ids"]),
        ("unsubscribed_at", ("subscription",), ["slice", "ids"]),
        ("memberships.option", ("memberships",), ["slice", "ids"]),
        ("fake.rank", ("fake",), ["slice", "ids"]),
        ("fake.rank", ("memberships",), ["slice"]),
    ],
)
async def test_rows_serve_look_ups_of_what_they_hold(missing: str, fields: tuple[str, ...], calls: list[str]):
    """A look-up would answer with less than the vendor tells about one record, or ask for what is there."""
    table = {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, missing_in_rows=frozenset({missing}))}
    source = build_source("one", table, *build_people("one", 1))
    ctx = build_context(source)
    page = await ask(subscribers, ConnectionArgs(), ctx)

    assert await _load(ctx, page.nodes[0], *fields) == page.nodes[0]

    assert adapter_of(source).calls == calls


async def test_a_record_that_was_read_by_itself_is_kept():
    """A row that lacks a field would take the place of the whole record."""
    table = {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, missing_in_rows=frozenset({"gender"}))}
    source = build_source("one", table, *build_people("one", 1))
    ctx = build_context(source)
    (row,) = (await ask(subscribers, ConnectionArgs(), ctx)).nodes
    adapter_of(source).put(replace(row, gender="f"))

    first = await _load(ctx, row, "gender")
    second = await _load(ctx, row, "email")

    assert [first.gender, second.gender] == ["f", "f"]
    assert adapter_of(source).calls == ["slice", "ids"]


async def test_a_plan_names_the_first_calls_and_makes_none():
    """Explaining an operation would cost what running it costs."""
    source = build_source("one", None, *build_people("one", 1))
    tree = Or((Comparison("ref", Op.EQ, "a"), Comparison("email", Op.EQ, "b")))
    spec = ConnectionSpec("subscribers", Entity.SUBSCRIBER)

    calls = plan_connection(spec, ConnectionArgs(filter=tree, first=3), build_context(source), PLAIN)

    assert [call.url for call in calls] == ["/subscriber?limit=4"] * 2
    assert adapter_of(source).calls == []


async def test_words_of_a_residual_reach_the_plan():
    """A plan would not say what is checked on the rows, or why."""
    source = build_source("one", without_pushing(conjunction=EXACT), *build_people("one", 1))

    await ask(subscribers, ConnectionArgs(filter=Comparison("ref", Op.EQ, "a")), build_context(source))

    (query,) = adapter_of(source).slices
    assert (query.residual, query.purpose) == ('ref = "a"', "subscribers")
    assert query.reasons
