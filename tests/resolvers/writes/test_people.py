"""Writes about one person everywhere: one write a part, whatever breaks."""

import asyncio
import contextlib
import json
import sqlite3
from dataclasses import replace
from typing import Final

import httpx
import pytest

from adapters.contract import Outcome, WriteCommand
from adapters.errors import InputError
from adapters.ledger import EntryFilter
from resolvers.principal import LOCAL
from resolvers.writes.arguments import (
    WriteArgs,
    digest_items,
    digest_person,
    digest_subscriber,
    digest_whole,
    read_command,
    to_kept_command,
)
from resolvers.writes.payload import PayloadRecord
from resolvers.writes.people_answers import build_people_entry
from resolvers.writes.people_parts import ERASE, derive_key, plan_parts
from resolvers.writes.pipeline import write
from tests.resolvers.writes.conftest import EMAIL, SELECTION, World
from tests.resolvers.writes.fake_writer import ABILITIES, writer_of
from tests.resolvers.writes.people_places import (
    UPSERTS,
    FindingWriter,
    Places,
    build_args,
    build_source,
    outcomes,
)

LEASE_S: Final = 0.05

HERE_7: Final = digest_subscriber("here", "7")


@pytest.fixture
async def places(world: World) -> Places:
    return Places(world, {name: build_source(name) for name in ("here", "there")})


async def test_one_part_that_is_lost_leaves_the_other(places: Places) -> None:
    """Broken, one vendor's failure would be told of all."""
    places.vendor("here").after = lambda _number: httpx.Response(502)

    payload = await places.ask(build_args(key="k"))

    assert outcomes(payload) == {"here": Outcome.UNKNOWN, "there": Outcome.APPLIED}
    assert [(count.outcome, count.count) for count in payload.counts] == [(Outcome.APPLIED, 1), (Outcome.UNKNOWN, 1)]
    assert await places.ask(build_args(key="k")) == payload


async def test_two_servers_asked_at_once_write_each_part_once(places: Places) -> None:
    """Broken, two replicas would each write to every vendor."""
    other = await places.world.open_desk()
    contexts = [places.context(desk) for desk in (places.world.desks[0], other) for _ in range(10)]

    payloads = await asyncio.gather(*(places.ask(build_args(key="k"), ctx) for ctx in contexts))

    assert [len(places.vendor(name).writes) for name in places.sources] == [1, 1]
    ids = {tuple(part.operation and part.operation.id for part in payload.parts) for payload in payloads}
    assert len(ids) == 1


async def test_a_server_that_went_halfway_is_carried_on_from_there(places: Places) -> None:
    """Broken, a repetition after a crash would write a part twice, or leave one out for good."""
    args = build_args(key="k")
    gone = await places.world.open_desk(lease_s=LEASE_S)
    await gone.ledger.begin(build_people_entry(args, "k", LOCAL))
    done = plan_parts(args, places.sources["here"], ())[0].args
    assert isinstance(done, WriteArgs)
    (first,) = await write([None], done, places.context(), SELECTION)
    assert isinstance(first, PayloadRecord)
    await asyncio.sleep(2 * LEASE_S)
    await places.world.desks[0].settle()

    payload = await places.ask(args)

    assert outcomes(payload) == {"here": Outcome.APPLIED, "there": Outcome.APPLIED}
    assert [len(places.vendor(name).writes) for name in places.sources] == [1, 1]
    assert payload.parts[0].operation == first.operation


async def test_another_input_under_a_key_is_refused(places: Places) -> None:
    """Broken, somebody's wish would be answered by another one's answer."""
    await places.ask(build_args(key="k"))

    with pytest.raises(InputError) as refused:
        await places.ask(build_args(key="k", fields={"first_name": "Bob"}))

    assert refused.value.reason == "IDEMPOTENCY_MISMATCH"


