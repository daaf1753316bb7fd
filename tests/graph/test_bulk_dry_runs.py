"""Bulk writes that a worker carries out, chunk by chunk: a dry run shows the very requests it then sends."""

import asyncio
from typing import Any

import pytest

from tests.graph.every_writer import Writing, assert_sent_as_shown, open_writing

LARGE: list[tuple[str, str, dict[str, Any]]] = [
    ("changeAudiences", "talon_one", {"items": [{"ref": f"c{n}", "join": ["1", "2", "3"]} for n in range(1500)]}),
    (
        "importSubscribers",
        "taximail",
        {
            "listId": "174",
            "items": [{"email": f"q{n}@example.org", **({"firstName": "F"} if n % 2 else {})} for n in range(900)],
        },
    ),
    ("upsertSubscribers", "taguchi_v5", {"items": [{"email": f"q{n}@example.org"} for n in range(250)]}),
]


async def wait_for(world: Writing, id_: str) -> None:
    """Wait until the worker has ended."""
    async with asyncio.timeout(30):
        while True:
            told = await world.read("query($id: ID!) { writeOperation(id: $id) { state } }", id=id_)
            if told["writeOperation"]["state"] == "DONE":
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(("name", "vendor", "given"), LARGE, ids=lambda case: case if isinstance(case, str) else "")
async def test_what_is_shown_of_many_items_is_what_is_sent(name: str, vendor: str, given: dict[str, Any]) -> None:
    """Broken, the requests would be cut in another place than the worker cuts them."""
    async with open_writing(vendor) as world:
        planned = await world.write(name, source=vendor, **given, dryRun=True)
        world.forget()
        done = await world.write(name, source=vendor, **given)
        await wait_for(world, done["operation"]["id"])
        received = [*world.taps[vendor].received]

    assert len(planned["requests"]) > 1
    assert_sent_as_shown(vendor, planned["requests"], received)


async def test_a_dry_run_of_many_items_names_the_one_that_is_wrong() -> None:
    """Broken, its place would be counted from the beginning of its chunk."""
    items = [{"email": f"q{n}@example.org"} for n in range(900)]
    items[700] = {"email": "nobody"}
    document = "mutation($input: ImportSubscribersInput!) { importSubscribers(input: $input) { warnings } }"
    async with open_writing("taximail") as world:
        given = {"source": "taximail", "listId": "174", "items": items, "dryRun": True}
        (error,) = (await world.ask(document, input=given))["errors"]

    assert error["extensions"]["inputPath"][:3] == ["input", "items", 700]


async def test_who_is_left_out_of_many_is_named_by_the_place_in_the_input() -> None:
    """Broken, the places of a later chunk would be counted from its own beginning, and name others."""
    items = [{"email": f"q{n}@example.org"} for n in range(600)]
    listing = 'subscribers(source: "taximail", first: 100) { nodes { email subscription memberships { listId } } }'
    async with open_writing("taximail") as world:
        people = (await world.read(f"{{ {listing} }}"))["subscribers"]["nodes"]
        left = next(each for each in people if each["subscription"] == "UNSUBSCRIBED" and each["memberships"])
        given = {"source": "taximail", "listId": left["memberships"][0]["listId"], "idempotencyKey": "k"}
        items[550] = {"email": left["email"]}
        done = await world.write("importSubscribers", **given, items=items)
        await wait_for(world, done["operation"]["id"])
        again = await world.write(
            "importSubscribers",
            "counts { outcome count }",
            **given,
            items=items,
        )

    assert {"outcome": "SKIPPED", "count": 1} in again["counts"]
    assert not [each for each in again["warnings"] if "left out" in each and "Item 550 " not in each]


async def test_what_is_to_be_known_of_many_items_is_told_at_once_and_when_they_are_done() -> None:
    """Broken, a warning would be given for a hundred items and not for a hundred and one."""
    given = {"source": "talon_one", "items": [{"ref": f"c{n}", "join": ["1"]} for n in range(101)]}
    async with open_writing("talon_one") as world:
        planned = await world.write("changeAudiences", **given, dryRun=True)
        begun = await world.write("changeAudiences", **given, idempotencyKey="k")
        await wait_for(world, begun["operation"]["id"])
        done = await world.write("changeAudiences", **given, idempotencyKey="k")

    assert len(planned["warnings"]) == 2
    assert planned["warnings"] == begun["warnings"] == done["warnings"]
