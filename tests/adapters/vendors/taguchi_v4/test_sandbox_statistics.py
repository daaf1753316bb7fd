"""The sandbox's statistics: the document's examples, what does not count, and what is refused."""

from datetime import date, timedelta

import httpx
import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox
from tests.adapters.vendors.taguchi_v4.sandbox_statistics import (
    Mode,
    Parameters,
    Series,
    bare,
    counts,
    example,
    log,
    reply_to,
)

YEAR = [("start_date", "2010-01-01T00:00:00"), ("end_date", "2010-06-01T00:00:00")]
LONG_AGO = "2001-01-01T00:00:00"


@pytest.fixture(scope="module")
def idle() -> Sandbox:
    """An account for requests that are refused."""
    return bare()


@pytest.mark.parametrize("mode", ["days", "instants", "buckets"])
async def test_aggregate_example(mode: Mode) -> None:
    """Thousandths of the example's events, each in its week, must be counted as the example has them."""
    expected = {
        ref: [[week, number // 1000] for week, number in rows] for ref, rows in example("aggregate")["all"].items()
    }
    sandbox = bare(statistics_range=mode)
    for ref, rows in expected.items():
        for week, number in rows:
            for day in range(number):
                log(sandbox, ref, (date.fromisoformat(week) + timedelta(days=day % 7)).isoformat() + "T12:00:00")

    asked = [("event", "s"), ("event", "o"), ("event", "c"), ("period", "week"), *YEAR]
    assert await counts(sandbox, "aggregate", *asked) == {"all": expected}


async def test_campaign_example() -> None:
    """The example, without its first campaign's millions: keys are ids as texts, what there is none of is absent."""
    expected = {key: series for key, series in example("campaign").items() if key != "1"}
    sandbox = bare()
    for key, series in expected.items():
        for ref, [[_, number]] in series.items():
            for _ in range(number):
                log(sandbox, ref, "2010-03-03T03:03:03", campaign_id=int(key))

    events = [("event", ref) for ref in "socvb"]
    assert await counts(sandbox, "campaign", *events, *YEAR, ("period", "all")) == expected


def _change_members(sandbox: Sandbox, list_id: int, flows: dict[str, int], at: str) -> None:
    """Let so many join, leave and bounce at a time, each of them somebody else."""
    for _ in range(flows["total"]):
        sandbox.store.insert("subscriber", {"lists": [{"list_id": list_id, "timestamp": at}]})
    for _ in range(flows["unsubscribed"]):
        left = {"list_id": list_id, "timestamp": LONG_AGO, "unsubscribed": at}
        sandbox.store.insert("subscriber", {"lists": [left]})
    for _ in range(flows["bounced"]):
        sandbox.store.insert("subscriber", {"bounced": at, "lists": [{"list_id": list_id, "timestamp": LONG_AGO}]})


async def test_list_example() -> None:
    """The example's lists: members joined, left and bounced, and the difference, which may be negative."""
    expected = example("list")
    sandbox = bare()
    for key, series in expected.items():
        flows = {name: rows[0][1] for name, rows in series.items()}
        _change_members(sandbox, int(key), flows, "2010-03-03T03:03:03")

    span = [("start_date", "2009-06-02T00:00:00"), ("end_date", "2010-06-01T00:00:00")]
    counted = await counts(sandbox, "list", *span, ("period", "all"))

    zero = {name: [["all", 0]] for name in ("active", "total", "unsubscribed", "bounced")}
    assert {key: series for key, series in counted.items() if series != zero} == expected
    assert counted.keys() == {str(row["id"]) for row in sandbox.store.rows("list")}
    assert await counts(sandbox, "list", ("list_id", "4"), ("list_id", "7"), *span) == {
        key: expected[key] for key in ("4", "7")
    }


@pytest.mark.parametrize("mode", ["days", "buckets"])
async def test_list_aggregate_example(mode: Mode) -> None:
    """The example's weeks, with the same buckets in all four series."""
    expected = example("listaggregate")
    sandbox = bare(statistics_range=mode)
    for place, (week, _) in enumerate(expected["all"]["total"]):
        flows = {name: rows[place][1] for name, rows in expected["all"].items()}
        _change_members(sandbox, 4 + place % 3, flows, f"{week}T23:59:59")

    assert await counts(sandbox, "listaggregate", ("period", "week"), *YEAR) == expected


# --- against a direct count -------------------------------------------------------------------------------------------
# --- what does not count ----------------------------------------------------------------------------------------------


async def test_what_does_not_count() -> None:
    """Tests and events yet to come are no statistics; events credited to nothing are in the aggregate only."""
    sandbox = bare()
    log(sandbox, "s", "2024-01-01T00:00:00", campaign_id=5)
    log(sandbox, "s", "2024-01-01T00:00:00", campaign_id=5, test=True)
    log(sandbox, "s", "2024-01-01T00:00:00")
    log(sandbox, "s", "2024-01-01T00:00:00", campaign_id=23)
    sandbox.store.insert_event({"type": "scheduled", "event_ref": "s", "campaign_id": 5})

    assert await counts(sandbox, "aggregate") == {"all": {"s": [["all", 3]]}}
    assert await counts(sandbox, "campaign") == {"5": {"s": [["all", 1]]}, "23": {"s": [["all", 1]]}}
    assert sandbox.store.row("campaign", 23) is None


async def test_memberships_that_do_not_count() -> None:
    """Deleted people and deleted lists count nowhere; a bounce counts on every list of the person."""
    sandbox = bare()
    at = "2024-01-01T00:00:00"
    lists = [{"list_id": list_id, "timestamp": at} for list_id in (1, 2, 17)]
    sandbox.store.insert("subscriber", {"lists": lists, "bounced": at})
    sandbox.store.soft_delete("subscriber", sandbox.store.insert("subscriber", {"lists": lists}))

    every = await counts(sandbox, "listaggregate")

    assert every == {
        "all": {"active": [["all", 0]], "total": [["all", 2]], "unsubscribed": [["all", 0]], "bounced": [["all", 2]]}
    }
    assert await counts(sandbox, "list", ("list_id", "17")) == {}


async def test_restrictions_give_way_to_those_before() -> None:
    """Each id parameter counts only without the ones before it; granularity is another matter."""
    sandbox = bare()
    log(sandbox, "s", "2024-01-01T00:00:00", campaign_id=5, activity_id=6, revision_id=7, configuration_id=8)
    log(sandbox, "s", "2024-01-01T00:00:00", campaign_id=9, activity_id=6, revision_id=7, configuration_id=8)
    everything = [("configuration_id", "1"), ("revision_id", "1"), ("activity_id", "6"), ("campaign_id", "5")]
    one, two = {"s": [["all", 1]]}, {"s": [["all", 2]]}

    assert await counts(sandbox, "campaign", *everything) == {"5": one}
    assert await counts(sandbox, "campaign", *everything[:3]) == {"5": one, "9": one}
    assert await counts(sandbox, "campaign", *everything[:3], ("granularity", "configuration")) == {"8": two}
    assert await counts(sandbox, "campaign", *everything[:2]) == {}
    assert await counts(
        sandbox, "campaign", ("campaign_id", "5"), ("campaign_id", "9"), ("granularity", "revision")
    ) == {"7": two}


async def test_edges_of_days_weeks_and_months() -> None:
    """The last second of a day, a Sunday, the turn of a year and of a leap February fall where the calendar says."""
    sandbox = bare()
    for at in (
        "2023-12-31T23:59:59",
        "2024-01-01T00:00:00",
        "2024-02-29T23:59:59",
        "2024-03-03T12:00:00",
        "1969-12-31T23:59:59",
    ):
        log(sandbox, "s", at)

    assert (await counts(sandbox, "aggregate", ("period", "week"), ("period", "month")))["all"]["s"] == [
        ["1969-12-29", 1], ["2023-12-25", 1], ["2024-01-01", 1], ["2024-02-26", 2],
        ["1969-12-01", 1], ["2023-12-01", 1], ["2024-01-01", 1], ["2024-02-01", 1], ["2024-03-01", 1],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("days", {"week": [["2023-12-25", 1], ["2024-01-01", 1], ["2024-01-08", 2]], "all": [["all", 4]]}),
        ("instants", {"week": [["2024-01-01", 1], ["2024-01-08", 1]], "all": [["all", 2]]}),
        ("buckets", {"week": [["2024-01-01", 1], ["2024-01-08", 3]], "all": [["all", 4]]}),
    ],
)
async def test_readings_of_a_range(mode: Mode, expected: Series) -> None:
    """Three readings of one range that cuts days and weeks: clients must be told which they meet, or survive all."""
    sandbox = bare(statistics_range=mode)
    for at in (
        "2023-12-31T08:00:00",
        "2024-01-01T00:00:00",
        "2024-01-09T09:00:00",
        "2024-01-09T23:59:59",
        "2024-01-10T00:00:00",
    ):
        log(sandbox, "s", at)
    span = [("start_date", "2023-12-31T12:00:00"), ("end_date", "2024-01-09T12:00:00")]

    for period, rows in expected.items():
        assert (await counts(sandbox, "aggregate", *span, ("period", period)))["all"]["s"] == rows


# --- parameters -------------------------------------------------------------------------------------------------------


async def test_defaults_and_repetition() -> None:
    """Without period all; with several one after the other, indistinguishable; the same one again adds nothing."""
    sandbox = bare()
    log(sandbox, "s", "2024-01-03T00:00:00")

    assert (await counts(sandbox, "aggregate"))["all"]["s"] == [["all", 1]]
    asked = [("period", "month"), ("period", "day"), ("period", "month"), ("period", "all")]
    assert (await counts(sandbox, "aggregate", *asked))["all"]["s"] == [
        ["2024-01-01", 1],
        ["2024-01-03", 1],
        ["all", 1],
    ]


@pytest.mark.parametrize(
    "asked",
    [[("event", "zzz")], [("start_date", "2030-01-01")], [("start_date", "2024-02-01"), ("end_date", "2024-01-01")]],
)
async def test_nothing_to_count(asked: Parameters) -> None:
    """An unknown event, an empty and an inverted range count nothing and are no errors."""
    sandbox, silent = bare(), bare(empty="204")
    for account in (sandbox, silent):
        log(account, "s", "2024-01-03T00:00:00", campaign_id=5)

    assert await counts(sandbox, "aggregate", *asked) == {"all": {}}
    assert await counts(sandbox, "campaign", *asked) == {}
    assert (await reply_to(silent, "campaign", asked)).status_code == 204


@pytest.mark.parametrize("kind", ["aggregate", "campaign", "listaggregate", "list"])
@pytest.mark.parametrize(
    "query",
    [
        [("period", "year")], [("period", "")], [("period", "Week")], [("period", "all"), ("period", "x")],
        [("start_date", "soon")], [("end_date", "")], [("start_date", "2024-02-30")], [("end_date", "10/01/2024")],
        [("start_date", "2024-01-01"), ("start_date", "2024-01-01")],
    ],
)  # fmt: skip
async def test_bad_common_parameters(idle: Sandbox, kind: str, query: Parameters) -> None:
    """What is not as documented is refused with a page."""
    reply = await reply_to(idle, kind, query)

    assert reply.status_code == 400
    assert "html" in reply.headers["content-type"]


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("campaign", [("granularity", "list")]), ("campaign", [("granularity", "")]),
        ("campaign", [("granularity", "activity"), ("granularity", "activity")]),
        ("campaign", [("campaign_id", "x")]), ("campaign", [("campaign_id", "5"), ("activity_id", "x")]),
        ("campaign", [("campaign_id", "2147483648")]), ("list", [("list_id", "")]), ("list", [("list_id", "1,2")]),
    ],
)  # fmt: skip
async def test_bad_ids_and_granularities(idle: Sandbox, kind: str, query: Parameters) -> None:
    """Ids are integers and granularities the four words."""
    assert (await reply_to(idle, kind, query)).status_code == 400


@pytest.mark.parametrize("path", ["", "nothing", "campaign/1", "aggregate/x"])
async def test_no_other_statistics(idle: Sandbox, path: str) -> None:
    """Four addresses and no more."""
    assert (await reply_to(idle, path, [])).status_code == 404


async def test_recorded_request() -> None:
    """A wrapper's statistics request, and the same with a verb that is overridden."""
    sandbox = bare()
    log(sandbox, "s", "2024-01-03T00:00:00")
    path = "/admin/api/1/stats/aggregate?_method=GET&auth=sandbox%40example.com%7Cpass%7Cword&event=s&period=week"

    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="https://edm2.example") as client:
        replies = [await client.get(path), await client.post(path, content=b"")]
        written = await client.post(path.replace("GET", "PUT"))

    assert [reply.json() for reply in replies] == [{"all": {"s": [["2024-01-01", 1]]}}] * 2
    assert replies[0].headers["content-type"] == "application/json; charset=UTF-8"
    assert written.status_code == 405
