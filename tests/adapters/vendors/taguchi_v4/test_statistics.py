"""Statistics calls, frozen byte for byte, and what each kind of reply means."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.contract import ReadsStatistics, StatisticsQuery
from adapters.errors import CapabilityError, FacadeError, VendorContractError, VendorError
from adapters.records import PointRecord, StatisticsPeriod, StatisticsSubject, StatisticsUnit
from adapters.vendors.taguchi_v4.adapter import TaguchiV4Adapter
from adapters.vendors.taguchi_v4.capability import build_capability
from adapters.vendors.taguchi_v4.endpoints import MAX_QUERY_BYTES
from adapters.vendors.taguchi_v4.statistics_calls import MAX_IDS
from tests.adapters.vendors.taguchi_v4.test_endpoints import ROOT, FakeVendor, build_adapter
from tests.adapters.vendors.taguchi_v4.world import build_settings, scope

ACCOUNT, CAMPAIGN, ACTIVITY = StatisticsSubject.ACCOUNT, StatisticsSubject.CAMPAIGN, StatisticsSubject.ACTIVITY
LISTS, LIST = StatisticsSubject.LISTS, StatisticsSubject.LIST
ALL, DAY, WEEK = StatisticsPeriod.ALL, StatisticsPeriod.DAY, StatisticsPeriod.WEEK
EXAMPLES = Path(__file__).parent / "sandbox_examples"

YEAR: dict[str, Any] = {"since": date(2010, 1, 1), "until": date(2010, 6, 1)}
CAMPAIGNS = StatisticsQuery(CAMPAIGN, ALL, ("s", "o"), within=CAMPAIGN, ids=("1", "4"))


def of(subject: StatisticsSubject, period: StatisticsPeriod = ALL, **asked: Any) -> StatisticsQuery:
    events = ("s",) if subject.counts_events else ()
    return StatisticsQuery(subject, period, **{"events": events, **asked})


async def fetch(adapter: TaguchiV4Adapter, query: StatisticsQuery) -> Mapping[str, Any]:
    return await adapter.fetch_statistics(query, scope())


def plain(found: Mapping[str, Any]) -> dict[str, dict[str, list[list[Any]]]]:
    """Series as the vendor writes them."""
    return {
        id_: {each.code: [[str(point.bucket or "all"), point.count] for point in each.points] for each in series}
        for id_, series in found.items()
    }


FROZEN = [
    (
        "the document's aggregate, in whole days",
        of(ACCOUNT, WEEK, events=("s", "o", "c"), **YEAR),
        "aggregate?event=s&event=o&event=c&start_date=2010-01-01T00%3A00%3A00&end_date=2010-06-01T23%3A59%3A59&period=week",
    ),
    (
        "the document's campaigns",
        of(CAMPAIGN, events=("s", "o", "c", "v", "b"), **YEAR),
        (
            "campaign?event=s&event=o&event=c&event=v&event=b&start_date=2010-01-01T00%3A00%3A00"
            "&end_date=2010-06-01T23%3A59%3A59&period=all&granularity=campaign"
        ),
    ),
    (
        "the document's lists together",
        of(LISTS, WEEK, since=date(2010, 1, 1)),
        "listaggregate?start_date=2010-01-01T00%3A00%3A00&period=week",
    ),
    ("the document's lists", of(LIST, until=date(2010, 6, 1)), "list?end_date=2010-06-01T23%3A59%3A59&period=all"),
    ("lists that are named", of(LIST, DAY, within=LIST, ids=("4", "1")), "list?period=day&list_id=4&list_id=1"),
    (
        "activities that are named",
        of(ACTIVITY, within=ACTIVITY, ids=("9", "7", "9")),
        "campaign?event=s&period=all&activity_id=9&activity_id=7&granularity=activity",
    ),
    (
        "revisions of a campaign",
        of(StatisticsSubject.REVISION, within=CAMPAIGN, ids=("3",)),
        "campaign?event=s&period=all&campaign_id=3&granularity=revision",
    ),
    (
        "configurations of a revision",
        of(StatisticsSubject.CONFIGURATION, within=StatisticsSubject.REVISION, ids=("3",)),
        "campaign?event=s&period=all&revision_id=3&granularity=configuration",
    ),
    (
        "a configuration that is named",
        of(StatisticsSubject.CONFIGURATION, within=StatisticsSubject.CONFIGURATION, ids=("3",)),
        "campaign?event=s&period=all&configuration_id=3&granularity=configuration",
    ),
    (
        "a code with marks of an address",
        of(ACCOUNT, events=("a&b=ü c",)),
        "aggregate?event=a%26b%3D%C3%BC%20c&period=all",
    ),
]


@pytest.mark.parametrize(("query", "target"), [pytest.param(*rest, id=name) for name, *rest in FROZEN])
async def test_a_question_goes_out_as_frozen(query: StatisticsQuery, target: str) -> None:
    """Another request asks another question; review it against the document before freezing it anew."""
    vendor = FakeVendor(body=b"{}")

    await fetch(build_adapter(vendor), query)

    assert [f"{ROOT}stats/{target}&auth=s3cr3t"] == vendor.targets


@pytest.mark.parametrize(
    "query",
    [
        of(CAMPAIGN, within=CAMPAIGN),
        of(CAMPAIGN, within=CAMPAIGN, ids=("abc", "007", "-1", "", "9" * 20, "\uff11")),
        of(ACTIVITY, within=CAMPAIGN, ids=("abc",)),
        of(LIST, within=LIST),
        of(ACCOUNT, events=()),
        of(CAMPAIGN, events=(), within=CAMPAIGN, ids=("1",)),
    ],
    ids=["no ids", "ids of no record", "of no campaign", "no lists", "no codes", "no codes of a campaign"],
)
async def test_a_question_that_names_nothing_is_not_asked(query: StatisticsQuery) -> None:
    """Without an id or a code in it, the vendor would answer for everything."""
    vendor = FakeVendor(body=b'{"1": {"s": [["all", 5]]}, "all": {"s": [["all", 5]]}}')

    found = await fetch(build_adapter(vendor), query)

    assert vendor.targets == []
    assert found == (dict.fromkeys(query.ids, ()) if query.names_subjects else {})


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("aggregate", of(ACCOUNT, WEEK, events=("c", "s", "o"))),
        ("campaign", of(CAMPAIGN, events=("c", "b", "s", "o", "v"))),
        ("listaggregate", of(LISTS, WEEK)),
        ("list", of(LIST)),
    ],
)
async def test_the_documents_examples_are_read_whole(name: str, query: StatisticsQuery) -> None:
    """The document's own replies hold everything the vendor can be relied on to send."""
    body = (EXAMPLES / f"stats-{name}.json").read_bytes()

    found = await fetch(build_adapter(FakeVendor(body=body)), query)

    assert json.loads(body) == plain(found)
    assert {each.unit for series in found.values() for each in series} == {StatisticsUnit.UNSTATED}
    assert {(each.source, each.period) for series in found.values() for each in series} == {("retail", query.period)}


