"""
Items of bulk writes, between what an adapter tells and what the ledger keeps.
"""

from collections.abc import Sequence

from adapters.contract import ItemResult
from adapters.ledger import ItemEntry, ItemState
from resolvers.writes.payload import to_plain_error, to_write_error


def to_item_entries(items: Sequence[ItemResult]) -> tuple[ItemEntry, ...]:
    """Return what became of items as the ledger keeps it."""
    return tuple(_to_entry(item) for item in items)


def _to_entry(item: ItemResult) -> ItemEntry:
    return ItemEntry(
        place=item.place,
        state=ItemState.DONE,
        outcome=item.outcome.value,
        input={},
        vendor_id=item.id,
        error=to_plain_error(to_write_error(item.error, item.outcome)) if item.error else None,
    )
