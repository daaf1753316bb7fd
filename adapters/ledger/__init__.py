"""
The ledger: a durable row for every write, there before the write's first byte leaves.

A row is PENDING before anything is sent, SENT just before bytes leave, and then has an outcome for good, except that
UNKNOWN and ACCEPTED may still become known. Rows under way have an owner and a lease; only when the lease has run out
may another process say what became of them: SENT becomes UNKNOWN, PENDING becomes NOT_SENT.
"""

from adapters.ledger.entries import (
    NOWHERE,
    Begun,
    Entry,
    EntryFilter,
    ItemEntry,
    ItemState,
    NewEntry,
    State,
    WebhookEvent,
)
from adapters.ledger.protocol import RECORD_BUSY, HeldTurn, IsAbout, Ledger

__all__ = [
    "NOWHERE",
    "RECORD_BUSY",
    "Begun",
    "Entry",
    "EntryFilter",
    "HeldTurn",
    "IsAbout",
    "ItemEntry",
    "ItemState",
    "Ledger",
    "NewEntry",
    "State",
    "WebhookEvent",
]
