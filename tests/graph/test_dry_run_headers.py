"""What of a request is not in its address: a dry run shows the server it goes to and the headers it carries."""

from typing import Any

import pytest

from tests.graph.every_writer import open_writing
from tests.graph.write_cases import CASES, Case

SHOWN = "requests { host headers { name value } }"


def choose() -> list[Case]:
    """One mutation of every vendor."""
    return [next(case for case in CASES if case.vendor == vendor) for vendor in sorted({each.vendor for each in CASES})]


def find_headers(request: Any) -> dict[str, str]:
    """The headers of a request that was shown, by their names in small letters."""
    return {header["name"].lower(): header["value"] for header in request["headers"]}


@pytest.mark.parametrize("case", choose(), ids=str)
async def test_the_server_and_the_headers_are_shown_as_they_are_sent(case: Case) -> None:
    """Broken, nobody could tell whose account a write goes to, and a header that decides would stay unseen."""
    async with open_writing(case.vendor) as world:
        planned = await world.write(case.mutation, SHOWN, **case.given, dryRun=True)
        world.forget()
        await world.write(case.mutation, **case.given)
        sent = world.list_writes(case.vendor)

    (request, *_), (first, *_) = planned["requests"], sent
    assert request["host"] == first.headers["host"]
    shown = find_headers(request)
    assert shown == {name: first.headers[name] for name in shown}
    assert "accept" in shown


async def test_the_headers_that_talon_one_asks_for_are_shown() -> None:
    """Broken, a write that names another tenant would look like one that names ours."""
    async with open_writing("talon_one") as world:
        given = {"source": "talon_one", "items": [{"ref": "c 1", "join": ["1"]}]}
        planned = await world.write("changeAudiences", SHOWN, **given, dryRun=True)
        world.forget()
        await world.write("changeAudiences", **given)
        (sent,) = world.list_writes("talon_one")

    shown = find_headers(planned["requests"][0])
    own = {"accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "host"}
    assert set(sent.headers) - own - {"user-agent"} == set(shown) - own
    assert len(set(shown) - own) == 2
