"""The sandbox's statistics: against the document's examples, and against a direct count of what the store holds."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import httpx
import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox

Mode = Literal["days", "instants", "buckets"]
Series = dict[str, list[list[Any]]]
Parameters = list[tuple[str, str]]
Row = dict[str, Any]

EXAMPLES = Path(__file__).parent / "sandbox_examples"
YEAR = [("start_date", "2010-01-01T00:00:00"), ("end_date", "2010-06-01T00:00:00")]
LONG_AGO = "2001-01-01T00:00:00"


def example(name: str) -> dict[str, Series]:
    """One of the document's replies."""
    reply: dict[str, Series] = json.loads((EXAMPLES / f"stats-{name}.json").read_text())
    return reply


def bare(**options: Any) -> Sandbox:
    """An account with two subscribers and nothing that happened to them."""
    sandbox = create_sandbox(subscribers=0, events=0, options=SandboxOptions(**options))
    for _ in range(2):
        sandbox.store.insert("subscriber", {})
    return sandbox


@pytest.fixture(scope="module")
def idle() -> Sandbox:
    """An account for requests that are refused."""
    return bare()


async def reply_to(sandbox: Sandbox, kind: str, parameters: Parameters) -> httpx.Response:
    """The reply to a statistics request."""
    query = urlencode([*parameters, ("auth", "sandbox-token")])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="https://edm2.example") as client:
        return await client.get(f"/admin/api/1/stats/{kind}?{query}")


async def counts(sandbox: Sandbox, kind: str, *parameters: tuple[str, str]) -> dict[str, Series]:
    """What a statistics request counts."""
    reply = await reply_to(sandbox, kind, list(parameters))
    assert reply.status_code == 200, reply.text
    counted: dict[str, Series] = reply.json()
    return counted


def log(sandbox: Sandbox, ref: str, at: str, **fields: Any) -> None:
    """Add a logged event."""
    sandbox.store.insert_event({"event_ref": ref, "timestamp": at, **fields})


# --- the document's examples ------------------------------------------------------------------------------------------


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

BUCKETS: dict[str, Callable[[date], str]] = {
    "day": lambda day: day.isoformat(),
    "week": lambda day: date.fromisocalendar(*day.isocalendar()[:2], 1).isoformat(),
    "month": lambda day: day.strftime("%Y-%m-01"),
    "all": lambda _day: "all",
}
GRANULARITIES = ("campaign", "activity", "revision", "configuration")
REFS = ("s", "o", "c", "p", "b", "u", "v", "f", "aau", "asu", "zzz")


@pytest.fixture(scope="module", params=["days", "instants", "buckets"])
def seeded(request: pytest.FixtureRequest) -> Sandbox:
    """The made-up account, smaller, counted in one of the three ways."""
    options = SandboxOptions(statistics_range=request.param)
    return create_sandbox(subscribers=800, events=15_000, options=options)


@pytest.fixture(scope="module")
def countable(seeded: Sandbox) -> list[Row]:
    """The events that count."""
    return [row for row in seeded.store.event_rows() if row["type"] == "logged" and not row["test"]]


@pytest.fixture(scope="module")
def changes(seeded: Sandbox) -> list[tuple[int, str, str]]:
    """What happened to lists: list, flow, time."""
    visible = {row["id"] for row in seeded.store.rows("list")}
    flows = {"total": "timestamp", "unsubscribed": "unsubscribed", "bounced": "bounced"}
    return [
        (item["list_id"], flow, item[field])
        for item in seeded.store.memberships()
        for flow, field in flows.items()
        if item["list_id"] in visible and item[field] is not None
    ]


def _within(mode: Mode, asked: Parameters, period: str, at: str) -> bool:
    """Whether a moment counts, decided on texts."""
    given = dict(asked)
    start, end = given.get("start_date", ""), given.get("end_date", "9")
    if mode == "instants":
        return start <= at <= end
    day = at[:10]
    if mode == "buckets" and period != "all":
        day = BUCKETS[period](date.fromisoformat(day))
    return start[:10] <= day <= end[:10]


def _count(found: Iterator[tuple[str, str, str]], asked: Parameters, mode: Mode) -> dict[str, Series]:
    """Count (group, series, time) as the document words it."""
    listed = list(found)
    expected: dict[str, Series] = {}
    for period in dict.fromkeys(value for key, value in asked if key == "period") or ["all"]:
        tally = Counter(
            (group, ref, BUCKETS[period](date.fromisoformat(at[:10])))
            for group, ref, at in listed
            if _within(mode, asked, period, at)
        )
        for (group, ref, bucket), number in sorted(tally.items()):
            expected.setdefault(group, {}).setdefault(ref, []).append([bucket, number])
    return expected