async def ask(body: object, query: StatisticsQuery = CAMPAIGNS, status: int = 200) -> Mapping[str, Any]:
    """What comes of a reply."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await fetch(build_adapter(FakeVendor(status=status, body=raw)), query)


async def test_numbers_stay_with_the_records_that_were_asked_for() -> None:
    """Keys are data: an id in another place, too many of them or too few must move no number."""
    found = await ask({"999": {"s": [["all", 1]]}, "all": {"s": [["all", 2]]}, "4": {"s": [["all", 3]]}})

    assert plain(found) == {"1": {}, "4": {"s": [["all", 3]]}}


async def test_codes_that_were_not_asked_for_are_left_out() -> None:
    """A vendor that ignores `event` must not put more into an answer than the question."""
    found = await ask({"1": {"c": [["all", 1]], "o": [["all", 2]], "s": [["all", 3]], "x": 7}})

    assert plain(found)["1"] == {"s": [["all", 3]], "o": [["all", 2]]}


async def test_a_missing_code_is_absent_and_no_zero() -> None:
    """Nobody knows whether nothing was opened or nothing was counted."""
    found = await ask({"1": {"s": [["all", 0]], "o": []}, "4": {}})

    assert plain(found) == {"1": {"s": [["all", 0]]}, "4": {}}


async def test_points_stand_in_the_order_of_time() -> None:
    """The document says nothing of an order."""
    found = await ask(
        {"all": {"active": [["2010-02-01", -753], ["2009-12-28", "7"], ["2010-01-04T00:00:00", -81]]}}, of(LISTS, WEEK)
    )

    assert [each.points for each in found["all"]] == [
        (
            PointRecord(date(2009, 12, 28), 7),
            PointRecord(date(2010, 1, 4), -81),
            PointRecord(date(2010, 2, 1), -753),
        )
    ]


@pytest.mark.parametrize("query", [CAMPAIGNS, of(CAMPAIGN), of(ACCOUNT), of(LISTS), of(LIST)])
@pytest.mark.parametrize(("body", "status"), [(b"", 204), (b"[]", 200), (b"{}", 200)])
async def test_nothing_found_is_no_numbers(query: StatisticsQuery, body: bytes, status: int) -> None:
    """An account in which nothing happened is no failure."""
    assert await ask(body, query, status) == dict.fromkeys(query.ids, ())


NO_STATISTICS: list[tuple[str, object, str]] = [
    ("a list of rows", [{"id": 1}], "STATISTICS_EXPECTED"),
    ("null", None, "STATISTICS_EXPECTED"),
    ("a text", "all", "STATISTICS_EXPECTED"),
    ("a number", 5, "STATISTICS_EXPECTED"),
    ("an error with status 200", {"error": "auth expired"}, "STATISTICS_EXPECTED"),
    ("a list for a record", {"1": [["all", 5]]}, "STATISTICS_EXPECTED"),
    ("null for a record", {"1": None}, "STATISTICS_EXPECTED"),
    ("null for another record", {"77": None}, "STATISTICS_EXPECTED"),
    ("a web page", b"<html>maintenance</html>", "BODY_HTML"),
    ("nothing", b"", "BODY_EMPTY"),
    ("cut off", b'{"1": {"s": [["all", 5', "BODY_NOT_JSON"),
    ("not a number", b'{"1": {"s": [["all", NaN]]}}', "BODY_NOT_JSON"),
]

UNREADABLE: list[tuple[str, object]] = [
    ("a number for a series", 5),
    ("null for a series", None),
    ("an object for a series", {"all": 5}),
    ("a pair alone", ["all", 5]),
    ("a triple", [["all", 5, 6]]),
    ("a bucket without a number", [["all"]]),
    ("a fraction", [["all", 5.5]]),
    ("a whole fraction", [["all", 5.0]]),
    ("true", [["all", True]]),
    ("null for a number", [["all", None]]),
    ("words for a number", [["all", "many"]]),
    ("a number in another script", [["all", "\uff15"]]),
    ("an empty number", [["all", ""]]),
    ("a number beyond 32 bits", [["all", 2**31]]),
    ("a number beyond 64 bits", [["all", 2**70]]),
    ("digits beyond 32 bits", [["all", "99999999999"]]),
    ("a day where all was asked", [["2010-01-04", 5]]),
    ("another word", [["total", 5]]),
    ("null for a bucket", [[None, 5]]),
    ("a bucket twice", [["all", 5], ["all", 6]]),
    ("the same point twice", [["all", 5], ["all", 5]]),
]


@pytest.mark.parametrize("query", [CAMPAIGNS, of(CAMPAIGN), of(ACCOUNT)], ids=["named", "all", "total"])
@pytest.mark.parametrize(("body", "reason"), [pytest.param(*rest, id=name) for name, *rest in NO_STATISTICS])
async def test_what_is_no_statistics_is_an_error(body: object, reason: str, query: StatisticsQuery) -> None:
    """Trouble that reads as "nothing happened" would stop a campaign that works."""
    try:
        errors = list((await ask(body, query)).values())
    except VendorContractError as error:
        errors = [error]

    assert errors
    assert {(type(error), getattr(error, "reason", None)) for error in errors} == {(VendorContractError, reason)}


@pytest.mark.parametrize("series", [pytest.param(series, id=name) for name, series in UNREADABLE])
async def test_a_record_that_cannot_be_read_fails_alone(series: object) -> None:
    """A number is read by a stated rule or refused, and a neighbour's is still told."""
    found = await ask({"1": {"s": [["all", 5]], "o": series}, "4": {"s": [["all", 3]]}})

    assert found["1"].reason == "STATISTICS_UNREADABLE"
    assert plain({"4": found["4"]}) == {"4": {"s": [["all", 3]]}}
    with pytest.raises(VendorContractError, match="sent statistics in which"):
        await ask({"all": {"s": series}}, of(ACCOUNT))
    with pytest.raises(VendorContractError, match="sent statistics in which"):
        await ask({"1": {"s": series}, "4": {"s": [["all", 3]]}}, of(CAMPAIGN))


