"""
One word for a bulk write, for tests that try every mutation alike: its payload has none, its row in the ledger may.
"""

from typing import Any, Final

BULK: Final = (
    "upsertSubscribers",
    "changeAudiences",
    "importSubscribers",
    "deleteContacts",
    "logEvents",
    "sendMessage",
)
"""Mutations whose payloads tell of their items instead of having an outcome."""

_WORD: Final = "outcome"
_TOLD: Final = "told: operation { outcome }"


def tell_outcome(name: str, shown: str) -> str:
    """Ask for what a mutation says of its outcome, where the selection begins with that."""
    if name not in BULK or not shown.startswith(_WORD):
        return shown
    return _TOLD + shown.removeprefix(_WORD)


def read_outcome(payload: Any) -> Any:
    """Return a payload with the word for all of it: a dry run is planned, what is under way is accepted."""
    if not isinstance(payload, dict) or "told" not in payload:
        return payload
    told = payload.pop("told")
    return {"outcome": "PLANNED" if told is None else told["outcome"] or "ACCEPTED", **payload}
