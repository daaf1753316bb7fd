"""
What of a kept write its reader may see now: a key outlives the scopes and sources under which it was first used.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from adapters.ledger import Entry, ItemEntry
from resolvers.policy.masking import MASK
from resolvers.principal import Principal, Scope

VENDORS_WORDS: Final = "vendor_message"
"""The part of a kept error that is the vendor's own text, which may tell of the person."""

CONSENT: Final = "consent"
"""The part of a kept command that is its caller's own text about a person."""


def show_entry(entry: Entry, principal: Principal) -> Entry:
    """
    Return a write as a caller may read it now.

    What a write told its own caller is told again word for word to whoever sees the same; to others without `pii` the
    vendor's words and facts are masked, and what was said of somebody's consent. So is another's key, which may name
    the person.
    """
    if not _is_masked(entry, principal):
        return entry
    result = dict(entry.result)
    if "errors" in result:
        result["errors"] = [_hide_words(error) for error in result["errors"]]
    if "facts" in result:
        result["facts"] = {name: _hide_text(value) for name, value in result["facts"].items()}
    command = entry.command
    if command.get(CONSENT) is not None:
        command = {**command, CONSENT: MASK}
    key = entry.key if entry.principal == principal.name or not entry.key else MASK
    return replace(entry, result=result, command=command, key=key)


def show_items(entry: Entry, items: list[ItemEntry], principal: Principal) -> Iterator[ItemEntry]:
    """Yield items of a write as a caller may read them now."""
    masked = _is_masked(entry, principal)
    for item in items:
        yield replace(item, error=_hide_words(item.error)) if masked and item.error else item


def _is_masked(entry: Entry, principal: Principal) -> bool:
    return entry.tenant != principal.tenant and not principal.holds(Scope.PII)


def _hide_words(error: Mapping[str, Any]) -> dict[str, Any]:
    return {name: MASK if name == VENDORS_WORDS else value for name, value in error.items()}


def _hide_text(value: Any) -> Any:
    """Mask what is not a number: counts tell of nobody."""
    return value if isinstance(value, int | float) else MASK
