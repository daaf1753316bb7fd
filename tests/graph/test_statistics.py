"""Statistics in the graph: what they cost, what is refused, and what a failure takes along."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.contract import Source
from adapters.errors import CapabilityError
from adapters.filters.capability import Evidence, StatisticsCapability
from adapters.records import StatisticsPeriod, StatisticsSubject, StatisticsUnit
from adapters.sandbox import Fault
from adapters.vendors.taguchi_v4 import ADAPTER
from adapters.vendors.taguchi_v4.sandbox import Sandbox, create_sandbox
from graph.cli import main
from resolvers.principal import LOCAL, Principal, Scope
from tests.adapters.vendors.taguchi_v4.world import build_settings
from tests.graph.conftest import Graph, code_of, reason_of
from tests.graph.sandbox_asking import SOURCE, Asking
from tests.graph.test_call_counts import SUBSCRIBERS, campaign_ids, list_ids, window
from tests.graph.vendor_side import ask, read_rows
from tests.resolvers.fake_source import build_source
from tests.resolvers.people import build_people

COUNT = "eventCode period points { bucket count }"
CHANGE = "measure period points { bucket count }"
SENT = f'stats(events: ["s"]) {{ {COUNT} }}'
RANGE = 'from: "2024-01-01", to: "2024-12-31"'
MANY = json.dumps([str(n) for n in range(501)])
WIRE_RANGE = "start_date=2024-01-01T00:00:00 end_date=2024-12-31T23:59:59"


def stats_line(kind: str, events: str, ids: Any = (), more: str = "") -> str:
    """The one call that counts, as the vendor receives it."""
    words = [f"stats {'list' if kind == 'list' else 'campaign'}", *(f"event={code}" for code in events)]
    words += [more] if more else []
    words += ["period=all", *(f"{kind}_id={id_}" for id_ in ids)]
    return " ".join([*words, *([] if kind == "list" else [f"granularity={kind}"])])


# what they cost


async def test_a_page_with_statistics_of_its_campaigns_is_four_calls(graph: Graph) -> None:
    """A hundred people lead to dozens of campaigns, whose numbers are one question."""
    rows = await read_rows(graph, "subscriber", limit=100)
    there = {row["id"] for row in await read_rows(graph, "campaign")}
    named = list(dict.fromkeys(row["campaign_id"] for row in rows if row["campaign_id"] in there))
    below = f"campaign {{ vendorId {SENT} }} memberships {{ list {{ name }} }}"

    data = await ask(
        graph,
        f"{{ subscribers(first: 100) {{ nodes {{ {below} }} }} }}",
        SUBSCRIBERS,
        window("campaign", campaign_ids(rows)),
        window("list", list_ids(rows)),
        stats_line("campaign", "s", named),
    )

    campaigns = {
        node["campaign"]["vendorId"]: node["campaign"] for node in data["subscribers"]["nodes"] if node["campaign"]
    }
    assert sum(bool(campaign["stats"]) for campaign in campaigns.values()) > 30
    for campaign in campaigns.values():
        assert [(each["eventCode"], each["period"], len(each["points"])) for each in campaign["stats"]] in (
            [],
            [("s", "ALL", 1)],
        )


async def test_twenty_lists_with_statistics_are_two_calls(graph: Graph) -> None:
    """One call for the lists and one for everything that happened to them."""
    rows = await read_rows(graph, "list", limit=20)

    data = await ask(
        graph,
        f"{{ lists(first: 20) {{ nodes {{ vendorId stats {{ {CHANGE} }} }} }} }}",
        "list by id, 21",
        stats_line("list", "", [row["id"] for row in rows]),
    )

    for node in data["lists"]["nodes"]:
        counts = {each["measure"]: each["points"][0]["count"] for each in node["stats"]}
        assert counts["ACTIVE"] == counts["TOTAL"] - counts["UNSUBSCRIBED"] - counts["BOUNCED"]


async def test_activities_and_their_revisions_are_counted_in_one_call_each(graph: Graph) -> None:
    """Thirty activities with their latest revision are one call already; their numbers are two more."""
    rows = await read_rows(graph, "activity", limit=30)
    await graph.run("{ __typename }")
    data = await ask(
        graph,
        f"{{ activities(first: 30) {{ nodes {{ {SENT} revisions(which: LATEST) {{ vendorId {SENT} }} }} }} }}",
        "activity by id revisions=latest, 31",
        stats_line("activity", "s", [row["id"] for row in rows]),
        stats_line("revision", "s", await _latest_revisions(graph)),
    )

    assert sum(bool(node["stats"]) for node in data["activities"]["nodes"]) > 10


async def _latest_revisions(graph: Graph) -> list[str]:
    body = await graph.run("{ activities(first: 30) { nodes { revisions(which: LATEST) { vendorId } } } }")
    return [each["vendorId"] for node in body["data"]["activities"]["nodes"] for each in node["revisions"]]


async def test_neighbours_that_differ_in_codes_share_a_call(graph: Graph) -> None:
    """A dashboard asks for one number in each of its boxes."""
    boxes = " ".join(f'{code}: stats(events: ["{code}", "s"]) {{ {COUNT} }}' for code in "ocb")

    data = await ask(
        graph,
        f"{{ campaigns(first: 2) {{ nodes {{ {boxes} }} }} }}",
        "campaign by id, 3",
        stats_line("campaign", "oscb", (1, 2)),
    )

    for node in data["campaigns"]["nodes"]:
        for code in "ocb":
            assert {each["eventCode"] for each in node[code]} <= {code, "s"}
            assert node[code][-1] == node["o"][-1]
    assert any(len(node["o"]) == 2 for node in data["campaigns"]["nodes"])


async def test_each_range_and_each_period_is_a_call_of_its_own(graph: Graph) -> None:
    """A reply does not say which range or period its numbers are of."""
    data = await ask(
        graph,
        f'{{ campaigns(first: 2) {{ nodes {{ stats(events: ["s"]) {{ {COUNT} }} '
        f'year: stats(events: ["s"], {RANGE}, periods: [ALL, MONTH, ALL]) {{ {COUNT} }} }} }} }}',
        "campaign by id, 3",
        stats_line("campaign", "s", (1, 2)),
        stats_line("campaign", "s", (1, 2), WIRE_RANGE),
        stats_line("campaign", "s", (1, 2), WIRE_RANGE).replace("period=all", "period=month"),
    )

    for node in data["campaigns"]["nodes"]:
        altogether, monthly = node["year"]
        assert (altogether["period"], monthly["period"]) == ("ALL", "MONTH")
        assert altogether["points"][0]["count"] == sum(point["count"] for point in monthly["points"])
        assert altogether["points"][0]["count"] < node["stats"][0]["points"][0]["count"]


ROOTS = {
    f'eventStatistics(source: "sandbox", events: ["s"]) {{ {COUNT} }}': "stats aggregate event=s period=all",
    f'membershipStatistics(source: "sandbox", {RANGE}) {{ {CHANGE} }}': f"stats listaggregate {WIRE_RANGE} period=all",
    'listStatistics(source: "sandbox") { vendorId }': "stats list period=all",
    'listStatistics(source: "sandbox", ids: null) { vendorId }': "stats list period=all",
    'listStatistics(source: "sandbox", ids: ["3"]) { vendorId }': "stats list period=all list_id=3",
    'campaignStatistics(source: "sandbox", events: ["s"]) { vendorId granularity }': stats_line("campaign", "s"),
    'campaignStatistics(source: "sandbox", events: ["s"], granularity: REVISION) { vendorId }': stats_line(
        "revision", "s"
    ),
    'campaignStatistics(source: "sandbox", events: ["s"], by: {activityIds: ["3", "4"]}) { vendorId }': (
        "stats campaign event=s period=all activity_id=3 activity_id=4 granularity=campaign"
    ),
}


@pytest.mark.parametrize(("field", "line"), ROOTS.items(), ids=list(ROOTS))
async def test_a_root_field_is_one_call(graph: Graph, field: str, line: str) -> None:
    """Everything an account can count is one call away."""
    data = await ask(graph, f"{{ a: {field} b: {field} }}", line)

    assert data["a"] == data["b"]
    assert data["a"]


async def test_questions_narrowed_by_other_records_are_calls_of_their_own(graph: Graph) -> None:
    """Numbers of one call, of what several records brought, cannot be told apart again."""
    points = "series { points { count } }"
    field = f'campaignStatistics(source: "sandbox", events: ["s"], by: {{activityIds: ["%d"]}}) {{ {points} }}'
    line = "stats campaign event=s period=all activity_id=%d granularity=campaign"

    data = await ask(graph, f"{{ a: {field % 3} b: {field % 4} }}", line % 3, line % 4)

    alone = (await ask(graph, f"{{ {field % 4} }}", line % 4))["campaignStatistics"]
    assert data["b"] == alone != data["a"]


async def test_a_range_of_one_day_is_that_day(graph: Graph) -> None:
    """Both ends belong to the range."""
    day = 'from: "2024-03-05", to: "2024-03-05", periods: [DAY]'
    body = await graph.run(f'{{ eventStatistics(source: "sandbox", events: ["s"], {day}) {{ points {{ bucket }} }} }}')

    assert body["data"]["eventStatistics"] == [{"points": [{"bucket": "2024-03-05"}]}]


async def test_names_of_events_and_records_cost_a_call_each_when_they_are_asked_for(graph: Graph) -> None:
    """Ids and codes are turned into names by the same look-ups as everywhere."""
    data = await ask(
        graph,
        '{ campaignStatistics(source: "sandbox", events: ["s", "o"], by: {campaignIds: ["1", "2", "23"]}) '
        "{ vendorId granularity campaign { name } activity { name } series { eventType { name } } } }",
        "stats campaign event=s event=o period=all campaign_id=1 campaign_id=2 campaign_id=23 granularity=campaign",
        window("campaign", {1, 2, 23}),
        # no larger page of campaigns was seen yet: that nothing comes after 2 is asked, not assumed
        "campaign where id-gte-23 & id-lte-23 by id, 1",
        "event where ref-re-^(?:s|o)$ by ref, 1000",
    )

    rows = data["campaignStatistics"]
    assert [(row["vendorId"], row["granularity"], row["activity"]) for row in rows] == [
        ("1", "CAMPAIGN", None), ("2", "CAMPAIGN", None), ("23", "CAMPAIGN", None),
    ]  # fmt: skip
    assert [row["campaign"] is None for row in rows] == [False, False, True]
    assert [each["eventType"]["name"] for each in rows[0]["series"]] == ["Sent", "Opened"]


async def test_what_asks_for_nothing_costs_nothing(graph: Graph) -> None:
    """An empty list is what a page sends on which nothing is chosen."""
    data = await ask(
        graph,
        '{ a: eventStatistics(source: "sandbox", events: []) { period } '
        'b: eventStatistics(source: "sandbox", events: ["s"], periods: []) { period } '
        'c: listStatistics(source: "sandbox", ids: []) { vendorId } '
        'd: campaignStatistics(source: "sandbox", events: ["s"], by: {activityIds: []}) { vendorId } }',
    )

    assert data == {"a": [], "b": [], "c": [], "d": []}


async def test_no_period_below_a_record_costs_only_the_record(graph: Graph) -> None:
    """Below a list or an activity, an empty list is as good a question as at the root."""
    data = await ask(
        graph,
        "{ lists(first: 2) { nodes { stats(periods: []) { period } "
        'ranged: stats(periods: [], from: "2024-01-01") { period } } } }',
        "list by id, 3",
    )

    assert data == {"lists": {"nodes": [{"stats": [], "ranged": []}] * 2}}


# what is refused


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
    ],
    ids=["unknown source", "too many lists", "too many revisions"],
)
async def test_roots_refused_before_any_call(graph: Graph, field: str, reason: str, path: list[str]) -> None:
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

    (error,) = result.errors or ()
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
    reasons = {(error.original_error.code, error.original_error.reason) for error in result.errors}  # type: ignore[union-attr]
    assert reasons == {("BAD_USER_INPUT", "CAPABILITY_MISSING")}
    assert await asking.ask("{ sources { statistics { subject } } }") == {"sources": [{"statistics": []}]}
    assert not [call for call in asking.calls if "stats" in call.operation]


# what a failure takes along


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    """An account of its own, for faults."""
    return create_sandbox(subscribers=20, events=2_000)


@pytest.fixture(autouse=True)
def _sound_again(sandbox: Sandbox) -> Iterator[None]:
    yield
    sandbox.faults.clear()


def open_asking(sandbox: Sandbox, principal: Principal = LOCAL) -> Asking:
    settings = build_settings()
    adapter = ADAPTER.open(SOURCE, settings, httpx.ASGITransport(sandbox.app))
    return Asking({SOURCE: Source(SOURCE, ADAPTER, ADAPTER.build_capability(settings), adapter)}, principal)


async def test_a_failed_period_fails_its_field_alone(sandbox: Sandbox) -> None:
    """Half of the periods would read as if nothing had happened in the other half."""
    sandbox.faults.add(Fault("html", match="period=day"))
    asking = open_asking(sandbox)
    result = await asking.run(
        '{ campaigns(first: 2) { nodes { name both: stats(events: ["s"], periods: [ALL, DAY]) { period } '
        'sound: stats(events: ["o"]) { eventCode } } } }'
    )

    assert result.data is not None
    assert [call.operation for call in asking.calls] == ["campaign.list", *["stats.campaign"] * 2]
    nodes = result.data["campaigns"]["nodes"]
    assert [node["both"] for node in nodes] == [None, None]
    assert [node["sound"] for node in nodes] == [[{"eventCode": "o"}]] * 2
    assert {str(error.path) for error in result.errors or ()} == {
        str(["campaigns", "nodes", place, "both"]) for place in range(2)
    }


async def test_numbers_stand_when_only_their_names_fail(sandbox: Sandbox) -> None:
    """Nothing that was counted may be lost because a look-up failed."""
    sandbox.faults.add(Fault("html", match="/event/"))
    asking = open_asking(sandbox)
    result = await asking.run(
        '{ eventStatistics(source: "sandbox", events: ["s"]) { eventCode eventType { name } points { count } } }'
    )

    assert result.data is not None
    (series,) = result.data["eventStatistics"]
    assert (series["eventCode"], series["eventType"], len(series["points"])) == ("s", None, 1)
    assert [str(error.path) for error in result.errors or ()] == ["['eventStatistics', 0, 'eventType']"]


async def test_numbers_stand_beside_a_failed_look_up_of_a_code(graph: Graph) -> None:
    """Whether `t` exists is not known then; what `s` counted is."""
    (vendor,) = graph.vendors
    await vendor.post("/_sandbox/faults", json=[{"kind": "html", "match": "/event/", "times": 1}])
    try:
        body = await graph.run('{ eventStatistics(source: "sandbox", events: ["s", "t"]) { eventCode } }')
    finally:
        await vendor.delete("/_sandbox/faults")

    assert body["data"] == {"eventStatistics": [{"eventCode": "s"}]}
    assert code_of(body) == "VENDOR_BAD_RESPONSE"
    assert body["errors"][0]["path"] == ["eventStatistics"]


async def test_numbers_are_the_same_without_the_scope_for_people(sandbox: Sandbox) -> None:
    """Numbers tell of nobody, so an analyst gets them too."""
    query = (
        f'{{ eventStatistics(source: "sandbox", events: ["s", "o"]) {{ {COUNT} }} '
        f"lists(first: 5) {{ nodes {{ stats {{ {CHANGE} }} }} }} }}"
    )
    analyst = Principal("analyst", frozenset({Scope.READ}))

    assert await open_asking(sandbox, analyst).ask(query) == await open_asking(sandbox).ask(query)


# what is told of them


def test_explain_counts_a_call_a_period(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever tunes an operation must see what statistics cost before they cost it."""
    file = tmp_path / "numbers.graphql"
    file.write_text(
        '{ campaigns(first: 100) { nodes { a: stats(events: ["s"], periods: [ALL, DAY]) { period } '
        'b: stats(events: ["o"], periods: [DAY]) { period } c: stats(events: ["o"], from: "2024-01-01") { period } } } '
        'listStatistics(source: "sandbox", ids: ["1", "2"]) { vendorId } '
        'none: eventStatistics(source: "sandbox", events: []) { period } '
        'many: campaigns(first: 50) { nodes { activities(first: 50) { nodes { stats(events: ["s"]) { period } } } } } }'
    )

    assert main(["explain", str(file)]) == 0

    printed = capsys.readouterr().out
    words = "statistics, all of them in one call a period"
    assert f"campaigns.nodes.a: {words}; 2 to 3 vendor calls" in printed
    assert f"campaigns.nodes.b: {words}; 0 to 1 vendor calls" in printed
    assert f"campaigns.nodes.c: {words}; 1 to 2 vendor calls" in printed
    assert f"listStatistics: {words}; 1 vendor call" in printed
    assert f"none: {words}; 0 vendor calls" in printed
    assert f"many.nodes.activities.nodes.stats: {words}; 1 to 14 vendor calls" in printed
    assert "Together 8 to " in printed


