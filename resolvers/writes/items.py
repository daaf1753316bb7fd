"""
Items of bulk writes, between what an adapter tells and what the ledger keeps.
"""

from collections.abc import Collection, Sequence
from typing import Final

from adapters.contract import ItemResult, Outcome, WriteResult
from adapters.ledger import ItemEntry, ItemState
from resolvers.writes.payload import to_plain_error, to_write_error

ITEMS_CHECK: Final = "Look at the items whose outcome is UNKNOWN, each at the vendor."


def to_item_entries(items: Sequence[ItemResult]) -> tuple[ItemEntry, ...]:
    """Return what became of items as the ledger keeps it."""
    return tuple(_to_entry(item) for item in items)


def list_ends(count: int, result: WriteResult, sent: Collection[int]) -> tuple[ItemEntry, ...]:
    """
    Return what became of every item of a write that has ended; `sent` are the places whose bytes may have left.

    Where nothing is told of any item, the word for the whole is each one's.
    """
    told = {item.place: item for item in result.items}
    left = [place for place in range(count) if place not in told]
    ends = [ItemResult(place=place, outcome=_judge(place, result, sent), error=result.error) for place in left]
    return to_item_entries([*told.values(), *ends])


def _judge(place: int, result: WriteResult, sent: Collection[int]) -> Outcome:
    if not result.items:
        return result.outcome
    return Outcome.UNKNOWN if place in sent else Outcome.NOT_SENT


def _to_entry(item: ItemResult) -> ItemEntry:
    return ItemEntry(
        place=item.place,
        state=ItemState.DONE,
        outcome=item.outcome.value,
        input={},
        vendor_id=item.id,
        error=to_plain_error(to_write_error(item.error, item.outcome)) if item.error else None,
    )
