"""
Asks the running graph for people, with types all the way, and prints them: `people.py <address of the graph> <state>`.
"""

import asyncio
import json
import sys
from datetime import UTC, date, datetime

from marketing_client import Client
from marketing_client.input_types import DateFilter, SubscriberFilter, TextFilter, TimeFilter


async def main(url: str, state: str) -> None:
    """Print the people as they came, and the times as seconds since 1970, which only read times have."""
    wanted = SubscriberFilter(
        state=TextFilter(eq=state),
        unsubscribed_at=TimeFilter(is_null=True),
        birth_date=DateFilter(lt=date(2000, 1, 1)),
        not_=SubscriberFilter(bounced_at=TimeFilter(gte=datetime(2020, 1, 1, tzinfo=UTC))),
    )
    async with Client(url) as client:
        found = await client.people(first=5, filter_=wanted)
    nodes = found.subscribers.nodes if found.subscribers else []
    joined: list[datetime] = [each.joined_at for node in nodes for each in node.memberships if each.joined_at]
    answer = {
        "nodes": [node.model_dump(mode="json", by_alias=True) for node in nodes],
        "joined": [moment.timestamp() for moment in joined],
    }
    print(json.dumps(answer))  # noqa: T201 - the test reads it


asyncio.run(main(*sys.argv[1:]))