def _expected_events(kind: str, rows: list[Row], asked: Parameters, mode: Mode) -> dict[str, Series]:
    refs = {value for key, value in asked if key == "event"}
    group = next((f"{value}_id" for key, value in asked if key == "granularity"), "campaign_id")
    restricted = next((f"{name}_id" for name in GRANULARITIES if f"{name}_id" in dict(asked)), None)
    ids = {int(value) for key, value in asked if key == restricted}
    found = (
        ("all" if kind == "aggregate" else str(row[group]), row["event_ref"], row["timestamp"])
        for row in rows
        if (not refs or row["event_ref"] in refs)
        and (kind == "aggregate" or row[group] is not None)
        and (kind == "aggregate" or restricted is None or row[restricted] in ids)
    )
    counted = _count(found, asked, mode)
    return {"all": counted.get("all", {})} if kind == "aggregate" else counted


def _draw_common(source: random.Random) -> Parameters:
    asked: Parameters = []
    if source.random() < 0.8:
        asked.append(("start_date", _draw_time(source)))
    if source.random() < 0.8:
        asked.append(("end_date", _draw_time(source)))
    asked += [("period", source.choice(tuple(BUCKETS))) for _ in range(source.choice((0, 1, 1, 1, 2, 3)))]
    return asked


def _draw_time(source: random.Random) -> str:
    moment = datetime(2019, 12, 1, tzinfo=UTC) + timedelta(seconds=source.randrange(1900 * 86400))
    whole = moment.replace(hour=0, minute=0, second=0) if source.random() < 0.6 else moment
    return whole.strftime("%Y-%m-%dT%H:%M:%S")


def _draw_events(source: random.Random, kind: str) -> Parameters:
    asked = _draw_common(source)
    asked += [("event", ref) for ref in source.sample(REFS, source.choice((0, 1, 2, 3)))]
    if kind == "campaign":
        if source.random() < 0.7:
            asked.append(("granularity", source.choice(GRANULARITIES)))
        for name in source.sample(GRANULARITIES, source.choice((0, 0, 1, 1, 2, 4))):
            asked += [(f"{name}_id", str(source.randrange(1, 70))) for _ in range(source.choice((1, 3, 20)))]
    source.shuffle(asked)
    return asked


async def _compare_events(sandbox: Sandbox, rows: list[Row], source: random.Random, number: int) -> int:
    filled = 0
    for _ in range(number):
        kind = source.choice(("aggregate", "campaign", "campaign"))
        asked = _draw_events(source, kind)
        expected = _expected_events(kind, rows, asked, sandbox.options.statistics_range)
        assert (asked, await counts(sandbox, kind, *asked)) == (asked, expected)
        filled += any(expected.values())
    return filled


async def test_events_like_a_direct_count(seeded: Sandbox, countable: list[Row]) -> None:
    """Numbers that are nearly right are worse than none."""
    assert await _compare_events(seeded, countable, random.Random(seeded.options.statistics_range), 60) > 20  # noqa: S311


@pytest.mark.bars
async def test_events_like_a_direct_count_at_length(seeded: Sandbox, countable: list[Row]) -> None:
    """The same for as long as the bars run."""
    await _compare_events(seeded, countable, random.Random(5), 500)  # noqa: S311


async def test_lists_like_a_direct_count(seeded: Sandbox, changes: list[tuple[int, str, str]]) -> None:
    """Lists and their aggregate, for drawn ranges, periods and lists."""
    source = random.Random(7)  # noqa: S311
    for _ in range(25):
        asked, kind = _draw_common(source), source.choice(("list", "listaggregate"))
        only = [str(source.randrange(1, 45)) for _ in range(source.choice((0, 1, 5)))] if kind == "list" else []
        counted = await counts(seeded, kind, *asked, *(("list_id", list_id) for list_id in only))

        found = (
            ("all" if kind == "listaggregate" else str(list_id), flow, at)
            for list_id, flow, at in changes
            if not only or str(list_id) in only
        )
        expected = _count(found, asked, seeded.options.statistics_range)
        lists = {str(row["id"]) for row in seeded.store.rows("list")}
        assert counted.keys() == ({"all"} if kind == "listaggregate" else lists & set(only) if only else lists)
        for group, series in counted.items():
            _check_list_series(series, expected.get(group, {}))


def _check_list_series(series: Series, expected: Series) -> None:
    """Zeros may stand for what is not there; active is what came less what went; all have the same buckets."""
    assert list(series) == ["active", "total", "unsubscribed", "bounced"]
    assert len({tuple(bucket for bucket, _ in rows) for rows in series.values()}) == 1
    for name, rows in series.items():
        if name != "active":
            assert [row for row in rows if row[1]] == expected.get(name, [])
    for row in zip(*series.values(), strict=True):
        active, total, unsubscribed, bounced = (number for _, number in row)
        assert active == total - unsubscribed - bounced


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
