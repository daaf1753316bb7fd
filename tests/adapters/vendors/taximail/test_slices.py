"""What each page costs, and that its rows are the vendor's own."""

import pytest

from adapters.contract import SliceQuery
from adapters.errors import CapabilityError, CursorError
from adapters.filters.order import Order, Position
from adapters.filters.tree import And, Comparison, Op
from adapters.records import Entity
from adapters.sandbox.cast import CAST
from tests.adapters.vendors.taximail.world import SUBSCRIBER, build_world, ids, in_list, in_segment, read_line, show

PAGE = "order_type=asc&page=1&limit=100"
SHOW = "display_mode=all&browse=all&order_by=date&"


async def test_a_first_page_of_all_contacts_is_two_calls():
    """One for the lists, one for the first of them; the session's log-in comes on top once."""
    world = build_world()

    found = await world.read(SliceQuery(SUBSCRIBER, limit=26))
    again = await world.read(SliceQuery(SUBSCRIBER, limit=26, after=found.positions[-1]))

    assert world.queries == [
        "list?order_by=create_date&" + PAGE,
        "list/174/subscribers?" + SHOW + PAGE,
        "list/174/subscribers?" + SHOW + PAGE,
    ]
    assert (found.calls, again.calls, world.log_ins) == (2, 1, 1)
    assert ids([*found.records, *again.records]) == ids(world.contacts())[:52]


@pytest.mark.parametrize("sizes", [(25,), (100,), (1, 7, 300), (1000,)], ids=str)
async def test_all_contacts_are_read_list_by_list_whatever_the_page(sizes):
    """No row is lost or shown twice where pages, lists and slices do not meet."""
    world = build_world(max_page=30)

    assert await read_line(world, SliceQuery(SUBSCRIBER), sizes) == world.contacts()


async def test_one_list_is_one_call_a_page_and_its_count_is_the_vendor_s():
    """The list is in the path, and the count comes with the rows."""
    world = build_world()
    query = SliceQuery(SUBSCRIBER, in_list("314"), limit=26, count=True)

    found = await world.read(query)

    assert world.queries == ["list/314/subscribers?" + SHOW + PAGE]
    assert (found.total, found.end, len(found.records)) == (282, False, 26)


async def test_all_lists_have_no_count_of_the_vendor_s():
    """It counts each list alone; a sum would cost a call a list."""
    found = await build_world().read(SliceQuery(SUBSCRIBER, limit=5, count=True))

    assert found.total is None


async def test_some_lists_are_read_one_after_the_other():
    """They are known, so no call looks for them, and they stand in ascending order."""
    world = build_world()

    records = await read_line(world, SliceQuery(SUBSCRIBER, in_list("402", "174", "9", "174x")), (1000,))

    assert [query.partition("?")[0] for query in world.queries] == [
        f"list/{each}/subscribers" for each in ("9", "174", "402")
    ]
    assert records == show(world.sandbox.store.lists[174]) + show(world.sandbox.store.lists[402])


@pytest.mark.parametrize("list_id", ["314x", "0314", "../314", "314/subscribers", "三", ""])
async def test_a_list_whose_id_can_be_no_list_s_is_not_asked_for(list_id):
    """A server that reads 314x as 314 would show a neighbour's rows."""
    world = build_world()

    found = await world.read(SliceQuery(SUBSCRIBER, in_list(list_id), count=True))

    assert (found.records, found.end, found.total, world.calls) == ((), True, 0, 0)


async def test_a_list_that_is_not_there_has_no_contacts():
    """A filter that nothing matches is not an error."""
    found = await build_world().read(SliceQuery(SUBSCRIBER, in_list("9"), count=True))

    assert (found.records, found.end, found.total) == ((), True, 0)


async def test_a_segment_is_browsed_and_its_people_say_so():
    """The rows do not name the segment; what was asked for does."""
    world = build_world()
    query = SliceQuery(SUBSCRIBER, in_segment("314/7"), count=True)

    found = await world.read(query)
    records = await read_line(world, query)

    mail_list = world.sandbox.store.lists[314]
    wanted = [f"314/{each.id}" for each in mail_list.contacts.values() if mail_list.segments[7].rule(each)]
    assert world.queries[0] == "list/314/subscribers?display_mode=all&browse=7&order_by=date&" + PAGE
    assert sorted(ids(records)) == sorted(wanted)
    assert found.total == len(wanted)
    assert {each.audience_id for record in records for each in record.audiences} == {"314/7"}


@pytest.mark.parametrize("audience_id", ["314", "314/", "314/x", "/7", "314/7/1", "314/../7"])
async def test_a_segment_whose_id_can_be_no_segment_s_is_not_asked_for(audience_id):
    """Likewise."""
    world = build_world()

    found = await world.read(SliceQuery(SUBSCRIBER, in_segment(audience_id)))

    assert (found.records, found.end, world.calls) == ((), True, 0)


@pytest.mark.parametrize(("descending", "word"), [(False, "asc"), (True, "desc")])
async def test_one_list_is_ordered_by_address_or_date(descending, word):
    """The vendor orders inside a list."""
    world = build_world()
    by_email = SliceQuery(SUBSCRIBER, in_list("182"), Order("email", descending=descending))

    records = await read_line(world, by_email, (40,))
    await world.read(SliceQuery(SUBSCRIBER, in_list("182"), Order("taximail.subscribed_at", descending=descending)))

    emails = [record.email.lower() for record in records]
    assert emails == sorted(emails, reverse=descending)
    assert len(emails) == 101
    assert f"order_by=email&order_type={word}" in world.queries[0]
    assert f"order_by=date&order_type={word}" in world.queries[-1]