@pytest.mark.parametrize(
    ("named", "fields", "path"),
    [
        ({"email": EMAIL}, {"email": "bob@shop.example"}, "email"),
        ({"email": EMAIL}, {"email": None}, "email"),
        ({"ref": "a-1"}, {"ref": "b-1"}, "ref"),
        ({"phone": "+61 2 9999 0000"}, {"mobile": "+61299990001"}, "mobile"),
        ({"phone": "+61 2 9999 0000", "email": EMAIL}, {"phone": "+61299990001"}, "phone"),
    ],
)
async def test_whom_an_upsert_looks_for_is_whom_it_makes(
    places: Places, named: dict[str, str], fields: dict[str, str | None], path: str
) -> None:
    """Broken, one person would be looked for and another one made, once for every repetition."""
    with pytest.raises(InputError) as refused:
        await places.ask(build_args(named=named, fields=fields))

    assert (refused.value.reason, refused.value.path) == ("IDENTIFIER_OTHER", ("input", "fields", path))
    assert await places.world.rows() == []


async def test_an_identifier_may_be_said_twice(places: Places) -> None:
    """Broken, a form that sends the whole person could not say whose it is."""
    fields = {"email": EMAIL.upper(), "mobile": "0299990000", "phone": "+61299990000"}

    payload = await places.ask(build_args(named={"email": EMAIL, "phone": "+61 2 9999-0000"}, fields=fields))

    assert outcomes(payload) == {"here": Outcome.APPLIED, "there": Outcome.APPLIED}


async def test_where_nobody_can_look_nobody_is_changed_by_id(places: Places) -> None:
    """Broken, a source that is down would be told to make somebody it knows."""
    sources = places.sources
    down = FindingWriter("here", writer_of(sources["here"]).table, down=True)
    updating = {**UPSERTS, "updateSubscriber": ABILITIES["upsertSubscriber"]}
    sources["here"] = replace(sources["here"], adapter=down, writes=updating)

    payload = await places.ask(build_args())

    assert outcomes(payload) == {"here": Outcome.NOT_SENT, "there": Outcome.APPLIED}
    assert payload.parts[0].errors[0].code == "VENDOR_UNAVAILABLE"
    assert down.vendor.received == 0


async def test_a_key_that_names_the_person_is_kept_nowhere(places: Places) -> None:
    """Broken, an erased person's address would stand in our ledger for as long as keys are kept."""
    key = f"signup:{EMAIL}"
    await places.ask(build_args(key=key))
    command = WriteCommand(kind="upsertSubscriber", source="here", values={"fields": {"email": EMAIL}})
    await write([None], WriteArgs(command=command, key=key), places.context(), SELECTION)
    first = await places.ask(build_args(ERASE, key=key))
    again = await places.ask(build_args(ERASE, key=key))

    assert again == first
    with contextlib.closing(sqlite3.connect(places.world.url.removeprefix("sqlite:///"))) as ledger:
        rows = ledger.execute("SELECT * FROM writes").fetchall()
    assert rows
    assert EMAIL not in repr(rows)


@pytest.mark.parametrize("trouble", ["nobody can look", "nothing arrives"])
async def test_a_trouble_that_passes_is_not_kept_under_the_key(places: Places, trouble: str) -> None:
    """Broken, a vendor that was away for a moment would be away for this key for as long as keys are kept."""
    args = build_args(key="k")
    here = replace(places.sources["here"], writes={**UPSERTS, "updateSubscriber": ABILITIES["upsertSubscriber"]})
    places.sources["here"] = here
    if trouble == "nobody can look":
        down = FindingWriter("here", writer_of(here).table, vendor=writer_of(here).vendor, down=True)
        places.sources["here"] = replace(here, adapter=down)
    else:
        places.vendor("here").before = lambda _number: httpx.ConnectError("refused")
    first = await places.ask(args)
    second = await places.ask(args)
    places.sources["here"] = here
    places.vendor("here").before = lambda _number: None

    third, fourth = await places.ask(args), await places.ask(args)

    assert [outcomes(each)["here"].value for each in (first, second, third)] == ["NOT_SENT", "NOT_SENT", "APPLIED"]
    assert fourth == third
    assert [len(places.vendor(name).writes) for name in places.sources] == [1, 1]


