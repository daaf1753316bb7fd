"""
What Taximail tells by itself: that somebody has joined or left a list.

The vendor's page names the two kinds and not what a request holds, so a form and JSON are both taken and what is told
is kept as it came. Of its words only those are used that can be nothing else, wherever they stand: e-mail addresses,
and the ids of lists and contacts. They prove nothing, but an open write about such a person is looked at anew. A
request without a body is the vendor trying whether the address answers (`webhooks_status`). Source: vendors/facts.md,
3.3, list webhooks.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from adapters.contract import TellingReader, ToldEvent, UnreadableTellingError, read_json
from adapters.identity import to_email_key
from adapters.records import Entity

from .keys import InnerKey, is_id
from .settings import TaximailSettings

MOST_EVENTS: Final = 2_000
MOST_FIELDS: Final = 1_000
MOST_PEOPLE: Final = 20
"""People an event may name; one that names more is a report, and about nobody."""

KINDS: Final = frozenset({"subscription", "unsubscription"})
_NAMES: Final = ("webhooks_type", "type", "event")
_TOUCHED: Final = frozenset({Entity.SUBSCRIBER, Entity.LIST})
_ADDRESS: Final = re.compile(r"[^\s@,;<>'\"]{1,64}@[^\s@,;<>'\"]{1,250}\.[^\s@,;<>'\".]{1,63}")
_LIST, _CONTACT = re.compile(r"list_?id\]?$", re.IGNORECASE), re.compile(r"subscriber_?id\]?$", re.IGNORECASE)
"""How the name of an id ends; in a form it may stand in brackets."""

_LONGEST_ID: Final = 18
_OPENS_JSON: Final = (b"{", b"[")


def split_body(body: bytes) -> tuple[Mapping[str, Any], ...]:
    """
    Return what a body tells: an object, a list of them, or a form; nothing of an empty one.

    Raises:
        UnreadableTellingError: it holds something else.
    """
    if not body.strip():
        return ()
    told = _parse(body)
    rows = told if isinstance(told, list) else [told]
    if not (0 < len(rows) <= MOST_EVENTS and all(isinstance(row, dict) and row for row in rows)):
        raise UnreadableTellingError("This is no object of fields.")
    return tuple(rows)


def _parse(body: bytes) -> Any:
    if body.lstrip()[:1] in _OPENS_JSON:
        return read_json(body)
    try:
        return _gather(_split(body.decode()))
    except ValueError:
        raise UnreadableTellingError("This is neither JSON nor a form.") from None


def _split(form: str) -> list[tuple[str, str]]:
    return parse_qsl(form, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS)


def _gather(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return a form's fields; the values of one that comes several times as a list."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def read_event(row: Mapping[str, Any], settings: TaximailSettings) -> ToldEvent:
    """Read one event; whatever it holds, it is one."""
    del settings
    leaves = list(_list_leaves(row, ""))
    lists = frozenset(_list_ids(leaves, _LIST))
    people = {("email", to_email_key(text)) for _, text in leaves if _is_address(text)}
    if len(lists) == 1:
        (list_id,) = lists
        people |= {("id", str(InnerKey(list_id, id_))) for id_ in _list_ids(leaves, _CONTACT)}
    return ToldEvent(
        kind=_find_kind(row),
        payload=row,
        touches=_TOUCHED,
        people=frozenset(people) if len(people) <= MOST_PEOPLE else frozenset(),
        lists=lists,
    )


def _list_leaves(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield the texts and whole numbers of an event, each with the name of what holds it."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _list_leaves(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _list_leaves(each, name)
    elif isinstance(value, str) or type(value) is int:
        yield name, str(value).strip()


def _list_ids(leaves: Iterable[tuple[str, str]], named: re.Pattern[str]) -> Iterator[str]:
    return (text for name, text in leaves if named.search(name) and len(text) <= _LONGEST_ID and is_id(text))


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None and text.isprintable()


def _find_kind(row: Mapping[str, Any]) -> str:
    return next((each for each in map(row.get, _NAMES) if isinstance(each, str) and each in KINDS), "webhook")


TELLING: Final = TellingReader(split_body, read_event)
