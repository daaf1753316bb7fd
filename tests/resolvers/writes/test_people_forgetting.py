"""Whom the ledger forgets when one person is erased, and whom it must not."""

from dataclasses import replace
from typing import Any, Final

import pytest

from adapters.contract import MatchReason, PersonMatch, WriteCommand
from adapters.records import Entity, SubscriberRecord
from resolvers.writes.arguments import (
    WriteArgs,
    digest_ids,
    digest_subscriber,
)
from resolvers.writes.payload import PayloadRecord
from resolvers.writes.people_forgetting import Identity, gather_identity
from resolvers.writes.people_parts import ERASE
from resolvers.writes.pipeline import write
from tests.resolvers.people import build_people
from tests.resolvers.writes.conftest import EMAIL, SELECTION, World
from tests.resolvers.writes.people_places import Places, build_args, build_holder, build_source

NUMBER: Final = "+61299990000"

OFFICE: Final = "+61299997777"

HERE_7: Final = digest_subscriber("here", "7")


@pytest.fixture
async def places(world: World) -> Places:
    return Places(world, {name: build_source(name) for name in ("here", "there")})


async def test_an_erasure_finds_what_was_written_under_an_older_address(places: Places) -> None:
    """Broken, whoever changed an address would live on in our ledger under the old one."""
    command = WriteCommand(kind="upsertSubscriber", source="here", values={"fields": {"email": "old@shop.example"}})
    (made,) = await write([None], WriteArgs(command=command), places.context(), SELECTION)
    assert isinstance(made, PayloadRecord)
    assert made.key is not None
    (record,) = build_people("here", int(made.key[1]), email=EMAIL)
    identity = gather_identity({"email": EMAIL}, [places.sources["here"]], [[record]])

    assert await places.world.desks[0].ledger.erase_people(sorted(identity.digests)) == 1

    assert "old@shop.example" not in repr(await places.world.rows())


HOUSEHOLD: Final = {
    "ann": {"email": EMAIL, "mobile": NUMBER},
    "bob": {"email": "bob@shop.example", "mobile": NUMBER},
    "number": {"mobile": NUMBER},
    "office": {"mobile": OFFICE},
    "cy": {"email": "cy@shop.example"},
}
"""Whom writes are about: two who share a number, whoever has it, colleagues of one of them, and somebody else."""


@pytest.mark.parametrize(
    ("named", "forgotten"),
    [
        ({"email": EMAIL}, {"ann"}),
        ({"email": EMAIL, "phone": NUMBER}, {"ann"}),
        ({"ref": "a-1", "phone": NUMBER}, {"ann"}),
        ({"phone": NUMBER}, {"ann", "number"}),
    ],
)
async def test_an_erasure_forgets_nobody_who_only_shares_the_number(
    places: Places, named: dict[str, str], forgotten: set[str]
) -> None:
    """Broken, what was written about a household would be forgotten with one of it, or a number never."""
    record = SubscriberRecord(source="here", id="a", email=EMAIL, ref="a-1", mobile=NUMBER, phone=OFFICE)
    vendor = places.vendor("here")
    here = places.sources["here"] = build_holder(
        places.sources["here"], vendor, PersonMatch(record, (MatchReason.REF,))
    )
    for fields in HOUSEHOLD.values():
        command = WriteCommand(kind="upsertSubscriber", source=here.name, values={"fields": fields})
        await write([None], WriteArgs(command=command), places.context(), SELECTION)

    payload = await places.ask(build_args(ERASE, named=named, sources=("here",)))

    kept = [row.command["values"]["fields"] for row in await places.world.rows() if "values" in row.command]
    assert {name for name, fields in HOUSEHOLD.items() if fields not in kept} == forgotten
    assert payload.forgotten == len(forgotten)


async def test_where_several_are_meant_nothing_is_forgotten(places: Places) -> None:
    """Broken, the ledger would forget two people where the vendor was told to erase neither."""
    several = [
        PersonMatch(SubscriberRecord(source="here", id=id_, email=email, mobile=NUMBER), (MatchReason.PHONE,))
        for id_, email in (("a", EMAIL), ("b", "bob@shop.example"))
    ]
    here = places.sources["here"]
    places.sources["here"] = build_holder(here, places.vendor("here"), *several)
    for name in ("here", "there"):
        command = WriteCommand(kind="upsertSubscriber", source=name, values={"fields": {"mobile": NUMBER}})
        await write([None], WriteArgs(command=command), places.context(), SELECTION)

    payload = await places.ask(build_args(ERASE, named={"phone": NUMBER}))

    assert [row.source for row in await places.world.rows() if "values" in row.command] == ["here"]
    assert payload.forgotten == 1


async def test_an_erasure_forgets_what_was_written_and_told_at_its_sources(places: Places) -> None:
    """Broken, an erased person would live on in our own ledger."""
    ledger = places.world.desks[0].ledger
    await places.ask(build_args())
    told = [
        ("here", {"1": {"event": "open", "email": f" {EMAIL.upper()}"}}),
        ("here", {"1": {"event": "open", "email": "bob@shop.example"}}),
        ("there", {"user": {"id": EMAIL}}),
    ]
    for place, (source, payload) in enumerate(told):
        await ledger.store_event(source, str(place), payload)

    forgotten = [
        (await places.ask(build_args(ERASE, sources=sources))).forgotten for sources in (("here",), None, None)
    ]

    assert forgotten == [2, 2, 0]
    events, _ = await ledger.list_events(["here", "there"], after=None, limit=5)
    assert [event.payload for event in reversed(events)] == [{}, told[1][1], {}]
    assert all("values" not in row.command for row in await places.world.rows() if row.source)
    assert len(places.vendor("here").writes) == 1


