"""
The vendor's side of an operation: its own rows, and the calls it received, each on one line.

Lines read `subscriber where state-eq-VIC by id, 26`, `list by name desc, 11` and `campaign 7`: resource, predicates,
sort, limit, or the id of a single read.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.graph.conftest import Graph

ROOT = "/admin/api/1/"
TOKEN = "sandbox-token"

PEOPLE = "vendorId campaign { name } memberships { list { name } }"

Row = dict[str, Any]


def node_id(kind: str, vendor_id: object, source: str = "sandbox") -> str:
    """Build a global id from the outside: JSON of its parts in base64, as clients find it."""
    parts = json.dumps([source, kind, str(vendor_id)], separators=(",", ":"))
    return base64.urlsafe_b64encode(parts.encode()).rstrip(b"=").decode()


async def read_rows(graph: Graph, resource: str, *queries: str, limit: int = 1000, sort: str = "id") -> list[Row]:
    """Read rows as the vendor sends them, past everything of ours, and leave no trace in its log."""
    (vendor,) = graph.vendors
    parameters = [("auth", TOKEN), ("sort", sort), ("limit", str(limit))]
    answer = await vendor.get(f"{ROOT}{resource}/", params=[*parameters, *(("query", each) for each in queries)])
    await graph.forget_calls()
    rows: list[Row] = answer.json()
    return rows


def to_line(path: str, query: Iterable[tuple[str, str]]) -> str:
    """Write a received call on one line; a parameter that is not expected stands at its end."""
    left = [(name, value) for name, value in query if name != "auth"]
    resource, _, record_id = path.removeprefix(ROOT).partition("/")
    predicates = [value for name, value in left if name == "query"]
    known = {name: value for name, value in left if name in {"sort", "order", "limit"}}
    others = [f"{name}={value}" for name, value in left if name not in {"query", *known}]
    words = [resource, record_id] if record_id else [resource]
    words += ["where", " & ".join(predicates)] if predicates else []
    words += ["by", known.get("sort", "?")] if known else []
    words += ["desc"] if known.get("order") == "desc" else []
    return " ".join([*words, *others]) + (f", {known['limit']}" if "limit" in known else "")


def received_lines(calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """Write the sandbox's log, in order."""
    return [to_line(call["path"], [(name, value) for name, value in call["query"]]) for call in calls]


def planned_lines(body: Mapping[str, Any]) -> list[str]:
    """Write the calls of `extensions.plan`, in order."""
    urls = [urlsplit(call["url"]) for call in body["extensions"]["plan"]["calls"]]
    return [to_line(url.path, parse_qsl(url.query, keep_blank_values=True)) for url in urls]


async def ask(graph: Graph, query: str, *expected: str, **variables: Any) -> Any:
    """
    Run an operation that must succeed, and return its data.

    The vendor must have received exactly the expected calls, in any order, and the plan must list the same ones with
    the same rows.
    """
    await graph.forget_calls()
    body = await graph.run(query, explain=True, **variables)
    received = await graph.calls()
    planned = body["extensions"]["plan"]["calls"]
    assert "errors" not in body, body["errors"]
    assert sorted(expected) == sorted(received_lines(received))
    assert _with_rows(planned_lines(body), planned) == _with_rows(received_lines(received), received)
    assert {(call["status"], call["attempts"]) for call in planned} <= {(200, 1)}
    return body["data"]


def _with_rows(lines: Iterable[str], calls: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    # the sandbox's log counts rows; a reply of statistics has none
    return sorted(
        (line, 0 if line.startswith("stats ") else call["rows"]) for line, call in zip(lines, calls, strict=True)
    )


def ids_of(page: Any) -> list[int]:
    """The vendor's ids on a page."""
    return [int(node["vendorId"]) for node in page["nodes"]]


def window(resource: str, ids: set[int]) -> str:
    """The one call that reads near ids."""
    low, high = min(ids), max(ids)
    return f"{resource} where id-gte-{low} & id-lte-{high} by id, {high - low + 1}"


def campaign_ids(rows: list[Row]) -> set[int]:
    """The campaigns that brought people."""
    return {row["campaign_id"] for row in rows if row["campaign_id"] is not None}


def list_ids(rows: list[Row]) -> set[int]:
    """The lists that people are on."""
    return {entry["list_id"] for row in rows for entry in row["lists"]}


def names(rows: list[Row]) -> dict[int, str]:
    """Names by id."""
    return {row["id"]: row["name"] for row in rows}


async def expected_people(graph: Graph, rows: list[Row]) -> list[Row]:
    """What `PEOPLE` selects, put together from the vendor's rows."""
    campaigns, lists = names(await read_rows(graph, "campaign")), names(await read_rows(graph, "list"))
    named: dict[int | None, Row | None] = {key: {"name": name} for key, name in campaigns.items()}
    return [
        {
            "vendorId": str(row["id"]),
            "campaign": named.get(row["campaign_id"]),
            "memberships": [
                {"list": {"name": lists[entry["list_id"]]} if entry["list_id"] in lists else None}
                for entry in row["lists"]
            ],
        }
        for row in rows
    ]
