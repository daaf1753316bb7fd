"""What is worked out of thousands of items is worked out beside whoever else is served."""

import threading
from typing import Any

from adapters.calls import CallScope
from adapters.contract import WriteCommand
from adapters.ledger import Entry
from resolvers.writes.arguments import WriteArgs
from resolvers.writes.worker import BulkWorker
from tests.resolvers.writes.bulk_writer import KIND, BulkVendor, build_bulk_source
from tests.resolvers.writes.conftest import World

COUNT = 230


def _build_scope(entry: Entry, items: int) -> CallScope:
    raise AssertionError(f"the worker has no source to send {items} items of {entry.id} to")


async def test_the_input_of_many_is_hashed_and_digested_beside_others(world: World) -> None:
    """Broken, thousands of items would keep everybody waiting, after all of them are checked."""
    world.source = build_bulk_source(BulkVendor())
    world.desks[0].worker = BulkWorker({}, _build_scope)
    threads: set[int] = set()

    class Watched(dict[str, Any]):
        def items(self) -> Any:
            threads.add(threading.get_ident())
            return super().items()

    items = tuple(Watched(email=f"kim{place}@shop.example") for place in range(COUNT))
    payload = await world.write(WriteArgs(command=WriteCommand(kind=KIND, source="fake", items=items)))

    assert payload.operation is not None
    assert payload.operation.items == COUNT
    assert threads
    assert threading.get_ident() not in threads
