"""
The page written by hand as it mostly is: the limit's three calls and its join, in FastAPI and over httpx's client.
"""

from typing import Final

import httpx
import orjson
from fastapi import FastAPI, Request, Response

from tests.bench.python.handwritten import AT_ONCE, UPSTREAM, Row, Vendor, build_page


class UsualVendor(Vendor):
    """The vendor's reads, by httpx."""

    def __init__(self) -> None:
        """Open the connections."""
        limits = httpx.Limits(max_connections=AT_ONCE)
        self._client = httpx.AsyncClient(
            base_url=UPSTREAM, limits=limits, headers={"Accept": "application/json"}, timeout=30
        )

    async def fetch(self, resource: str, query: str = "") -> list[Row]:
        """Read rows."""
        reply = await self._client.get(f"/admin/api/1/{resource}?_method=GET&auth=bench-token{query}")
        rows: list[Row] = orjson.loads(reply.content)
        return rows


app = FastAPI()
vendor: Final = UsualVendor()


@app.post("/graphql")
async def show_page(request: Request) -> Response:
    """Answer one request."""
    asked = orjson.loads(await request.body())
    return Response(await build_page(vendor, asked["variables"]["first"]), media_type="application/json")
