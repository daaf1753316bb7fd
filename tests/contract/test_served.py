"""
Every vendor found is served: named among the sources, with its table, and its rows read through the graph.
"""

import dataclasses
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from adapters.records import Entity
from adapters.registry import find_vendors
from graph.server.app import create_app
from graph.server.sources import SANDBOX, embedded_sandbox
from graph.settings import load_settings
from tests.contract.accounts import (
    LISTED,
    ORIGIN,
    VENDORS,
    Account,
    build_capability,
    build_parts,
    build_scope,
)
from tests.contract.gaps import mark_gaps
from tests.contract.reads import EMAIL, read_person

CONNECTIONS = {
    Entity.SUBSCRIBER: "subscribers",
    Entity.LIST: "lists",
    Entity.CAMPAIGN: "campaigns",
    Entity.ACTIVITY: "activities",
    Entity.TEMPLATE: "templates",
    Entity.IMPORT: "imports",
    Entity.VIEW: "views",
    Entity.EVENT_TYPE: "eventTypes",
    Entity.AUDIENCE: "audiences",
    Entity.UNSUBSCRIBE: "unsubscribes",
}
SERVED = [(vendor, entity) for vendor, entity in LISTED if entity in CONNECTIONS]


@asynccontextmanager
async def serving(vendor: str) -> AsyncIterator[httpx.AsyncClient]:
    """Serve the graph over one vendor's sandbox."""
    parts = dataclasses.replace(build_parts(vendor), close=None)
    package = dataclasses.replace(find_vendors()[vendor], sandbox=lambda: parts)
    sources = embedded_sandbox({vendor: package})
    app = create_app(load_settings(cache=False), sources=sources)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
        yield client
    await sources.aclose()


async def _ask(client: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    body = answer.json()
    assert "errors" not in body, json.dumps(body["errors"])[:500]
    return body["data"]


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_vendor_is_among_the_sources(vendor: str):
    """A new folder would need an edit elsewhere before anybody could see it."""
    query = "{ sources { id vendor coverage { type listable reason } capabilities { field operator support } } }"

    async with serving(vendor) as client:
        (source,) = (await _ask(client, query))["sources"]

    entities = build_capability(vendor).entities
    assert (source["id"], source["vendor"].lower()) == (SANDBOX, vendor)
    assert {each["type"].lower() for each in source["coverage"]} == set(entities)
    assert all(each["listable"] or each["reason"] for each in source["coverage"])
    lines = sum(len(known.operators) for able in entities.values() for known in able.fields.values())
    assert len(source["capabilities"]) == lines


@pytest.mark.parametrize(("vendor", "entity"), mark_gaps("test_a_connection_is_the_vendors_list", SERVED))
async def test_a_connection_is_the_vendors_list(account: Account, entity: Entity):
    """The graph would show other rows than the vendor's adapter reads, or show one twice."""
    rows = await account.fetch_rows(entity)
    name = CONNECTIONS[entity]
    key = "email occurredAt" if entity is Entity.UNSUBSCRIBE else "vendorId"
    query = f"""query($after: String) {{ {name}(first: 7, after: $after) {{
      nodes {{ {key} }} pageInfo {{ hasNextPage endCursor }} completeness {{ state }} }} }}"""

    async with serving(account.vendor) as client:
        one = (await _ask(client, query))[name]
        two = (
            (await _ask(client, query, after=one["pageInfo"]["endCursor"]))[name]
            if len(rows) > len(one["nodes"])
            else None
        )

    shown = [*one["nodes"], *(two["nodes"] if two else ())]
    told = (
        [row.id for row in rows] if entity is not Entity.UNSUBSCRIBE else [getattr(row, "email", None) for row in rows]
    )
    assert [node.get("vendorId", node.get("email")) for node in shown] == told[: len(shown)]
    assert len(shown) == min(14, len(rows))
    assert one["completeness"] == [{"state": "OK"}]


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_person_is_found(account: Account):
    """A vendor's people would be missing from what is known of a person."""
    matches = await read_person(account, build_scope())
    query = "query($email: String) { person(email: $email) { profiles { subscriber { vendorId } matchedBy } } }"

    async with serving(account.vendor) as client:
        person = (await _ask(client, query, email=f" {EMAIL.upper()} "))["person"]

    assert matches
    assert [each["subscriber"]["vendorId"] for each in person["profiles"]] == [match.record.id for match in matches]
    assert all("EMAIL" in each["matchedBy"] for each in person["profiles"])
