"""
Connections below many parents: calls, states of membership, pages of each, failures of one.
"""

from dataclasses import replace

import pytest

from adapters.errors import CursorError, InputError, VendorUnavailableError
from adapters.filters.order import Order
from adapters.filters.tree import NOTHING, Comparison, Op, Or
from adapters.records import CampaignRecord, Entity, ListRecord
from resolvers.campaign import campaign_subscribers
from resolvers.list import MembersArgs, MemberState, members
from resolvers.pages import ConnectionArgs
from resolvers.selection import build_selection
from tests.resolvers.asking import build_context
from tests.resolvers.fake_source import adapter_of, build_source, build_table
from tests.resolvers.people import build_account, build_person

SELECTION = build_selection("campaigns.nodes.subscribers", "nodes.id")
CAMPAIGNS = [CampaignRecord(source="one", id=id_) for id_ in ("2", "1", "3")]
LISTS = [ListRecord(source="one", id=id_) for id_ in ("1", "2", "3")]
ODD, EVEN = ["1", "3", "5", "7", "9", "11"], ["2", "4", "6", "8", "10"]


def ids(pages) -> list[list[str]]:
    """Return the ids on each parent's page."""
    return [[node.id for node in page.nodes] for page in pages]


async def test_first_pages_of_all_parents_are_one_call():
    """Ten campaigns would cost ten calls, or show each other's people."""
    source = build_account()

    pages = await campaign_subscribers(CAMPAIGNS, ConnectionArgs(), build_context(source), SELECTION)

    assert ids(pages) == [ODD, EVEN, []]
    assert adapter_of(source).calls == ["children"]


async def test_a_parent_that_was_cut_goes_on_alone():
    """A parent whose first rows fail the filter would have an empty page; the others would pay for it."""
    source = build_account()
    adapter_of(source).clamp = 2
    tree = Comparison("custom_fields", Op.IS_NULL, key="none")

    pages = await campaign_subscribers(
        CAMPAIGNS[:2], ConnectionArgs(first=3, filter=tree), build_context(source), SELECTION
    )

    assert ids(pages) == [["1", "3", "5"], ["2", "4", "6"]]
    assert [page.has_next_page for page in pages] == [True, True]
    assert adapter_of(source).calls == ["children", "slice", "slice"]


async def test_a_filter_is_checked_on_rows_that_came_together():
    """Rows of a shared call would skip the part of the filter that each parent's own call pushes."""
    source = build_account()
    tree = Or((Comparison("ref", Op.EQ, "person-3"), Comparison("custom_fields", Op.EQ, "XL", "size")))

    pages = await campaign_subscribers(CAMPAIGNS, ConnectionArgs(filter=tree), build_context(source), SELECTION)

    assert ids(pages) == [["3"], [], []]


async def test_rows_that_came_together_are_checked_by_the_whole_filter():
    """Rows of a shared call would be trusted with what only a parent's own call would have narrowed."""
    source = build_account()
    adapter_of(source).lax = True
    args = ConnectionArgs(filter=Comparison("ref", Op.EQ, "person-3"))

    pages = await campaign_subscribers(CAMPAIGNS, args, build_context(source), SELECTION)

    assert ids(pages) == [["3"], [], []]


async def test_pages_of_one_parent_continue():
    """A cursor below one campaign would lose its place."""
    source = build_account()
    (first,) = await campaign_subscribers(CAMPAIGNS[:1], ConnectionArgs(first=4), build_context(source), SELECTION)
    args = ConnectionArgs(first=4, after=first.end_cursor)

    (second,) = await campaign_subscribers(CAMPAIGNS[:1], args, build_context(source), SELECTION)

    assert [ODD[:4], ODD[4:]] == ids([first, second])
    assert (first.has_next_page, second.has_next_page) == (True, False)


