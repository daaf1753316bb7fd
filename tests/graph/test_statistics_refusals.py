"""Statistics that are refused: before a call, by a limit, or by what a source declares."""

import json
from dataclasses import replace
from typing import Any

import pytest

from adapters.errors import CapabilityError
from adapters.filters.capability import Evidence, StatisticsCapability
from adapters.records import StatisticsPeriod, StatisticsSubject, StatisticsUnit
from tests.graph.conftest import Graph, code_of, reason_of
from tests.graph.sandbox_asking import Asking
from tests.graph.statistics_fields import COUNT
from tests.resolvers.fake_source import build_source
from tests.resolvers.people import build_people

MANY = json.dumps([str(n) for n in range(501)])


REFUSED = {
    "inverted range": ('from: "2024-02-01", to: "2024-01-31"', 'events: ["s"]', "RANGE_INVERTED", ["to"]),
    "empty code": ("", 'events: ["s", ""]', "EVENT_INVALID", ["events", 1]),
    "long code": ("", f'events: ["{"x" * 65}"]', "EVENT_INVALID", ["events", 0]),
    "control character": ("", 'events: ["s\\u0000"]', "EVENT_INVALID", ["events", 0]),
    "line break": ("", 'events: ["s\\n"]', "EVENT_INVALID", ["events", 0]),
    "half a character": ("", 'events: ["\\uD800"]', None, None),
    "too many codes": ("", f"events: {json.dumps([str(n) for n in range(51)])}", "TOO_MANY_EVENTS", ["events"]),
}


