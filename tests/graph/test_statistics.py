"""Statistics in the graph: what they cost, and what is told of them."""

from pathlib import Path
from typing import Any

import pytest

from graph.cli import main
from tests.graph.conftest import Graph
from tests.graph.statistics_fields import CHANGE, COUNT
from tests.graph.test_call_counts import SUBSCRIBERS
from tests.graph.vendor_side import ask, campaign_ids, list_ids, read_rows, window

SENT = f'stats(events: ["s"]) {{ {COUNT} }}'
RANGE = 'from: "2024-01-01", to: "2024-12-31"'
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


# what a failure takes along
# what is told of them


def test_explain_counts_a_call_a_period(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever tunes an operation must see what statistics cost before they cost it."""
    file = tmp_path / "numbers.graphql"
    file.write_text(
        '{ campaigns(first: 100) { nodes { a: stats(events: ["s"], periods: [ALL, DAY]) { period } '
        'b: stats(events: ["o"], periods: [DAY]) { period } c: stats(events: ["o"], from: "2024-01-01") { period } } } '
        'listStatistics(source: "taguchi_v4", ids: ["1", "2"]) { vendorId } '
        'none: eventStatistics(source: "taguchi_v4", events: []) { period } '
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