@pytest.mark.parametrize("bucket", ["all", "2010-02-30", "04/01/2010", 20100104, "2010-01", None, ""])
async def test_a_bucket_of_days_is_a_date(bucket: object) -> None:
    """A guess would put a number on another day."""
    with pytest.raises(VendorContractError, match="a bucket is not a date"):
        await ask({"all": {"s": [[bucket, 5]]}}, of(ACCOUNT, DAY))


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (of(ACCOUNT), {"1": {"s": [["all", 5]]}}),
        (of(LISTS), {"total": {"all": [["all", 5]]}}),
        (of(CAMPAIGN), {"all": {"s": [["all", 5]]}}),
        (of(CAMPAIGN), {"null": {"s": [["all", 5]]}, "1": {"s": [["all", 5]]}}),
        (of(ACTIVITY, within=CAMPAIGN, ids=("1",)), {"01": {"s": [["all", 5]]}}),
    ],
    ids=["campaigns for a total", "turned round", "a total for campaigns", "no campaign", "another spelling"],
)
async def test_keys_that_are_no_subjects_are_refused(query: StatisticsQuery, body: object) -> None:
    """Numbers of something else would be lost, or shown as what was asked for."""
    with pytest.raises(VendorContractError) as caught:
        await ask(body, query)

    assert caught.value.reason == "STATISTICS_OTHER"


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "VENDOR_REJECTED"), (403, "VENDOR_AUTH"), (404, "VENDOR_BAD_RESPONSE"), (405, "VENDOR_BAD_RESPONSE")],
)
async def test_a_refusal_is_said(status: int, code: str) -> None:
    """A refused call tells of no numbers at all."""
    found = await ask(b"<html><body>x<br/>no</body></html>", CAMPAIGNS, status)
    with pytest.raises(VendorError) as caught:
        await ask(b"<html><body>x<br/>no</body></html>", of(CAMPAIGN), status)

    assert {error.code for error in found.values()} == {caught.value.code} == {code}


