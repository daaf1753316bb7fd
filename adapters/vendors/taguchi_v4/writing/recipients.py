"""
The people a sending names, as Taguchi's ids, and what each of them gets.

Source: taguchi-v4-api.txt, TRIGGER, conditions and request_content: a request carries one content, so people are put
together by theirs.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.errors import InputError
from adapters.records import Entity
from adapters.vendors.taguchi_v4.values import read_required_id
from adapters.vendors.taguchi_v4.wire import Row

from .ask import Ask, to_path
from .fields import to_number
from .held import fetch_many_namesakes
from .people import build_ambiguous

WAYS = ("email", "ref")


async def fetch_recipients(ask: Ask) -> list[tuple[int, str, str | None]]:
    """
    Return the place in the input, the vendor's id and the own content of everybody a sending names.

    Raises:
        InputError: somebody who is named is not there, is several, or is named twice.
    """
    given: Sequence[Mapping[str, Any]] = ask.values.get("recipients") or ()
    skipped = set(ask.values.get("skipped") or ())
    places = [place for place in range(len(given) + len(skipped)) if place not in skipped]
    known = await _fetch_named(ask, given)
    ids = [_find_id(each, place, known) for each, place in zip(given, places, strict=True)]
    for index, id_ in enumerate(ids):
        if id_ in ids[:index]:
            raise InputError("This person is named twice.", path=to_path("recipients", places[index]))
    return [(place, id_, each.get("content")) for place, id_, each in zip(places, ids, given, strict=True)]


async def _fetch_named(ask: Ask, recipients: Sequence[Mapping[str, Any]]) -> Mapping[str, Mapping[str, list[Row]]]:
    """Read the people who are named by each way, by what they are named by."""
    texts = [[each[way] for each in recipients if each.get(way) is not None] for way in WAYS]
    found = await asyncio.gather(
        *(fetch_many_namesakes(ask, Entity.SUBSCRIBER, way, named) for way, named in zip(WAYS, texts, strict=True))
    )
    return dict(zip(WAYS, found, strict=True))


def _find_id(recipient: Mapping[str, Any], place: int, known: Mapping[str, Mapping[str, list[Row]]]) -> str:
    if recipient.get("id") is not None:
        return str(to_number(recipient["id"], "recipients", place, "id"))
    way = next((name for name in WAYS if recipient.get(name) is not None), None)
    if way is None:
        raise InputError(
            "Taguchi sends to people it knows by `id`, `email` or `ref`.", path=to_path("recipients", place)
        )
    found = known[way][recipient[way]]
    if not found:
        raise InputError("Nobody is known by this.", reason="NOT_FOUND", path=to_path("recipients", place, way))
    if len(found) > 1:
        raise build_ambiguous("recipients", place, way)
    return read_required_id(found[0])


def group_by_content(
    people: Sequence[tuple[int, str, str | None]], content: str | None
) -> list[tuple[str | None, list[tuple[int, str]]]]:
    """Put people together who get the same; who has no content of their own gets the one of all."""
    groups: dict[str | None, list[tuple[int, str]]] = {}
    for place, id_, own in people:
        groups.setdefault(content if own is None else own, []).append((place, id_))
    return list(groups.items())
