"""Strawberry as its guide has it: types with resolvers, aiodataloader's batches, httpx, in FastAPI."""

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import httpx
import strawberry
from aiodataloader import DataLoader
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter

EACH: Final = os.environ.get("CALLS", "batched") == "each"
AT_ONCE: Final = 8

Row = dict[str, Any]
Loader = DataLoader[int, Row | None]

client = httpx.AsyncClient(
    base_url=os.environ["UPSTREAM"],
    limits=httpx.Limits(max_connections=AT_ONCE),
    headers={"Accept": "application/json"},
    timeout=30,
)


async def fetch(resource: str, query: str = "") -> list[Row]:
    """Read rows."""
    reply = await client.get(f"/admin/api/1/{resource}?_method=GET&auth=bench-token{query}")
    rows: list[Row] = reply.json()
    return rows


async def fetch_many(resource: str, ids: Sequence[int]) -> list[Row | None]:
    """Read rows by id: one call for the ids from the least to the greatest, or one for each."""
    if EACH:
        replies = await asyncio.gather(*(fetch(f"{resource}/{each}") for each in ids))
        return [rows[0] if rows else None for rows in replies]
    low, high = min(ids), max(ids)
    window = f"&query=id-gte-{low}&query=id-lte-{high}&sort=id&order=asc&limit={high - low + 1}"
    found = {row["id"]: row for row in await fetch(f"{resource}/", window)}
    return [found.get(each) for each in ids]


async def build_context() -> dict[str, Loader]:
    """Return the loaders of one request."""
    return {resource: DataLoader(partial(fetch_many, resource)) for resource in ("campaign", "list")}


@strawberry.type
class Named:
    """A campaign or a list."""

    vendor_id: strawberry.ID
    name: str | None


@strawberry.type
class Campaign(Named):
    """A campaign."""


@strawberry.type
class SubscriberList(Named):
    """A list."""


@strawberry.type
class ListMembership:
    """A person's place on a list."""

    joined_at: datetime | None
    list_id: strawberry.Private[int]

    @strawberry.field
    async def list(self, info: strawberry.Info[dict[str, Loader], None]) -> SubscriberList | None:
        """Load the list."""
        row = await info.context["list"].load(self.list_id)
        return None if row is None else SubscriberList(vendor_id=strawberry.ID(str(row["id"])), name=row["name"])


@strawberry.type
class Subscriber:
    """A person."""

    vendor_id: strawberry.ID
    first_name: str | None
    last_name: str | None
    email: str | None
    memberships: list[ListMembership]
    campaign_id: strawberry.Private[int | None]

    @strawberry.field
    async def campaign(self, info: strawberry.Info[dict[str, Loader], None]) -> Campaign | None:
        """Load the campaign."""
        row = None if self.campaign_id is None else await info.context["campaign"].load(self.campaign_id)
        return None if row is None else Campaign(vendor_id=strawberry.ID(str(row["id"])), name=row["name"])


@strawberry.type
class SubscriberConnection:
    """A page of people."""

    nodes: list[Subscriber]


def to_subscriber(row: Row) -> Subscriber:
    """Build a person from a row."""
    return Subscriber(
        vendor_id=strawberry.ID(str(row["id"])),
        first_name=row["firstname"],
        last_name=row["lastname"],
        email=row["email"],
        campaign_id=row["campaign_id"],
        memberships=[
            ListMembership(
                joined_at=datetime.fromisoformat(entry["timestamp"]).replace(tzinfo=UTC), list_id=entry["list_id"]
            )
            for entry in row["lists"]
        ],
    )


@strawberry.type
class Query:
    """The root."""

    @strawberry.field
    async def subscribers(self, first: int) -> SubscriberConnection | None:
        """Read a page."""
        rows = await fetch("subscriber/", f"&sort=id&order=asc&limit={first + 1}")
        return SubscriberConnection(nodes=[to_subscriber(row) for row in rows[:first]])


app = FastAPI()
app.include_router(GraphQLRouter(strawberry.Schema(Query), context_getter=build_context), prefix="/graphql")
