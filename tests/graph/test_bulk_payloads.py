"""What the payload of a bulk mutation says of its items, also where nothing is written."""

from typing import Any, Final

import pytest

from graph.schema import schema
from tests.graph.bulk_words import BULK
from tests.graph.every_writer import Writing, build_write, open_writing
from tests.graph.write_cases import CASES, THOMAS

TOLD: Final = "counts { outcome count } items { nodes { place state outcome error { code message } } }"


async def tell(world: Writing, name: str, **given: Any) -> tuple[list[tuple[int, str]], dict[str, int], Any]:
    """Carry out a mutation, and return its items' outcomes by place, its counts, and its row in the ledger."""
    document = build_write(name, f"{TOLD} operation {{ id state }}")
    payload = (await world.read(document, input=given))[name]
    items = [(item["place"], item["outcome"]) for item in payload["items"]["nodes"]]
    return items, {each["outcome"]: each["count"] for each in payload["counts"]}, payload["operation"]


@pytest.mark.parametrize("name", BULK)
def test_a_bulk_mutation_has_no_word_for_all_of_its_items(name: str) -> None:
    """Broken, a write of which a part was refused would be told by one word."""
    payload = schema.get_type_by_name(f"{name[0].upper()}{name[1:]}Payload")
    names = {field.python_name for field in payload.fields}

    assert {"items", "counts", "operation"} <= names
    assert "outcome" not in names


@pytest.mark.parametrize("name", BULK)
async def test_a_dry_run_tells_what_is_planned_of_each_item(name: str) -> None:
    """Broken, a caller would not see before sending which items are left out."""
    case = next(each for each in CASES if each.mutation == name and each.vendor != "taguchi_v4")
    count = next(len(case.given[key]) for key in ("items", "ids", "recipients") if key in case.given)
    async with open_writing(case.vendor) as world:
        items, counts, operation = await tell(world, name, **case.given, dryRun=True)

    assert (items, counts) == ([(place, "PLANNED") for place in range(count)], {"PLANNED": count})
    assert operation is None


@pytest.mark.parametrize("name", BULK)
async def test_the_payload_tells_what_became_of_each_item(name: str) -> None:
    """Broken, a caller would have to ask for the operation to know of its own items."""
    case = next(each for each in CASES if each.mutation == name and each.vendor != "taguchi_v4")
    count = next(len(case.given[key]) for key in ("items", "ids", "recipients") if key in case.given)
    async with open_writing(case.vendor) as world:
        items, counts, operation = await tell(world, name, **case.given)

    assert [place for place, _ in items] == list(range(count))
    assert {outcome for _, outcome in items} <= {"APPLIED", "ACCEPTED"}
    assert sum(counts.values()) == count
    assert operation["state"] == "DONE"


async def test_who_is_left_out_is_told_before_and_after() -> None:
    """Broken, somebody who opted out would seem to get the message, or nobody would know that they did not."""
    sending = {"source": "taguchi_v5", "activityId": "7", "content": {"a": 1}}
    people = [{"email": THOMAS}, {"email": "new@example.com"}]
    async with open_writing("taguchi_v5") as world:
        given = {**sending, "recipients": people}
        await world.read(
            'mutation { unsubscribe(input: { byEmail: { source: "taguchi_v5", email: "'
            + THOMAS
            + '" } }) { outcome } }'
        )
        planned, planned_counts, _ = await tell(world, "sendMessage", **given, dryRun=True)
        done, counts, _ = await tell(world, "sendMessage", **given)

    assert planned == [(0, "SKIPPED"), (1, "PLANNED")]
    assert planned_counts == {"PLANNED": 1, "SKIPPED": 1}
    assert done[0] == (0, "SKIPPED")
    assert counts["SKIPPED"] == 1


async def test_the_items_of_many_are_paged() -> None:
    """Broken, the answer to ten thousand items would hold all of them."""
    items = [{"email": f"q{n}@example.org"} for n in range(250)]
    document = (
        "mutation($input: UpsertSubscribersInput!, $after: String) { upsertSubscribers(input: $input) {"
        " counts { count } items(first: 100, after: $after) { nodes { place } pageInfo { endCursor hasNextPage } } } }"
    )
    given = {"source": "taguchi_v5", "items": items, "dryRun": True}
    async with open_writing("taguchi_v5") as world:
        first = (await world.read(document, input=given))["upsertSubscribers"]
        end = first["items"]["pageInfo"]["endCursor"]
        second = (await world.read(document, input=given, after=end))["upsertSubscribers"]

    assert first["counts"] == [{"count": 250}]
    assert [node["place"] for node in first["items"]["nodes"]] == list(range(100))
    assert [node["place"] for node in second["items"]["nodes"]] == list(range(100, 200))
    assert second["items"]["pageInfo"]["hasNextPage"]


async def test_a_part_that_was_lost_is_found_again_and_nothing_is_left_to_check() -> None:
    """Broken, the answer to the last part would stand for the whole, or be asked for although all is known."""
    items = [{"ref": "c 1", "join": ["1"]}, {"ref": "n", "joinRefs": ["nobody has this"]}]
    document = "query($id: ID!) { writeOperation(id: $id) { state outcome check counts { outcome count } } }"
    async with open_writing("talon_one") as world:
        await world.misbehave("talon_one", kind="reset", match="PUT /cdp/customer_profiles/", applied=True, times=1)
        lost = await world.write("changeAudiences", source="talon_one", items=items)
        found = (await world.read(document, id=lost["operation"]["id"]))["writeOperation"]

    assert (lost["outcome"], lost["operation"]["check"] is None) == ("UNKNOWN", False)
    assert (found["state"], found["outcome"], found["check"]) == ("DONE", "MIXED", None)
    assert found["counts"] == [{"outcome": "APPLIED", "count": 1}, {"outcome": "REJECTED", "count": 1}]
