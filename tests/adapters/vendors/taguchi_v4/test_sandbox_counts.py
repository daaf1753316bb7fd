"""The sandbox's statistics against a direct count of what its store holds."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox
from tests.adapters.vendors.taguchi_v4.sandbox_statistics import Mode, Parameters, Row, Series, counts

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
