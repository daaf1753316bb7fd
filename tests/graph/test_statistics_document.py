"""
The document's Statistics Resource is reachable: each parameter by an argument, each part of a reply by a field.
"""

from typing import Any

import httpx
import pytest

from adapters.contract import SandboxParts
from tests.graph.sandbox_asking import ORIGIN, SOURCE, Asking, open_source

Reply = dict[str, dict[str, list[list[Any]]]]

COMMON = "Common Query Parameters"
EVENTS = "Event Aggregates"
TOTALS = "Campaign/Activity Totals"
LISTS = "Total List Aggregates"

ACCOUNT = f'eventStatistics(source: "{SOURCE}", events: ["s"], %s) {{ period }}'
CAMPAIGN = f'campaignStatistics(source: "{SOURCE}", events: ["s"], %s) {{ vendorId }}'
LIST = f'listStatistics(source: "{SOURCE}", %s) {{ vendorId }}'

PARAMETERS: list[tuple[str, str, str, str, list[str]]] = [
    (COMMON, "start_date", ACCOUNT, 'from: "2024-03-01"', ["2024-03-01T00:00:00"]),
    (COMMON, "end_date", ACCOUNT, 'to: "2024-03-31"', ["2024-03-31T23:59:59"]),
    (COMMON, "period", ACCOUNT, "periods: [DAY]", ["day"]),
    (COMMON, "period", ACCOUNT, "periods: [WEEK, MONTH]", ["week", "month"]),
    (COMMON, "period", LIST, "periods: [ALL]", ["all"]),
    (EVENTS, "event", ACCOUNT.replace('"s"', '"s", "o"'), "periods: [ALL]", ["s", "o"]),
    (TOTALS, "event", CAMPAIGN, "granularity: CAMPAIGN", ["s"]),
    (TOTALS, "campaign_id", CAMPAIGN, 'by: {campaignIds: ["1", "2"]}', ["1", "2"]),
    (TOTALS, "activity_id", CAMPAIGN, 'by: {activityIds: ["1", "2"]}', ["1", "2"]),
    (TOTALS, "revision_id", CAMPAIGN, 'by: {revisionIds: ["1", "2"]}', ["1", "2"]),
    (TOTALS, "configuration_id", CAMPAIGN, 'by: {configurationIds: ["1", "2"]}', ["1", "2"]),
    (TOTALS, "granularity", CAMPAIGN, "granularity: CAMPAIGN", ["campaign"]),
    (TOTALS, "granularity", CAMPAIGN, "granularity: ACTIVITY", ["activity"]),
    (TOTALS, "granularity", CAMPAIGN, "granularity: REVISION", ["revision"]),
    (TOTALS, "granularity", CAMPAIGN, "granularity: CONFIGURATION", ["configuration"]),
    (LISTS, "list_id", LIST, 'ids: ["1", "2"]', ["1", "2"]),
]


@pytest.mark.parametrize(
    ("section", "parameter", "field", "argument", "values"), PARAMETERS, ids=lambda value: str(value)[:40]
)
async def test_each_parameter_of_the_document_has_an_argument(  # noqa: PLR0917 - a row of the table
    section: str, parameter: str, field: str, argument: str, values: list[str], parts: SandboxParts
) -> None:
    """Broken, something the vendor can count could not be asked for, or would be asked for otherwise."""
    del section
    asking = Asking({SOURCE: open_source(parts)})

    await asking.ask(f"{{ {field % argument} }}")

    sent = [httpx.URL(call.url).params.get_list(parameter) for call in asking.calls if "/stats/" in call.url]
    assert sorted(value for each in sent for value in each) == sorted(values)


async def read_reply(parts: SandboxParts, path: str) -> Reply:
    """What the vendor itself sends, past everything of ours."""
    transport = httpx.ASGITransport(app=parts.app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN + parts.table["base_url"]) as client:
        answer = await client.get(f"stats/{path}&auth={parts.table['auth']['token']}")
    reply: Reply = answer.json()
    return reply


def to_reply(rows: list[dict[str, Any]]) -> dict[str, list[list[Any]]]:
    """Rows of numbers as the vendor would have sent them."""
    return {
        row.get("eventCode") or row["measure"].lower(): [
            [point["bucket"] or row["period"].lower(), point["count"]] for point in row["points"]
        ]
        for row in rows
    }


ROWS = "period points { bucket count }"
SPAN = 'from: "2024-01-01", to: "2024-12-31"'
WIRE = "start_date=2024-01-01T00:00:00&end_date=2024-12-31T23:59:59&period="
REPLIES = {
    f'eventStatistics(source: "{SOURCE}", events: ["o", "s"], {SPAN}, periods: [WEEK]) {{ eventCode {ROWS} }}': (
        f"aggregate?event=s&event=o&{WIRE}week"
    ),
    f'campaignStatistics(source: "{SOURCE}", {SPAN}, events: ["s"]) {{ vendorId series {{ eventCode {ROWS} }} }}': (
        f"campaign?event=s&{WIRE}all"
    ),
    f'membershipStatistics(source: "{SOURCE}", {SPAN}, periods: [MONTH]) {{ measure {ROWS} }}': (
        f"listaggregate?{WIRE}month"
    ),
    f'listStatistics(source: "{SOURCE}", {SPAN}) {{ vendorId series {{ measure {ROWS} }} }}': f"list?{WIRE}all",
}


@pytest.mark.parametrize(("field", "path"), REPLIES.items(), ids=REPLIES.values())
async def test_a_reply_of_the_document_is_told_whole(field: str, path: str, parts: SandboxParts) -> None:
    """Broken, an id, a code, a bucket or a number the vendor sends would be lost on the way."""
    found = (await Asking({SOURCE: open_source(parts)}).ask(f"{{ found: {field} }}"))["found"]

    subjects = {row["vendorId"]: row["series"] for row in found} if "vendorId" in field else {"all": found}
    assert {id_: to_reply(rows) for id_, rows in subjects.items()} == await read_reply(parts, path)
