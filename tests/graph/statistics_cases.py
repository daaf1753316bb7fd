"""
Random questions about statistics, asked of the graph and counted by hand in the sandbox's store.

A case is a number: everything random in it follows from that, so a failure names all there is to know.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal

import httpx

from adapters.contract import Source
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.sandbox import Sandbox, SandboxOptions, create_sandbox
from adapters.vendors.taguchi_v4.sandbox.events.logged import TEST
from resolvers.statistics import MAX_POINTS
from tests.adapters.vendors.taguchi_v4.world import build_settings
from tests.graph.sandbox_asking import SOURCE, Asking

Mode = Literal["days", "instants", "buckets"]
Points = dict[str | None, int]
Numbers = dict[tuple[str, str], Points]
"""The points of each code and period."""

ROWS: Final = "period unit points { bucket count }"
EVENT_ROWS: Final = f"eventCode {ROWS}"
LIST_ROWS: Final = f"measure {ROWS}"
KINDS: Final = ("campaign", "activity", "revision", "configuration")
PERIODS: Final = ("DAY", "WEEK", "MONTH", "ALL")
MEASURES: Final = ("ACTIVE", "TOTAL", "UNSUBSCRIBED", "BOUNCED")
ODD_IDS: Final = ("0", "99999", "70007", "88888", "2147483647")


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened on a day, and the ids it belongs to."""

    day: date
    code: str
    ids: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Account:
    """A sandbox's account, and everything in it that statistics count."""

    sandbox: Sandbox
    mode: Mode
    events: Sequence[Happened]
    changes: Sequence[Happened]
    lists: Sequence[str]
    codes: Sequence[str]

    def open(self) -> Asking:
        """Open the graph over it, for the running loop."""
        settings = build_settings()
        adapter = ADAPTER.open(SOURCE, settings, httpx.ASGITransport(self.sandbox.app))
        return Asking({SOURCE: Source(SOURCE, ADAPTER, ADAPTER.build_capability(settings), adapter)})


def build_account(mode: Mode, people: int = 400, events: int = 8_000) -> Account:
    """Build an account whose server bounds ranges in one of three ways."""
    sandbox = create_sandbox(subscribers=people, events=events, options=SandboxOptions(statistics_range=mode))
    lists = [str(row["id"]) for row in sandbox.store.rows("list")]
    return Account(
        sandbox,
        mode,
        list(_list_events(sandbox)),
        [change for change in _list_changes(sandbox) if str(change.ids["list"]) in lists],
        lists,
        [row["ref"] for row in sandbox.store.rows("event")],
    )