@pytest.mark.parametrize(
    ("payload", "about"),
    [
        ({"email": "Ann@Shop.Example"}, True),
        ({"unreadable": "{email=ann@shop.example"}, True),
        ({"unreadable": "&email=Ann%40shop.example&x"}, True),
        ({"link": "https://x.example/?m=ann%40shop%2Eexample"}, True),
        ({"people": {"ann@shop.example": {"left": True}}}, True),
        ({"subscribers": {"7": {"left": True}}}, True),
        ({"7": {"event": "open"}}, False),
        ([{"phone": "+61 2 9999-0000"}], False),
        ({"subscriber": {"id": 7}}, True),
        ({"list": {"id": 7}}, False),
        ({"subscriber": {"id": 8}}, False),
        ({"ref": "a-1"}, True),
        ({"name": "a-1"}, False),
        (None, False),
    ],
)
def test_what_is_told_of_a_person_is_known_by_what_it_holds(payload: Any, about: bool) -> None:
    """Broken, one person's messages would stay, or another's would be lost."""
    (record,) = build_people("here", 7, email=EMAIL, mobile="(02) 9999 0000")
    source = replace(build_source("here"), region="AU")

    identity = gather_identity({"ref": "a-1"}, [source], [[record]])

    assert identity.is_about("here", payload) is about


@pytest.mark.parametrize(
    ("named", "payload", "about"),
    [
        ({"phone": NUMBER}, [{"phone": "+61 2 9999-0000"}], True),
        ({"phone": "02 9999 0000"}, [{"phone": "+61299990000"}], True),
        ({"phone": NUMBER}, [{"phone": "+61299990001"}], False),
        ({"phone": NUMBER}, [{"phone": NUMBER, "email": "bob@shop.example"}], False),
        ({"phone": NUMBER}, [{"phone": NUMBER, "email": EMAIL}], True),
        ({"phone": NUMBER}, [{"unreadable": "phone=%2B61%202%209999%200000"}], True),
        ({"phone": NUMBER}, [{"unreadable": "phone=%2B61299990000&email=bob%40shop.example"}], False),
        ({"phone": NUMBER}, [{"@type": "told", "phone": NUMBER}], True),
        ({"phone": NUMBER}, [{"phone": OFFICE}], False),
        ({"phone": NUMBER, "email": EMAIL}, [{"phone": NUMBER}], False),
        ({"phone": NUMBER, "ref": "a-1"}, [{"phone": NUMBER}], False),
    ],
)
def test_a_number_tells_of_whoever_is_named_by_nothing_else(named: dict[str, str], payload: Any, about: bool) -> None:
    """Broken, what vendors told of a household would be forgotten with one of it."""
    (record,) = build_people("here", 7, email=EMAIL, mobile="(02) 9999 0000", phone=OFFICE)
    source = replace(build_source("here"), region="AU")

    identity = gather_identity(named, [source], [[record]])

    assert identity.is_about("here", payload) is about


@pytest.mark.parametrize(
    ("entity", "values", "items"),
    [
        (None, {"person": {"id": "7"}}, ()),
        (None, {"recipients": [{"email": "bob@shop.example"}, {"id": "7", "content": {"id": "8"}}]}, ()),
        (Entity.SUBSCRIBER, {}, ({"id": "8"}, {"id": "7"})),
        (None, {}, ({"person": {"id": "8"}}, {"person": {"id": "7"}})),
    ],
)
def test_who_is_named_by_id_can_be_forgotten(entity: Entity | None, values: Any, items: Any) -> None:
    """Broken, the ledger would keep what was written about an erased person whom the input named by id."""
    args = WriteArgs(command=WriteCommand(kind="x", source="here", values=values, items=items), entity=entity)

    places = [place for place, part in enumerate([values, *items]) if HERE_7 in digest_ids(args, part)]

    assert places == [2 if items else 0]


def test_an_id_of_another_kind_of_record_is_nobodys() -> None:
    """Broken, erasing a person would forget what was written about a list of the same number."""
    args = WriteArgs(command=WriteCommand(kind="x", source="here", items=({"id": "7"},)), entity=Entity.LIST)

    assert digest_ids(args, args.command.items[0]) == frozenset()


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("ann@shop.example", True),
        ("Sent to <ANN@shop.example>.", True),
        ("to=ann@shop.example&x=1", True),
        ("ann@shop.example.", True),
        ("joann@shop.example", False),
        ("mary-ann@shop.example", False),
        ("ann@shop.examples", False),
        ("joann@shop.example and ann@shop.example", True),
    ],
)
def test_an_address_is_no_part_of_another(text: str, about: bool) -> None:
    """Broken, what was told of one person would be forgotten with another whose address ends alike."""
    identity = Identity()
    identity.add("email", "Ann@shop.example")

    assert identity.is_about("here", {"note": text}) is about
