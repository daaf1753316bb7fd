"""Large bulk writes of which an item is wrong: refused as a small one is, before anything of them is kept or sent."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from adapters.contract import ChecksItems
from adapters.records import Entity
from resolvers.roles import find_writer
from resolvers.writes.pipeline import INLINE_ITEMS
from tests.graph.every_source import EVERY
from tests.graph.every_writer import Writing, build_write, id_of, open_writing

LIST: Final = {"source": "taximail", "listId": "174"}


def _mail(place: int) -> dict[str, Any]:
    return {"email": f"person{place}@example.org"}


def _contact(place: int) -> str:
    return id_of("taximail", Entity.SUBSCRIBER, f"174/{place + 1}")


IMPORTED: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "no address": ({"email": "nobody"}, {}),
    "nobody named": ({"firstName": "Ada"}, {}),
    "an address that is there": ({"email": "PERSON0@example.org"}, {}),
    "another vendor's field": ({"email": "a@example.org", "phone": "1"}, {}),
    "no key": ({"email": "a@example.org", "customFields": [{"key": "age", "value": "1"}]}, {}),
    "no field of the list": (
        {"email": "a@example.org", "customFields": [{"key": "custom_field_999999", "value": "1"}]},
        {},
    ),
    "a field twice": ({"email": "a@example.org", "customFields": [{"key": "custom_field_208"}] * 2}, {}),
    "a list in a field": (
        {"email": "a@example.org", "customFields": [{"key": "custom_field_208", "typed": [1]}]},
        {},
    ),
    "a sign between rows": ({"email": "a@example.org", "firstName": "a|:|b"}, {}),
    "a line break": ({"email": "a@example.org", "firstName": "a\nb"}, {}),
    "the sign that was chosen": (
        {"email": "a@example.org", "firstName": "a,b"},
        {"taximail": {"fieldTerminator": "COMMA", "fieldEncloser": "NONE"}},
    ),
    "memberships": ({"email": "a@example.org", "memberships": [{"listId": "174", "subscribed": True}]}, {}),
}
"""What one item of an import into Taximail may have wrong with it, and what is said beside the items."""


def _list_cases() -> Iterator[Any]:
    for why, (bad, beside) in IMPORTED.items():
        yield pytest.param("importSubscribers", "taximail", _mail, bad, {**LIST, **beside}, id=f"an import with {why}")
    yield pytest.param(
        "importSubscribers",
        "taguchi_v4",
        _mail,
        _mail(0),
        {"source": "taguchi_v4", "recipientsUnchecked": True},
        id="a vendor of files",
    )
    yield pytest.param(
        "deleteContacts", "taximail", _contact, _contact(0), {"source": "taximail"}, id="a contact that is there"
    )
    yield pytest.param(
        "upsertSubscribers", "taguchi_v5", _mail, {"email": "nobody"}, {"source": "taguchi_v5"}, id="a bad address"
    )
    yield pytest.param(
        "logEvents",
        "taguchi_v5",
        lambda place: {"person": _mail(place), "type": "bought"},
        {"person": {"ref": ""}, "type": "bought"},
        {"source": "taguchi_v5"},
        id="nobody's event",
    )
    yield pytest.param(
        "changeAudiences",
        "talon_one",
        lambda place: {"ref": f"c{place}", "join": ["1"]},
        {"ref": "c", "join": ["one"]},
        {"source": "talon_one"},
        id="no audience",
    )


async def _refuse(world: Writing, name: str, given: dict[str, Any]) -> dict[str, Any]:
    answer = await world.ask(build_write(name, "warnings"), input=given)
    assert answer["data"] == {name: None}, answer
    (error,) = answer["errors"]
    told = error["extensions"]
    assert isinstance(told, dict)
    return {"message": error["message"], **{key: each for key, each in told.items() if key != "operationId"}}


@pytest.mark.parametrize(("name", "vendor", "build", "bad", "beside"), [*_list_cases()])
async def test_many_items_are_refused_for_one_as_few_are(
    name: str, vendor: str, build: Any, bad: Any, beside: dict[str, Any]
) -> None:
    """Broken, what an item says would be found wrong after its write was entered, and the others sent."""
    last = INLINE_ITEMS
    part = "ids" if isinstance(bad, str) else "items"
    few = {**beside, part: [build(0), bad]}
    many = {**beside, part: [*map(build, range(last)), bad]}
    async with open_writing(vendor) as world:
        small = await _refuse(world, name, few)
        large = await _refuse(world, name, many)
        planned = await _refuse(world, name, {**many, "dryRun": True})
        kept = (await world.read("{ writeOperations { nodes { id } } }"))["writeOperations"]["nodes"]
        sent = world.list_writes(vendor)

    assert (kept, sent) == ([], [])
    assert large == planned
    assert large == {**small, "inputPath": _place(small["inputPath"], last)}
    assert large["inputPath"][:2] == ["input", part]
    assert large["inputPath"][2:3] == ([last] if vendor != "taguchi_v4" else [])


def _place(path: list[Any], last: int) -> list[Any]:
    """Return the path of the second item as that of the last."""
    return [*path[:2], *(last if each == 1 else each for each in path[2:3]), *path[3:]]


@pytest.mark.parametrize(
    ("beside", "code"),
    [
        ({"listId": "1741"}, "NOT_FOUND"),
        ({"listId": "news"}, "BAD_USER_INPUT"),
        ({}, "BAD_USER_INPUT"),
        ({"listId": "174", "taximail": {"mode": "FROM_FILE", "pathFile": "people.csv"}}, "BAD_USER_INPUT"),
        ({"listId": "174", "taximail": {"matchedFields": ["email"]}}, "BAD_USER_INPUT"),
        ({"listId": "174", "recipientsUnchecked": True, "taguchi": {"ref": "r"}}, "BAD_USER_INPUT"),
    ],
    ids=["no list", "no id", "nowhere", "a file too", "columns", "another vendor's"],
)
async def test_many_items_are_refused_for_what_is_said_beside_them(beside: dict[str, Any], code: str) -> None:
    """Broken, an import into nowhere would be taken, and every item of it come to nothing."""
    few, many = ({"source": "taximail", "items": [*map(_mail, range(count))], **beside} for count in (2, 101))
    async with open_writing("taximail") as world:
        small = await _refuse(world, "importSubscribers", few)
        large = await _refuse(world, "importSubscribers", many)
        kept = (await world.read("{ writeOperations { nodes { id } } }"))["writeOperations"]["nodes"]
        sent = world.list_writes("taximail")

    assert (large, kept, sent) == (small, [], [])
    assert large["code"] == code


async def test_no_item_is_looked_up_before_many_are_entered() -> None:
    """Broken, a caller with ten thousand items would wait for ten thousand calls, and be refused for their number."""
    async with open_writing("taximail") as world:
        asked = []
        for count in (101, 1_001):
            world.forget()
            items = [_mail(place) for place in range(count)]
            await _refuse(world, "importSubscribers", {**LIST, "items": [*items, {"email": "nobody"}]})
            asked.append(len([each for each in world.taps["taximail"].received if each.method == "GET"]))

    assert asked == [1, 1]


async def test_every_bulk_write_is_checked_before_it_is_entered() -> None:
    """Broken, a new bulk mutation could be one whose bad items are found only when they are sent."""
    async with open_writing(*EVERY) as world:
        bulk = [
            (source, ability)
            for source in world.sources.values()
            for ability in source.writes.values()
            if ability.bulk > 1
        ]

    assert len(bulk) == 6
    assert all(ability.reads_nothing or isinstance(find_writer(source), ChecksItems) for source, ability in bulk)