def _list_events(sandbox: Sandbox) -> Iterable[Happened]:
    log = sandbox.store.events
    for place in range(len(log)):
        if not log.flags[place] & TEST:
            day = datetime.fromtimestamp(log.timestamp_us[place] // 1_000_000, UTC).date()
            ids = {kind: getattr(log, f"{kind}_id")[place] for kind in KINDS}
            yield Happened(day, log.types[log.type[place]], ids)


def _list_changes(sandbox: Sandbox) -> Iterable[Happened]:
    for row in sandbox.store.rows("subscriber"):
        for entry in row["lists"]:
            times = {"TOTAL": entry["timestamp"], "UNSUBSCRIBED": entry["unsubscribed"], "BOUNCED": row["bounced"]}
            for code, at in times.items():
                if at is not None:
                    yield Happened(date.fromisoformat(at[:10]), code, {"list": entry["list_id"]})


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of which codes, in which periods, from and to which day."""

    mode: Mode
    codes: Sequence[str]
    periods: Sequence[str]
    since: date | None
    until: date | None

    @property
    def args(self) -> str:
        """The arguments as a client writes them."""
        given = [f"periods: [{', '.join(self.periods)}]"]
        given += [f"events: [{', '.join(map(_quote, self.codes))}]"] if self.codes else []
        given += [f'from: "{self.since}"'] if self.since else []
        given += [f'to: "{self.until}"'] if self.until else []
        return ", ".join(given)

    def count(self, happened: Iterable[Happened]) -> Numbers:
        """Count what happened, bucket by bucket; nothing stands where nothing happened."""
        found: dict[tuple[str, str], Counter[str | None]] = defaultdict(Counter)
        for each in happened:
            for period in self.periods:
                bucket = find_bucket(period, each.day)
                if self._holds(each.day, bucket, period):
                    found[each.code, period][None if period == "ALL" else bucket.isoformat()] += 1
        return {key: dict(points) for key, points in found.items()}

    def _holds(self, day: date, bucket: date, period: str) -> bool:
        """Say whether a day counts; a server that goes by buckets counts whole weeks and months."""
        bound = bucket if self.mode == "buckets" and period in {"WEEK", "MONTH"} else day
        return (self.since is None or bound >= self.since) and (self.until is None or bound <= self.until)

    def count_lists(self, happened: Iterable[Happened]) -> Numbers:
        """Count changes of lists: all four measures where any changed, and zeros where nothing ever did."""
        counted = self.count(happened)
        found: Numbers = {}
        for period in self.periods:
            flows = {code: counted.get((code, period), {}) for code in MEASURES[1:]}
            buckets = {bucket for points in flows.values() for bucket in points} or (
                {None} if period == "ALL" else set()
            )
            for bucket in buckets:
                total, left, bounced = (flows[code].get(bucket, 0) for code in MEASURES[1:])
                for code, count in zip(MEASURES, (total - left - bounced, total, left, bounced), strict=True):
                    found.setdefault((code, period), {})[bucket] = count
        return found


def find_bucket(period: str, day: date) -> date:
    """The first day of the day's bucket; weeks start on Mondays, as in the document's example."""
    match period:
        case "WEEK":
            return day - timedelta(days=day.weekday())
        case "MONTH":
            return day.replace(day=1)
    return day


def _quote(text: str) -> str:
    return f'"{text}"'


def build_question(chance: random.Random, account: Account) -> Question:
    """Ask for random codes, periods and days."""
    days = sorted(date(2021, 6, 1) + timedelta(days=chance.randrange(2100)) for _ in range(2))
    since, until = (day if chance.random() < 0.7 else None for day in days)
    codes = [*chance.sample(account.codes, chance.randint(1, 6)), "s"]
    return Question(account.mode, codes, chance.sample(PERIODS, chance.randint(1, 3)), since, until)


@dataclass(frozen=True, slots=True)
class Expected:
    """An operation, how its answer is read, and what must be in it."""

    query: str
    read: Callable[[Any], dict[str, Numbers]]
    numbers: Mapping[str, Numbers]


def read_rows(rows: Iterable[Mapping[str, Any]]) -> Numbers:
    """Read rows of numbers; each must stand once, in the order of time, and say what it counts."""
    found: Numbers = {}
    for row in rows:
        key = row.get("eventCode") or row["measure"], row["period"]
        buckets = [point["bucket"] for point in row["points"]]
        assert key not in found
        assert row["unit"] == "UNSTATED"
        assert buckets == sorted(set(buckets), key=str)
        found[key] = {point["bucket"]: point["count"] for point in row["points"]}
    return found


def read_subjects(rows: Iterable[Mapping[str, Any]], name: str = "series") -> dict[str, Numbers]:
    """Read sets of numbers by their subjects' ids, each once."""
    listed = [(row["vendorId"], read_rows(row[name])) for row in rows]
    assert len(dict(listed)) == len(listed)
    return dict(listed)


def expect_account(chance: random.Random, account: Account) -> Expected:
    """Everything that happened."""
    asked = build_question(chance, account)
    happened = [event for event in account.events if event.code in asked.codes]
    query = f'{{ found: eventStatistics(source: "{SOURCE}", {asked.args}) {{ {EVENT_ROWS} }} }}'
    return Expected(query, lambda found: {"": read_rows(found)}, {"": asked.count(happened)})


def expect_campaigns(chance: random.Random, account: Account) -> Expected:
    """What happened for each of a kind, all or narrowed by the ids of any kind."""
    asked, granularity, within = build_question(chance, account), chance.choice(KINDS), chance.choice((None, *KINDS))
    happened = [event for event in account.events if event.code in asked.codes]
    ids = _choose_ids(chance, {str(event.ids[within]) for event in happened} - {"-1"}) if within else []
    by = f", by: {{{within}Ids: [{', '.join(map(_quote, ids))}]}}" if within else ""
    chosen = [
        event for event in happened if within is None or (event.ids[within] >= 0 and str(event.ids[within]) in ids)
    ]
    groups = _group(chosen, granularity)
    numbers = {id_: asked.count(events) for id_, events in groups.items()}
    if within == granularity:
        numbers = {id_: numbers.get(id_, {}) for id_ in ids}
    else:
        numbers = {id_: each for id_, each in numbers.items() if each}
    query = (
        f'{{ found: campaignStatistics(source: "{SOURCE}", granularity: {granularity.upper()}, {asked.args}{by}) '
        f"{{ vendorId series {{ {EVENT_ROWS} }} }} }}"
    )
    return Expected(query, read_subjects, numbers)


def expect_memberships(chance: random.Random, account: Account) -> Expected:
    """How all lists together went."""
    asked = _without_codes(build_question(chance, account))
    query = f'{{ found: membershipStatistics(source: "{SOURCE}", {asked.args}) {{ {LIST_ROWS} }} }}'
    return Expected(query, lambda found: {"": read_rows(found)}, {"": asked.count_lists(account.changes)})


def expect_lists(chance: random.Random, account: Account) -> Expected:
    """How each list went, all or those named."""
    asked = _without_codes(build_question(chance, account))
    ids = _choose_ids(chance, account.lists) if chance.random() < 0.6 else None
    given = "" if ids is None else f", ids: [{', '.join(map(_quote, ids))}]"
    groups = _group(account.changes, "list")
    numbers = {
        id_: asked.count_lists(groups.get(id_, ())) if id_ in account.lists else {}
        for id_ in (account.lists if ids is None else ids)
    }
    query = (
        f'{{ found: listStatistics(source: "{SOURCE}", {asked.args}{given}) {{ vendorId series {{ {LIST_ROWS} }} }} }}'
    )
    return Expected(query, read_subjects, numbers)


def expect_below(chance: random.Random, account: Account) -> Expected:
    """What happened for each record of a page."""
    asked, first = build_question(chance, account), chance.randint(1, 40)
    kind, page = chance.choice((("campaign", "campaigns"), ("activity", "activities"), ("revision", "activities")))
    rows = sorted(
        account.sandbox.store.rows("campaign" if kind == "campaign" else "activity"), key=lambda row: row["id"]
    )
    shown = [each["id"] for row in rows[:first] for each in (row["revisions"] if kind == "revision" else [row])]
    groups = _group([event for event in account.events if event.code in asked.codes], kind)
    stats = f"vendorId stats({asked.args}) {{ {EVENT_ROWS} }}"
    below = f"revisions(which: HISTORY) {{ {stats} }}" if kind == "revision" else stats
    return Expected(
        f"{{ found: {page}(first: {first}) {{ nodes {{ {below} }} }} }}",
        _read_revisions if kind == "revision" else _read_page,
        {str(id_): asked.count(groups.get(str(id_), ())) for id_ in shown},
    )


def expect_lists_below(chance: random.Random, account: Account) -> Expected:
    """How each list of a page went."""
    asked, first = _without_codes(build_question(chance, account)), chance.randint(1, 40)
    groups = _group(account.changes, "list")
    return Expected(
        f"{{ found: lists(first: {first}) {{ nodes {{ vendorId stats({asked.args}) {{ {LIST_ROWS} }} }} }} }}",
        _read_page,
        {id_: asked.count_lists(groups.get(id_, ())) for id_ in sorted(account.lists, key=int)[:first]},
    )


EXPECT: Final = (
    expect_account,
    expect_campaigns,
    expect_campaigns,
    expect_memberships,
    expect_lists,
    expect_below,
    expect_lists_below,
)


def _read_page(found: Any) -> dict[str, Numbers]:
    return read_subjects(found["nodes"], "stats")


def _read_revisions(found: Any) -> dict[str, Numbers]:
    return read_subjects((each for node in found["nodes"] for each in node["revisions"]), "stats")


def _without_codes(asked: Question) -> Question:
    return Question(asked.mode, (), asked.periods, asked.since, asked.until)


def _choose_ids(chance: random.Random, known: Iterable[str]) -> list[str]:
    """Choose ids that exist and ids that do not, each once or never."""
    there = sorted(known)
    ids = chance.sample(there, min(len(there), chance.randint(0, 60))) + chance.sample(ODD_IDS, chance.randint(0, 3))
    chance.shuffle(ids)
    return ids


def _group(happened: Iterable[Happened], kind: str) -> Mapping[str, list[Happened]]:
    groups: dict[str, list[Happened]] = defaultdict(list)
    for each in happened:
        if each.ids[kind] >= 0:
            groups[str(each.ids[kind])].append(each)
    return groups


async def run_case(number: int, account: Account) -> int:
    """Ask one random question, compare the answer with the count, and return how many points there were."""
    chance = random.Random(number)  # noqa: S311 - a case is its number
    expected = chance.choice(EXPECT)(chance, account)
    points = sum(len(each) for numbers in expected.numbers.values() for each in numbers.values())
    result = await account.open().run(expected.query)
    if points > MAX_POINTS:
        assert {getattr(error.original_error, "reason", None) for error in result.errors or ()} == {"POINTS"}, number
        return 0
    assert result.errors is None, (number, expected.query, result.errors)
    assert result.data is not None
    found = expected.read(result.data["found"])
    assert list(found.items()) == list(_in_order(expected, found)), (number, expected.query)
    return points


def _in_order(expected: Expected, found: Mapping[str, Numbers]) -> Iterable[tuple[str, Numbers]]:
    """The numbers expected: in the order of the ids where all there are were asked for."""
    assert set(expected.numbers) == set(found), expected.query
    named = "by:" in expected.query or "ids:" in expected.query or "nodes" in expected.query
    ids = expected.numbers if named and _names_subjects(expected) else sorted(expected.numbers, key=_place)
    return ((id_, expected.numbers[id_]) for id_ in ids)


def _names_subjects(expected: Expected) -> bool:
    query = expected.query
    if "by:" not in query:
        return True
    granularity = query.partition("granularity: ")[2].partition(",")[0].lower()
    return f"{{{granularity}Ids" in query


def _place(id_: str) -> tuple[int, str]:
    return len(id_), id_
