"""
The limit: what the page costs when a handler is written for it alone, without GraphQL.

The three calls, the join and the answer by hand, over the fastest parts there are for Python: a bare ASGI app, aiohttp
and orjson. It parses no operation, checks nothing and plans nothing; it looks only whether `first` was sent.
"""

import asyncio
import os
from collections.abc import Iterable
from typing import Any, Final

import aiohttp
import orjson

UPSTREAM: Final = os.environ["UPSTREAM"]
EACH: Final = os.environ.get("CALLS", "batched") == "each"
AT_ONCE: Final = 8

Row = dict[str, Any]


class Vendor:
    """The vendor's reads."""

    def __init__(self) -> None:
        """Open the connections; to be called inside the loop."""
        self._session = aiohttp.ClientSession(UPSTREAM, connector=aiohttp.TCPConnector(limit=AT_ONCE))

    async def fetch(self, resource: str, query: str = "") -> list[Row]:
        """Read rows."""
        path = f"/admin/api/1/{resource}?_method=GET&auth=bench-token{query}"
        async with self._session.get(path, headers={"Accept": "application/json"}) as reply:
            rows: list[Row] = orjson.loads(await reply.read())
        return rows

    async def fetch_many(self, resource: str, ids: Iterable[int]) -> dict[int, Row]:
        """Read rows by id: one call for the ids from the least to the greatest, or one for each."""
        wanted = set(ids)
        if EACH:
            replies = await asyncio.gather(*(self.fetch(f"{resource}/{each}") for each in wanted))
            return {row["id"]: row for rows in replies for row in rows}
        low, high = min(wanted), max(wanted)
        window = f"&query=id-gte-{low}&query=id-lte-{high}&sort=id&order=asc&limit={high - low + 1}"
        return {row["id"]: row for row in await self.fetch(f"{resource}/", window)}


def _name(row: Row | None) -> Row | None:
    return None if row is None else {"vendorId": str(row["id"]), "name": row["name"]}


async def build_page(vendor: Vendor, first: int) -> bytes:
    """Return the answer."""
    people = (await vendor.fetch("subscriber/", f"&sort=id&order=asc&limit={first + 1}"))[:first]
    campaigns, lists = await asyncio.gather(
        vendor.fetch_many("campaign", (row["campaign_id"] for row in people)),
        vendor.fetch_many("list", (entry["list_id"] for row in people for entry in row["lists"])),
    )
    named_campaigns = {number: _name(row) for number, row in campaigns.items()}
    named_lists = {number: _name(row) for number, row in lists.items()}
    nodes = [
        {
            "vendorId": str(row["id"]),
            "firstName": row["firstname"],
            "lastName": row["lastname"],
            "email": row["email"],
            "campaign": named_campaigns.get(row["campaign_id"]),
            "memberships": [
                {"joinedAt": entry["timestamp"] + "Z", "list": named_lists.get(entry["list_id"])}
                for entry in row["lists"]
            ],
        }
        for row in people
    ]
    return orjson.dumps({"data": {"subscribers": {"nodes": nodes}}})


class Handler:
    """The ASGI app."""

    vendor: Vendor | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request; the connections are opened with the first."""
        if scope["type"] != "http":
            return
        self.vendor = self.vendor or Vendor()
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        answer = await build_page(self.vendor, orjson.loads(body)["variables"]["first"])
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


app = Handler()
