"""What a feed's reply may be instead of the document's: an error of the right kind, never events that are not so."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from adapters.contract import Slice, SliceQuery
from adapters.errors import (
    FacadeError,
    NotFoundError,
    VendorAuthError,
    VendorContractError,
    VendorRejectedError,
    VendorUnavailableError,
)
from adapters.filters.order import BY_ID, Order, Position
from adapters.records import Entity, EventKind
from adapters.vendors.taguchi_v4.adapter import open_source
from tests.adapters.vendors.taguchi_v4.event_world import FEED
from tests.adapters.vendors.taguchi_v4.world import SOURCE, build_settings, scope

NOON = "2024-05-01T12:00:00"


def event(id_: Any, kind: Any = "logged", **fields: Any) -> Mapping[str, Any]:
    """An event as the vendor sends it."""
    return {"type": kind, "id": id_, "event_ref": "o", "timestamp": NOON if kind == "logged" else None, **fields}


async def read(*replies: Any, order: Order = BY_ID, after: str | None = None, limit: int = 10) -> Slice:
    """Read a slice of a feed whose server gives these replies, one after the other and the last one for ever."""
    waiting = list(replies)

    def answer(_request: httpx.Request) -> httpx.Response:
        reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(reply, int):
            return httpx.Response(reply)
        content = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        return httpx.Response(200, content=content, headers={"content-type": "application/json"})

    adapter = open_source(SOURCE, build_settings(), httpx.MockTransport(answer))
    position = None if after is None else Position((after,))
    query = SliceQuery(Entity.FEED_EVENT, order=order, after=position, limit=limit, feed=FEED)
    return await adapter.fetch_slice(query, scope())


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"<html>login</html>", VendorContractError),
        (b"", VendorContractError),
        (b"null", VendorContractError),
        ({}, VendorContractError),
        ({"events": []}, VendorContractError),
        ([1, 2], VendorContractError),
        (b'[{"type": "logged", "id": 1', VendorContractError),
        ([event(1), event(None)], VendorContractError),
        ([event(1), event("x")], VendorContractError),
        ([event(2**64)], VendorContractError),
        ([event(1, "planned")], VendorContractError),
        ([event(1, None)], VendorContractError),
        ([event(1, timestamp="soon")], VendorContractError),
        ([event(1, test="maybe")], VendorContractError),
        ([event(1, custom_fields="none")], VendorContractError),
        (302, VendorContractError),
        (400, VendorRejectedError),
        (403, VendorAuthError),
        (404, NotFoundError),
        (500, VendorUnavailableError),
    ],
    ids=str,
)
async def test_a_reply_that_is_no_feed_is_an_error(reply: Any, error: type[FacadeError]) -> None:
    """An empty or guessed history in place of a failure would be believed."""
    with pytest.raises(error):
        await read(reply)


@pytest.mark.parametrize("reply", [204, []], ids=str)
async def test_a_feed_without_events_is_empty(reply: Any) -> None:
    """Both forms of nothing are the vendor's own."""
    assert await read(reply) == Slice((), (), end=True)


async def test_an_event_sent_twice_is_shown_once_and_its_twin_too() -> None:
    """Vendors repeat rows; two events of one id are no repetition."""
    found = await read([event(2), event(1, "scheduled"), event(1), event(2), event(1)], [event(2)])

    keys = [record.key for record in found.records if hasattr(record, "key")]
    assert keys == [(1, EventKind.LOGGED), (1, EventKind.SCHEDULED), (2, EventKind.LOGGED)]


@pytest.mark.parametrize(("after", "rows"), [("5 logged", [event(4)]), ("5 scheduled", [event(5, "scheduled")])])
async def test_events_before_the_place_are_refused(after: str, rows: list[Any]) -> None:
    """A server that ignores the bound would show a page for ever."""
    with pytest.raises(VendorContractError):
        await read(rows, after=after)


async def test_a_server_that_sends_the_same_page_for_ever_is_caught() -> None:
    """A line that never ends must stop with an error, not with the budget."""
    with pytest.raises(VendorContractError):
        await read([event(number) for number in range(1, 11)], limit=30)


async def test_events_of_another_value_than_asked_for_are_refused() -> None:
    """While a group of equal times is drained, other times would be out of order."""
    page = [event(number, timestamp=NOON) for number in range(1, 13)]
    other = [event(50, timestamp="2024-05-01T13:00:00")]

    with pytest.raises(VendorContractError):
        await read(page, other, order=Order("occurred_at"))
