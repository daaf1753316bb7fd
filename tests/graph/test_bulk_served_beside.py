"""Large bulk writes are read, checked and built while others are served."""

import asyncio
from typing import Any, Final

import pytest

from adapters.records import Entity
from tests.graph.every_writer import build_write, id_of, open_writing

COUNT: Final = 10_000

TURNS: Final = 15
"""How often somebody else has its turn, who wants one every millisecond; each stretch without one takes only one."""

LARGE: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "changeAudiences": ("talon_one", {"items": [{"ref": f"c{place}", "join": ["1", "2"]} for place in range(COUNT)]}),
    "upsertSubscribers": ("taguchi_v5", {"items": [{"email": f"p{place}@example.org"} for place in range(COUNT)]}),
    "logEvents": (
        "taguchi_v5",
        {"items": [{"person": {"ref": f"p{place}"}, "type": "bought", "data": {"n": place}} for place in range(COUNT)]},
    ),
    "sendMessage": (
        "taguchi_v5",
        {
            "activityId": "7",
            "content": {"a": 1},
            "recipients": [{"ref": f"p{place}"} for place in range(COUNT)],
            "allowUnsubscribed": True,
        },
    ),
    "importSubscribers": (
        "taximail",
        {"listId": "174", "items": [{"email": f"p{place}@example.org"} for place in range(COUNT)]},
    ),
    "deleteContacts": (
        "taximail",
        {"ids": [id_of("taximail", Entity.SUBSCRIBER, f"174/{place + 1}") for place in range(COUNT)]},
    ),
}


@pytest.mark.parametrize("name", LARGE)
async def test_others_are_served_while_a_large_write_is_read_and_prepared(name: str) -> None:
    """Broken, a mutation of thousands of items would keep everybody else waiting until it can be sent."""
    vendor, given = LARGE[name]
    turns: list[None] = []

    async def take_turns() -> None:
        while True:
            turns.append(None)
            await asyncio.sleep(0.001)

    async with open_writing(vendor) as world:
        beside = asyncio.create_task(take_turns())
        answer = await world.ask(build_write(name, "warnings"), input={"source": vendor, **given, "dryRun": True})
        beside.cancel()

    assert "errors" not in answer, answer
    assert len(turns) > TURNS, len(turns)
