"""Made-up people whose pages are read, and the orders they are read in."""

from typing import Any

from adapters.contract import SliceQuery
from adapters.filters.order import Order
from adapters.filters.tree import And, Comparison, Op
from tests.adapters.vendors.taguchi_v4.world import SUBSCRIBER, World

BY_EMAIL = Order("email")
BY_STATE = Order("state")
BY_TIME = Order("unsubscribed_at")
VIC = And((Comparison("state", Op.EQ, "VIC"),))


def people(count: int, **fields: Any) -> dict[str, list[dict[str, Any]]]:
    """Subscribers 1 to `count`; a field may be a function of the number."""
    return {
        "subscriber": [
            {"id": number, "email": f"p{number:04}@example.com"}
            | {name: value(number) if callable(value) else value for name, value in fields.items()}
            for number in range(1, count + 1)
        ]
    }


def second(number: int) -> str:
    """The time of a number."""
    return f"2024-05-01T10:{number // 60:02}:{number % 60:02}"


async def pages(world: World, order: Order, size: int) -> list[int]:
    """Read a line and return the calls of each page."""
    calls, after = [], None
    while True:
        found = await world.read(SliceQuery(SUBSCRIBER, order=order, after=after, limit=size))
        calls.append(found.calls)
        if found.end:
            return calls
        after = found.positions[-1]