async def test_a_cursor_of_another_parent_is_refused():
    """A page below one campaign would go on below another."""
    source = build_account()
    (first,) = await campaign_subscribers(CAMPAIGNS[:1], ConnectionArgs(first=4), build_context(source), SELECTION)

    same, other = await campaign_subscribers(
        CAMPAIGNS[:2], ConnectionArgs(after=first.end_cursor), build_context(source), SELECTION
    )

    assert ODD[4:] == [node.id for node in same.nodes]
    assert isinstance(other, CursorError)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (ConnectionArgs(last=2), [["9", "11"], ["8", "10"], []]),
        (ConnectionArgs(first=2, order=Order("id", descending=True)), [["11", "9"], ["10", "8"], []]),
        (ConnectionArgs(first=2, order=Order("fake.rank", descending=True)), [["11", "9"], ["10", "8"], []]),
        (ConnectionArgs(last=2, order=Order("fake.rank", descending=True)), [["3", "1"], ["4", "2"], []]),
    ],
    ids=["last", "descending", "another order", "last of another order"],
)
async def test_other_ends_and_orders(args, expected):
    """A child connection would ignore its order or its direction."""
    pages = await campaign_subscribers(CAMPAIGNS, args, build_context(build_account()), SELECTION)

    assert expected == ids(pages)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (MemberState.ANY, [ODD, [str(id_) for id_ in range(1, 13)], []]),
        (MemberState.ACTIVE, [ODD, ["1", "2", "4", "5", "7", "8", "10", "11"], []]),
        (MemberState.LEFT, [[], ["3", "6", "9", "12"], []]),
    ],
)
async def test_members_by_state(state, expected):
    """People who left a list would be mailed as its members; a state on one list would count for another."""
    pages = await members(LISTS, MembersArgs(state=state), build_context(build_account()), SELECTION)

    assert expected == ids(pages)


async def test_a_filter_that_matches_nothing_makes_no_call():
    """A vendor would be asked for rows that cannot be."""
    source = build_account()

    pages = await members(LISTS, MembersArgs(filter=NOTHING), build_context(source), SELECTION)

    assert (ids(pages), adapter_of(source).calls) == ([[], [], []], [])


async def test_a_bad_argument_is_every_parents_error():
    """A refused page would be empty below each parent."""
    source = build_account()

    sizes = await members(LISTS, MembersArgs(first=0), build_context(source), SELECTION)
    fields = await members(LISTS, MembersArgs(filter=Comparison("shoe", Op.EQ, "1")), build_context(source), SELECTION)

    assert [InputError] * 3 == [type(error) for error in sizes]
    assert [error.path for error in fields] == [("filter", "shoe", "eq")] * 3
    assert adapter_of(source).calls == []


async def test_a_failed_call_fails_the_parents_of_its_source_only():
    """One vendor's failure would empty the pages below another's campaigns."""
    one, two = build_account("one"), build_account("two")
    adapter_of(one).fail = lambda *_: True
    parents = [*CAMPAIGNS[:2], *(replace(campaign, source="two") for campaign in CAMPAIGNS[:2])]

    pages = await campaign_subscribers(parents, ConnectionArgs(), build_context(one, two), SELECTION)

    assert [VendorUnavailableError] * 2 == [type(error) for error in pages[:2]]
    assert ids(pages[2:]) == [ODD, EVEN]


async def test_a_parent_that_fails_alone_fails_alone():
    """A failure while continuing one parent would fail those that were complete."""
    people = [build_person("one", id_, campaign_id="1") for id_ in range(1, 9)]
    source = build_source("one", None, *people, build_person("one", 50, campaign_id="2"))
    adapter_of(source).clamp = 2
    adapter_of(source).fail = lambda operation, _number: operation == "slice"

    first, second = await campaign_subscribers(
        [CampaignRecord(source="one", id="1"), CampaignRecord(source="one", id="2")],
        ConnectionArgs(first=5),
        build_context(source),
        SELECTION,
    )

    assert isinstance(first, VendorUnavailableError)
    assert [node.id for node in second.nodes] == ["50"]


async def test_the_same_parent_twice_costs_once():
    """A list that is met on every person would be read for each."""
    source = build_account()

    pages = await campaign_subscribers([CAMPAIGNS[0]] * 5, ConnectionArgs(), build_context(source), SELECTION)

    assert ids(pages) == [ODD] * 5
    assert adapter_of(source).calls == ["slice"]


async def test_rows_that_lack_a_field_are_not_checked_for_it():
    """Rows that came together would all fail a check of a field that they do not hold."""
    table = {Entity.SUBSCRIBER: build_table(Entity.SUBSCRIBER, missing_in_rows=frozenset({"gender"}))}
    source = build_source("one", table, build_person("one", 1, campaign_id="1", gender="f"))
    args = ConnectionArgs(filter=Comparison("gender", Op.EQ, "f"))

    await campaign_subscribers(CAMPAIGNS, args, build_context(source), SELECTION)

    assert "children" not in adapter_of(source).calls