@pytest.mark.parametrize(("extra", "events", "reason", "path"), REFUSED.values(), ids=REFUSED)
async def test_refused_before_any_call(
    graph: Graph, extra: str, events: str, reason: str | None, path: list[Any] | None
) -> None:
    """A bad argument would cost a vendor call, or be guessed at."""
    root = await graph.run(f'{{ eventStatistics(source: "sandbox", {events} {extra}) {{ period }} }}')
    await graph.forget_calls()

    assert code_of(root) in {"BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}
    assert reason is None or reason_of(root) == reason
    assert path is None or root["errors"][0]["extensions"]["inputPath"] == path
    below = await graph.run(
        f"{{ campaigns(first: 3) {{ nodes {{ vendorId stats({events} {extra}) {{ period }} }} }} }}"
    )
    assert not [call for call in await graph.calls() if "stats" in call["path"]]
    if path is not None:
        assert [node["stats"] for node in below["data"]["campaigns"]["nodes"]] == [None] * 3


@pytest.mark.parametrize(
    ("field", "reason", "path"),
    [
        ('eventStatistics(source: "elsewhere", events: ["s"]) { period }', "SOURCE_UNKNOWN", ["source"]),
        (
            f'listStatistics(source: "sandbox", ids: {MANY}) {{ vendorId }}',
            "TOO_MANY_IDS",
            ["ids"],
        ),
        (
            f'campaignStatistics(source: "sandbox", events: ["s"], by: {{revisionIds: {MANY}}}) {{ vendorId }}',
            "TOO_MANY_IDS",
            ["by"],
        ),
        ('listStatistics(source: "sandbox", ids: ["5", "x"]) { vendorId }', "ID_INVALID", ["ids", 1]),
        (
            'campaignStatistics(source: "sandbox", events: ["s"], by: {campaignIds: ["x"]}) { vendorId }',
            "ID_INVALID",
            ["by", "campaignIds", 0],
        ),
        (
            'campaignStatistics(source: "sandbox", events: ["s"], by: {activityIds: ["007"]}) { vendorId }',
            "ID_INVALID",
            ["by", "activityIds", 0],
        ),
        (
            'listStatistics(source: "sandbox", ids: ["9223372036854775808"]) { vendorId }',
            "ID_INVALID",
            ["ids", 0],
        ),
    ],
    ids=[
        "unknown source",
        "too many lists",
        "too many revisions",
        "id of no list",
        "id of no campaign",
        "number with zeros before it",
        "number nobody has",
    ],
)
async def test_roots_refused_before_any_call(graph: Graph, field: str, reason: str, path: list[Any]) -> None:
    """What no source can answer is said where it stands."""
    body = await graph.run(f"{{ {field} }}")

    assert (code_of(body), reason_of(body)) == ("BAD_USER_INPUT", reason)
    assert body["errors"][0]["extensions"]["inputPath"] == path
    assert await graph.calls() == []


@pytest.mark.parametrize(
    "arguments",
    [
        'granularity: LIST, events: ["s"]',
        'granularity: "CAMPAIGN", events: ["s"]',
        'events: ["s"], periods: [YEAR]',
        'events: ["s"], periods: null',
        'events: ["s"], from: "2024-02-30"',
        'events: ["s"], to: "2024-02-01T00:00:00Z"',
        'events: ["s"], by: {}',
        'events: ["s"], by: {campaignIds: ["1"], activityIds: ["1"]}',
        'events: ["s"], by: {listIds: ["1"]}',
        'events: ["s"], by: {campaignIds: null}',
        'events: ["s"], by: {campaignIds: [null]}',
        "events: null",
        "",
    ],
)
async def test_the_schema_refuses_what_is_no_question(graph: Graph, arguments: str) -> None:
    """Words that do not exist never get as far as a resolver."""
    body = await graph.run(f'{{ campaignStatistics(source: "sandbox", {arguments}) {{ vendorId }} }}')

    assert {error["extensions"]["code"] for error in body["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
    assert await graph.calls() == []


async def test_a_code_that_does_not_exist_is_an_error_and_not_an_absence(graph: Graph) -> None:
    """A mistyped code would look like a campaign nobody opened."""
    query = f'{{ eventStatistics(source: "sandbox", events: ["s", "zz", "t", "zz"]) {{ {COUNT} }} }}'
    body = await graph.run(query)
    calls = [call["path"] for call in await graph.calls()]

    assert body["data"] == {"eventStatistics": None}
    assert (code_of(body), reason_of(body)) == ("BAD_USER_INPUT", "EVENT_UNKNOWN")
    assert body["errors"][0]["extensions"]["inputPath"] == ["events", 1]
    assert body["errors"][0]["path"] == ["eventStatistics"]
    assert list(dict.fromkeys(path.removeprefix("/admin/api/1/") for path in calls)) == ["stats/aggregate", "event/"]


async def test_a_code_under_which_nothing_happened_is_absent(graph: Graph) -> None:
    """`t` is a type of event that never happened: that is known at the price of one call."""
    body = await graph.run(f'{{ eventStatistics(source: "sandbox", events: ["s", "t"]) {{ {COUNT} }} }}')

    assert [each["eventCode"] for each in body["data"]["eventStatistics"]] == ["s"]
    assert "errors" not in body
    assert len(await graph.calls()) == 2


async def test_a_code_that_does_not_exist_fails_each_record_but_is_looked_up_once(graph: Graph) -> None:
    """Every campaign of a page asks the same."""
    body = await graph.run('{ campaigns(first: 3) { nodes { vendorId stats(events: ["zz"]) { period } } } }')

    assert [node["stats"] for node in body["data"]["campaigns"]["nodes"]] == [None] * 3
    assert {error["extensions"]["reason"] for error in body["errors"]} == {"EVENT_UNKNOWN"}
    assert [error["path"] for error in body["errors"]] == [["campaigns", "nodes", n, "stats"] for n in range(3)]
    assert len(await graph.calls()) == 3


async def test_more_points_than_a_response_may_hold_are_refused(graph: Graph) -> None:
    """A hundred campaigns day by day would hold everyone else up for seconds."""
    day_by_day = 'events: ["s", "o", "c"], periods: [DAY]'
    body = await graph.run(
        f'{{ campaignStatistics(source: "sandbox", {day_by_day}) {{ series {{ points {{ count }} }} }} '
        'eventStatistics(source: "sandbox", events: ["s"]) { points { count } } }'
    )

    assert (code_of(body), reason_of(body)) == ("BUDGET_EXCEEDED", "POINTS")
    assert body["data"]["campaignStatistics"] is None


async def test_points_of_all_fields_count_together(graph: Graph) -> None:
    """Aliases must not be a way round."""
    years = " ".join(
        f'y{year}: campaignStatistics(source: "sandbox", events: ["s"], periods: [DAY], from: "{year}-01-01", '
        f'to: "{year}-12-31") {{ series {{ points {{ count }} }} }}'
        for year in range(2022, 2026)
    )
    body = await graph.run(f"{{ {years} }}")

    told = {name: rows for name, rows in body["data"].items() if rows is not None}
    assert 0 < len(told) < 4
    assert sum(len(each["points"]) for rows in told.values() for row in rows for each in row["series"]) <= 15_000
    assert {error["extensions"]["reason"] for error in body["errors"]} == {"POINTS"}


async def test_more_rows_of_numbers_than_a_response_may_hold_are_refused(graph: Graph) -> None:
    """Each code and each period of each record is a row, which is known before any call."""
    codes = json.dumps([str(number) for number in range(50)])
    stats = f"stats(events: {codes}, periods: [DAY, WEEK, MONTH, ALL]) {{ period unit eventCode }}"
    body = await graph.run(f"{{ campaigns(first: 100) {{ nodes {{ {stats} }} }} }}")

    assert (code_of(body), reason_of(body)) == ("BUDGET_EXCEEDED", "VALUES")
    assert await graph.calls() == []


LIMITED = StatisticsCapability(
    (StatisticsPeriod.ALL,),
    StatisticsUnit.PEOPLE,
    Evidence.OBSERVED,
    "a document",
    within=(StatisticsSubject.CAMPAIGN,),
)


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ('eventStatistics(source: "plain", events: ["s"])  { period }', None),
        ('campaignStatistics(source: "plain", events: ["s"], periods: [ALL, DAY]) { vendorId }', ("periods",)),
        ('campaignStatistics(source: "plain", events: ["s"], by: {activityIds: ["1"]}) { vendorId }', ("by",)),
    ],
    ids=["subject", "period", "what it is narrowed by"],
)
async def test_what_a_source_does_not_declare_is_refused(field: str, path: tuple[str, ...] | None) -> None:
    """A vendor that counts less must not be asked for more."""
    source = build_source("plain", None, *build_people("plain", 1))
    able = replace(source.capability, statistics={StatisticsSubject.CAMPAIGN: LIMITED})
    asking = Asking({"plain": replace(source, capability=able)})

    result = await asking.run(f"{{ {field} }}")

    assert result.errors
    (error,) = result.errors
    assert isinstance(error.original_error, CapabilityError)
    assert error.original_error.reason == "CAPABILITY_MISSING"
    assert error.original_error.path == (path or ())
    assert asking.calls == []


async def test_a_source_without_statistics_says_so() -> None:
    """Somebody who asks a source that cannot count must learn it before any call."""
    source = build_source("plain", None, *build_people("plain", 1))
    asking = Asking({"plain": source})

    result = await asking.run(
        '{ eventStatistics(source: "plain", events: ["s"]) { period } '
        'campaigns { nodes { vendorId stats(events: ["s"]) { period } } } }'
    )

    assert result.errors
    reasons = {(error.original_error.code, error.original_error.reason) for error in result.errors}
    assert reasons == {("BAD_USER_INPUT", "CAPABILITY_MISSING")}
    assert await asking.ask("{ sources { statistics { subject } } }") == {"sources": [{"statistics": []}]}
    assert not [call for call in asking.calls if "stats" in call.operation]