async def test_many_records_are_one_call_until_they_do_not_fit() -> None:
    """An address above 8 KB is refused by common servers, and every further call is paid by every page."""
    vendor = FakeVendor(body=json.dumps({str(id_): {"s": [["all", id_]]} for id_ in range(1, 1000)}).encode())
    adapter = build_adapter(vendor)

    fitting = await fetch(adapter, of(CAMPAIGN, within=CAMPAIGN, ids=tuple(map(str, range(1, MAX_IDS + 1)))))
    assert len(vendor.targets) == 1
    found = await fetch(adapter, of(CAMPAIGN, within=CAMPAIGN, ids=tuple(map(str, range(1, 2 * MAX_IDS + 2)))))

    assert len(vendor.targets) == 1 + 3
    assert [series[0].points[0].count for series in fitting.values()] == list(range(1, MAX_IDS + 1))
    assert [series[0].points[0].count for series in found.values()] == list(range(1, 2 * MAX_IDS + 2))
    assert max(map(len, vendor.targets)) < MAX_QUERY_BYTES + 200


async def test_long_codes_leave_room_for_fewer_records() -> None:
    """Parameters share one address."""
    vendor = FakeVendor(body=b"{}")
    codes = tuple(f"{number:060}" for number in range(50))
    ids = tuple(str(10**9 + number) for number in range(200))

    await fetch(build_adapter(vendor), of(CAMPAIGN, events=codes, within=CAMPAIGN, ids=ids))

    assert 1 < len(vendor.targets) < 20
    assert max(map(len, vendor.targets)) < MAX_QUERY_BYTES + 200


async def test_a_question_that_cannot_be_divided_is_refused_when_it_is_too_long() -> None:
    """Numbers of what records belong to cannot be added up: what they count is not stated."""
    vendor = FakeVendor(body=b"{}")
    ids = tuple(str(10**9 + number) for number in range(500))

    with pytest.raises(CapabilityError) as caught:
        await fetch(build_adapter(vendor), of(CAMPAIGN, within=ACTIVITY, ids=ids))

    assert caught.value.reason == "CALL_TOO_LONG"
    assert vendor.targets == []


class HalfBroken(FakeVendor):
    """Refuses every call that does not name campaign 1."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.status = 200 if "campaign_id=1&" in str(request.url) else 400
        return await super().handle_async_request(request)


async def test_a_failed_part_fails_its_own_records() -> None:
    """One slip of the network must not take the numbers of two hundred other records along."""
    ids = tuple(map(str, range(1, MAX_IDS + 2)))
    vendor = HalfBroken(body=b'{"1": {"s": [["all", 5]]}}')

    found = await fetch(build_adapter(vendor), of(CAMPAIGN, within=CAMPAIGN, ids=ids))

    assert plain({"1": found["1"]}) == {"1": {"s": [["all", 5]]}}
    assert [id_ for id_, series in found.items() if isinstance(series, FacadeError)] == [ids[-1]]


async def test_the_plan_counts_subjects_and_hides_the_secret() -> None:
    """The plan is how somebody finds out what a page of statistics costs."""
    spent = scope()
    await build_adapter(FakeVendor(body=b'{"1": {}, "4": {}, "5": {}}')).fetch_statistics(CAMPAIGNS, spent)

    (call,) = spent.calls
    assert (call.operation, call.rows, call.keys) == ("stats.campaign", 3, 2)
    assert "s3cr3t" not in call.url


def test_the_source_declares_what_it_counts() -> None:
    """What is not declared is refused before any call."""
    declared = build_capability(build_settings()).statistics

    assert isinstance(build_adapter(FakeVendor()), ReadsStatistics)
    assert set(declared) == set(StatisticsSubject)
    assert {able.periods for able in declared.values()} == {tuple(StatisticsPeriod)}
    assert all(able.section.startswith("Statistics Resource, ") for able in declared.values())
    assert {subject for subject, able in declared.items() if not able.within} == {ACCOUNT, LISTS}
