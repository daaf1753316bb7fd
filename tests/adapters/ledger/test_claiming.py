"""Beginning writes under keys: whoever asks how often, one of them is the write."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from adapters.ledger import State
from adapters.ledger.store import Store
from tests.adapters.ledger.conftest import Open, build_new

MANY = 100

BEGIN_MANY = """
import asyncio, json, sys
from adapters.ledger.store import open_ledger
from tests.adapters.ledger.conftest import build_new

async def main(url):
    store = await open_ledger(url)
    print("ready", flush=True)
    sys.stdin.readline()
    begun = await asyncio.gather(*(store.begin(build_new()) for _ in range(50)))
    print(json.dumps({"new": sum(each.new for each in begun), "ids": sorted({each.entry.id for each in begun})}))
    await store.aclose()

asyncio.run(main(sys.argv[1]))
"""


async def test_what_is_entered_is_found_again(store: Store) -> None:
    """Broken, a write could not be answered for."""
    begun = await store.begin(build_new(command={"kind": "x", "values": {"name": "Zoë \0 \ud800 😀"}}))

    assert begun.new
    assert begun.entry == await store.fetch(begun.entry.id)
    assert begun.entry == await store.fetch_by_key("ann", "updateSubscriber", "k")
    assert (begun.entry.state, begun.entry.outcome, begun.entry.result) == (State.PENDING, None, {})
    assert begun.entry.command["values"]["name"] == "Zoë \0 \ud800 😀"
    assert begun.entry.created_at.utcoffset() is not None


async def test_of_a_hundred_at_once_one_is_new(store: Store) -> None:
    """Broken, a client that sends its mutation twice would write twice."""
    begun = await asyncio.gather(*(store.begin(build_new()) for _ in range(MANY)))

    assert sum(each.new for each in begun) == 1
    assert len({each.entry.id for each in begun}) == 1


async def test_of_a_hundred_at_once_in_two_processes_one_is_new(url: str) -> None:
    """Broken, a client whose mutation reaches two replicas would write twice."""
    command = [sys.executable, "-c", BEGIN_MANY, url]
    pipes: Mapping[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(2)]  # noqa: ASYNC220 - it starts and returns
    for process in processes:
        assert await asyncio.to_thread(process.stdout.readline) == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [json.loads((await asyncio.to_thread(process.communicate))[0]) for process in processes]

    assert sum(each["new"] for each in said) == 1
    assert said[0]["ids"] == said[1]["ids"]
    assert len(said[0]["ids"]) == 1


@pytest.mark.parametrize("changes", [{"principal": "bob"}, {"mutation": "createList"}])
async def test_a_key_is_a_principals_own_for_one_mutation(store: Store, changes: dict[str, str]) -> None:
    """Broken, one caller would be told of another's write."""
    first = await store.begin(build_new())
    second = await store.begin(build_new(**changes))

    assert second.new
    assert second.entry.id != first.entry.id


async def test_a_key_stays_its_principals_when_scopes_change(store: Store) -> None:
    """Broken, a retry after a caller's scopes or sources were changed would write twice."""
    first = await store.begin(build_new())
    second = await store.begin(build_new(tenant="retail|write"))

    assert not second.new
    assert second.entry == first.entry


async def test_a_second_opening_finds_what_the_first_entered(open_store: Open) -> None:
    """Broken, a write would be forgotten by a restart."""
    first = await open_store()
    begun = await first.begin(build_new())
    await first.aclose()
    second = await open_store()

    again = await second.begin(build_new(input_hash="b" * 64))

    assert not again.new
    assert again.entry == begun.entry


async def test_ids_stand_in_the_order_of_their_writes(store: Store) -> None:
    """Broken, the newest write would not be first."""
    ids = [(await store.begin(build_new(str(number)))).entry.id for number in range(5)]

    assert ids == sorted(ids)


async def test_items_keep_their_places_and_reasons(store: Store) -> None:
    """Broken, a bulk write would lose what was left out of it, and why."""
    items = [{"email": f"{number}@b.c"} for number in range(3)]
    begun = await store.begin(build_new(items=items, skipped={1: "opted out"}))

    found, more = await store.fetch_items(begun.entry.id, after=-1, limit=10)

    assert [(item.place, item.state.value, item.outcome, item.input) for item in found] == [
        (0, "WAITING", None, items[0]),
        (1, "DONE", "SKIPPED", items[1]),
        (2, "WAITING", None, items[2]),
    ]
    assert not more
    assert begun.entry.items == 3
    assert begun.entry.counts == {"WAITING": 2, "SKIPPED": 1}