@pytest.mark.parametrize(
    "query",
    [
        SliceQuery(SUBSCRIBER, order=Order("email")),
        SliceQuery(SUBSCRIBER, in_list("174", "182"), Order("email")),
        SliceQuery(SUBSCRIBER, order=Order(descending=True)),
        SliceQuery(SUBSCRIBER, in_list("174"), Order("first_name")),
        SliceQuery(Entity.CAMPAIGN, order=Order("name")),
    ],
    ids=["all lists", "two lists", "ids falling", "by name", "all statuses"],
)
async def test_an_order_the_vendor_has_not_is_refused_before_any_call(query):
    """Rows in another order would be a lie."""
    world = build_world()

    with pytest.raises(CapabilityError) as caught:
        await world.read(query)

    assert (caught.value.reason, world.calls) == ("ORDER_UNSUPPORTED", 0)
    assert caught.value.hint


async def test_an_address_is_searched_for_in_ever_more_lists_at_once():
    """A search that finds nothing in one list goes on in the next ones side by side."""
    world = build_world()
    pushed = And((Comparison("email", Op.EQ, CAST[0].email.title()),))

    found = await world.read(SliceQuery(SUBSCRIBER, pushed, limit=10))

    assert found.end
    assert all("keyword_search=" + CAST[0].email.title() in query for query in world.queries[1:])
    assert {record.email.lower() for record in found.records} == {CAST[0].email}
    assert len(world.queries) == 6


async def test_lists_are_read_in_the_order_they_were_made():
    """New ones come at the end."""
    world = build_world(max_page=10)
    for number in range(25):
        world.sandbox.store.add_list(f"List {number}")

    records = await read_line(world, SliceQuery(Entity.LIST), (7,))
    first = await world.read(SliceQuery(Entity.LIST, limit=7, count=True))

    made = sorted(world.sandbox.store.lists.values(), key=lambda each: (each.created_at, each.id))
    assert ids(records) == [str(each.id) for each in made]
    assert (first.total, first.calls) == (30, 1)


async def test_lists_are_ordered_by_name():
    """The vendor can do that too."""
    world = build_world()

    found = await world.read(SliceQuery(Entity.LIST, order=Order("name", descending=True)))

    assert [record.name for record in found.records] == [
        "Shop customers",
        "Not used yet",
        "Newsletter",
        "List B",
        "List A",
    ]


async def test_campaigns_are_read_in_every_status():
    """One call for each status at least: the vendor takes no call without one."""
    world = build_world(max_page=10)

    records = await read_line(world, SliceQuery(Entity.CAMPAIGN), (25,))

    assert sorted(ids(records)) == [str(number) for number in range(301, 361)]
    assert [record.status for record in records] == sorted((each.status for each in records), key=_place)
    assert {record.id: record.status for record in records} == {
        str(each.id): each.status for each in world.sandbox.store.campaigns.values()
    }


def _place(status: str) -> int:
    return ("Sent", "Outbox", "Draft", "Paused", "Scheduled", "Repeatly", "PendingApproval").index(status)


async def test_campaigns_of_one_status_are_counted_and_ordered():
    """Another status is not asked for."""
    world = build_world()
    sent = And((Comparison("status", Op.EQ, "Sent"),))

    found = await world.read(SliceQuery(Entity.CAMPAIGN, sent, Order("taximail.sent_at"), limit=5, count=True))

    assert world.queries == ["campaign?campaign_status=Sent&order_by=sent_success_date&" + PAGE]
    assert (found.total, len(found.records), found.end) == (34, 5, False)


@pytest.mark.parametrize("status", ["sent", "Archived", ""])
async def test_a_status_that_is_none_has_no_campaigns(status):
    """The vendor's words are exact."""
    world = build_world()

    found = await world.read(SliceQuery(Entity.CAMPAIGN, And((Comparison("status", Op.EQ, status),))))

    assert (found.records, found.end, world.calls) == ((), True, 0)


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (100, "174", 1, 2, 0),
        (100, "174", 1, -1, 0, None),
        (100, "174", True, 0, 0, None),
        (100, 174, 1, 0, 0, None),
        (50, "174", 1, 0, 0, None),
        (100, "../x", 1, 0, 0, None),
        (100, "0174", 1, 0, 0, None),
        (100, "174", 1, 0, 0, 5),
    ],
    ids=str,
)
async def test_a_position_that_is_none_is_refused_before_any_call(parts):
    """Cursors come from outside."""
    world = build_world()

    with pytest.raises(CursorError):
        await world.read(SliceQuery(SUBSCRIBER, after=Position(parts)))

    assert world.calls == 0


async def test_a_position_of_another_filter_is_refused():
    """It would show rows of a list that is not asked for."""
    world = build_world()
    found = await world.read(SliceQuery(SUBSCRIBER, in_list("174"), limit=3))

    with pytest.raises(CursorError):
        await world.read(SliceQuery(SUBSCRIBER, in_list("182"), after=found.positions[-1]))