def test_parts_have_keys_of_their_own() -> None:
    """Broken, one source's part would be answered by another's."""
    keys = {derive_key("k", source, target) for source in ("a", "b") for target in (None, "1", "2")}

    assert len(keys) == 6
    assert derive_key(None, "a", "1") is None


async def test_an_answer_that_is_told_again_leaves_out_sources_not_seen_any_more(places: Places) -> None:
    """Broken, a key would go on telling of a source that was taken from its owner, or write a second time."""
    first = await places.ask(build_args(key="k"))
    narrow = replace(LOCAL, sources=frozenset({"here"}))
    again = await places.ask(build_args(key="k"), replace(places.context(), principal=narrow))

    assert outcomes(first) == {"here": Outcome.APPLIED, "there": Outcome.APPLIED}
    assert outcomes(again) == {"here": Outcome.APPLIED}
    assert [len(places.vendor(name).writes) for name in places.sources] == [1, 1]


def test_each_whom_a_message_is_sent_to_is_kept_as_an_item() -> None:
    """Broken, one recipient's erasure would take the others along, or leave the address in the write."""
    recipients = [{"id": "7"}, {"email": EMAIL}, {"ref": "r"}]
    command = WriteCommand(kind="sendMessage", source="here", values={"recipients": recipients, "content": {"a": 1}})
    args = WriteArgs(command=command)
    kept = to_kept_command(args)

    assert EMAIL not in json.dumps(kept)
    assert digest_whole(args) == frozenset()
    assert digest_items(args) == [{HERE_7}, {digest_person("email", EMAIL)}, {digest_person("ref", "r")}]
    assert read_command(kept, tuple(recipients)).values == {**command.values, "skipped": []}
    assert read_command(kept, tuple(recipients)).items == ()


async def test_a_person_who_was_erased_is_not_made_again_by_a_late_retry(places: Places) -> None:
    """Broken, a key that is repeated after the erasure would make the person anew, or be told what was erased."""
    await places.ask(build_args(key="k"))
    ledger = places.world.desks[0].ledger
    assert await ledger.erase_people([digest_person("email", EMAIL)], sources=list(places.sources)) == 3

    with pytest.raises(InputError) as refused:
        await places.ask(build_args(key="k"))

    rows, _ = await ledger.fetch_page(EntryFilter(), after=None, limit=10)
    assert refused.value.reason == "WRITE_ERASED"
    assert [(row.input_hash, row.result) for row in rows] == [("", {})] * 3
    assert [len(places.vendor(name).writes) for name in places.sources] == [1, 1]


async def test_an_erasure_is_told_again_under_its_key(places: Places) -> None:
    """Broken, an erasure would forget itself, and who asks for it again would be refused, or do it twice."""
    await places.ask(build_args(key="k"))
    erasure = build_args(kind="erasePerson", key="e", fields={})

    first, again = await places.ask(erasure), await places.ask(erasure)

    assert again == first
    assert first.forgotten == 3


async def test_of_a_part_that_was_erased_before_its_answer_was_kept_nobody_knows(places: Places) -> None:
    """Broken, a write that was perhaps done would be told as never sent, or be done again."""
    args = build_args(key="k")
    done = plan_parts(args, places.sources["here"], ())[0].args
    assert isinstance(done, WriteArgs)
    await write([None], done, places.context(), SELECTION)
    await places.world.desks[0].ledger.erase_people([digest_person("email", EMAIL)])

    payload = await places.ask(args)

    assert outcomes(payload) == {"here": Outcome.UNKNOWN, "there": Outcome.APPLIED}
    assert payload.parts[0].errors[0].reason == "WRITE_ERASED"
    assert len(places.vendor("here").writes) == 1