async def test_a_source_tells_what_it_counts(graph: Graph) -> None:
    """Nobody should have to try."""
    body = await graph.run("{ sources { statistics { subject periods unit evidence section } } }")
    (source,) = body["data"]["sources"]

    assert {each["subject"] for each in source["statistics"]} == {
        "ACCOUNT", "CAMPAIGN", "ACTIVITY", "REVISION", "CONFIGURATION", "LISTS", "LIST",
    }  # fmt: skip
    assert source["statistics"][0] == {
        "subject": "ACCOUNT",
        "periods": ["DAY", "WEEK", "MONTH", "ALL"],
        "unit": "UNSTATED",
        "evidence": "DOCUMENTED",
        "section": "Statistics Resource, Event Aggregates",
    }


async def test_weeks_and_months_are_told_by_their_first_day(graph: Graph) -> None:
    """A front end draws them where they begin."""
    body = await graph.run(
        f'{{ eventStatistics(source: "sandbox", events: ["s"], {RANGE}, periods: [WEEK, MONTH]) {{ {COUNT} unit }} }}'
    )

    weekly, monthly = body["data"]["eventStatistics"]
    assert {point["bucket"][-3:] for point in monthly["points"]} == {"-01"}
    assert len(monthly["points"]) == 12
    assert len(weekly["points"]) > 50
    assert sum(point["count"] for point in weekly["points"]) == sum(point["count"] for point in monthly["points"])
