"""
What vendors tell by themselves: webhooks, read into events that say which write they are about.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from pydantic import SecretStr

from adapters.contract.writing import Outcome
from adapters.records import Entity


class UnreadableTellingError(ValueError):
    """A body that is nothing the vendor sends; the message never holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    """
    One thing a vendor told.

    `payload` is the event as it came, plain JSON. `known_by` are the words of `WriteResult.known_by` it may be found
    by, the surest first; `own_word` is one of the vendor's own, by which the write is known from then on. `outcome` is
    what it proves of that write, None where nothing; `error` says why it was refused; `overrules` that this is so
    although the write was told as done before. `occurred_at` is when it happened, where it says so: it is about no
    write that is younger. `touches` are the kinds of record that have changed.

    An event without such words may still name `people`, each by `email` or `id`, and `lists`: it proves nothing, but
    an open write about them is looked at anew.
    """

    kind: str
    payload: Mapping[str, Any]
    known_by: tuple[tuple[str, str], ...] = ()
    outcome: Outcome | None = None
    error: str | None = None
    overrules: bool = False
    occurred_at: datetime | None = None
    touches: frozenset[Entity] = field(default_factory=frozenset)
    people: frozenset[tuple[str, str]] = frozenset()
    lists: frozenset[str] = frozenset()
    own_word: tuple[str, str] | None = None


def read_json(body: bytes) -> Any:
    """
    Read a body as JSON.

    Raises:
        UnreadableTellingError: it is none, or names something twice, of which only one could be kept.
    """
    try:
        told = orjson.loads(body)
        json.loads(body, object_pairs_hook=_check_names)
    except (ValueError, RecursionError):
        raise UnreadableTellingError("This is no JSON that says each thing once.") from None
    return told


def _check_names(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a name stands twice in an object")


MOST_DEEP: Final = 64
"""How deep what a vendor tells may be nested; nothing that is deeper can be kept or shown."""


@dataclass(frozen=True, slots=True)
class TellingReader:
    """
    How a vendor's webhooks are read, without any I/O; what is none of them raises `UnreadableTellingError`.

    `split` parts a body into events as they come, which are kept; `read` reads one, also long after it was kept, by the
    source's settings.
    """

    split: Callable[[bytes], Sequence[Mapping[str, Any]]]
    read: Callable[[Mapping[str, Any], Any], ToldEvent]

    def read_body(self, body: bytes, settings: Any) -> tuple[ToldEvent, ...]:
        """Read a webhook's body; raises `UnreadableTellingError` for what is none, or too deep."""
        payloads = self.split(body)
        _check_depth(payloads)
        return tuple(self.read(payload, settings) for payload in payloads)


def _check_depth(payloads: Iterable[Any]) -> None:
    level = list(payloads)
    for _ in range(MOST_DEEP):
        level = [inner for each in level for inner in _list_inner(each)]
        if not level:
            return
    raise UnreadableTellingError("This is nested too deeply.")


def _list_inner(value: Any) -> Iterable[Any]:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return (each for each in inner if isinstance(each, Mapping | list))


@dataclass(frozen=True, slots=True)
class Webhook:
    """
    Where a vendor may tell of one source: the secret part of the path, and how its bodies and single events are read.

    While one secret replaces another there are two, and each is as good as the other.
    """

    secrets: tuple[SecretStr, ...]
    read: Callable[[bytes], tuple[ToldEvent, ...]]
    read_event: Callable[[Mapping[str, Any]], ToldEvent]
