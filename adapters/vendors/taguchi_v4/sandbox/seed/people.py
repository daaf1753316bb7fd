"""
Subscribers, with their memberships and custom fields.
"""

import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from adapters.vendors.taguchi_v4.sandbox.store import Store

from .audience import IMPORTS, LISTS
from .drawing import Draw
from .messages import CAMPAIGNS
from .oddities import ODD_PEOPLE
from .words import (
    COUNTRIES,
    CUSTOM_KEYS,
    CUSTOM_VALUES,
    DOMAINS,
    FIRST_NAMES,
    GENDERS,
    LAST_NAMES,
    PLACES,
    STREETS,
    TITLES,
)

Record = dict[str, Any]
GAP_EVERY = 41  # about one id in forty belongs to somebody deleted
ODD_EVERY = 7


def add_people(store: Store, source: random.Random, now_at: datetime, count: int) -> None:
    """
    Add so many visible subscribers: odd ones among the first, ordinary ones after, ids with gaps.
    """
    draw = Draw(source, now_at)
    odd = iter(ODD_PEOPLE)
    people = _people(draw, odd)
    visible = 0
    while visible < count:
        key = store.insert("subscriber", next(people))
        if key % GAP_EVERY == 0:
            store.soft_delete("subscriber", key)
        else:
            visible += 1


def _people(draw: Draw, odd: Iterator[Record]) -> Iterator[Record]:
    number = 0
    while True:
        number += 1
        person = _person(number, draw)
        if number % ODD_EVERY == 0:
            person |= next(odd, {})
        yield person


def _person(number: int, draw: Draw) -> Record:
    first, last = draw.choice(FIRST_NAMES), draw.choice(LAST_NAMES)
    ref = draw.maybe(0.55, f"crm-{number:06d}")
    return {
        "ref": ref,
        "title": draw.choice(TITLES),
        "firstname": draw.maybe(0.93, first),
        "lastname": draw.maybe(0.93, last),
        "email": _email(number, first, last, draw, unique=ref is None),
        "dob": draw.birthday() if draw.chance(0.5) else None,
        "gender": draw.choice(GENDERS),
        "user_class_id": draw.maybe(0.01, draw.up_to(3)),
        "campaign_id": draw.maybe(0.6, draw.up_to(CAMPAIGNS)),
        "import_id": draw.maybe(0.3, draw.up_to(IMPORTS)),
        "cluster_id": draw.maybe(0.4, draw.up_to(12)),
        "social_rating": draw.maybe(0.1, draw.up_to(100)),
        "social_profile": draw.maybe(0.02, '{"displayName":"made up"}'),
        **_contact(draw),
        **_state(draw),
        "lists": _memberships(draw),
        "custom_fields": _custom_fields(draw),
    }


def _email(number: int, first: str, last: str, draw: Draw, *, unique: bool) -> str | None:
    """E-mail is unique where there is no ref (vendors/facts.md, 1.3), so households share one only where there is."""
    if unique:
        return f"{first}.{last}{number}@{draw.choice(DOMAINS)}".replace("'", "").lower()
    if draw.chance(0.05):
        return f"family{draw.up_to(40)}@example.com"
    return draw.maybe(0.95, f"{first}_{number}@{draw.choice(DOMAINS)}")


def _contact(draw: Draw) -> Record:
    suburb, state, postcode = draw.choice(PLACES)
    at_home = draw.chance(0.6)
    return {
        "phone": draw.maybe(0.3, f"(03) 9{draw.up_to(9999999):07d}"),
        "mobile": draw.maybe(0.5, f"04{draw.up_to(99999999):08d}"),
        "address": f"{draw.up_to(300)} {draw.choice(STREETS)}" if at_home else None,
        "address2": draw.maybe(0.05, f"Unit {draw.up_to(20)}") if at_home else None,
        "address3": draw.maybe(0.02, "c/o Reception"),
        "suburb": suburb if at_home else None,
        "state": state if at_home or draw.chance(0.3) else None,
        "postcode": postcode if at_home else None,
        "country": draw.choice(COUNTRIES),
    }


def _state(draw: Draw) -> Record:
    return {
        "unsubscribed": draw.maybe(0.15, draw.pooled_time()),
        "bounced": draw.maybe(0.08, draw.time()),
        "notifications": draw.maybe(0.05, draw.choice(("weekly", "daily", ""))),
        "extra": draw.maybe(0.1, draw.choice(('{"vip":true}', "", "null", "see notes"))),
        "data": draw.maybe(0.05, "<data><note>made up</note></data>"),
    }


def _memberships(draw: Draw) -> list[Record]:
    list_ids = sorted(draw.source.sample(range(1, LISTS + 1), draw.choice((0, 1, 1, 2, 2, 3, 4, 6))))
    return [
        {
            "list_id": list_id,
            "import_id": draw.maybe(0.2, draw.up_to(IMPORTS)),
            "campaign_id": draw.maybe(0.3, draw.up_to(CAMPAIGNS)),
            "timestamp": draw.pooled_time(),
            "unsubscribed": draw.maybe(0.25, draw.pooled_time()),
            "option": draw.choice((None, None, None, "weekly", "", "null")),
        }
        for list_id in list_ids
    ]


def _custom_fields(draw: Draw) -> list[Record]:
    keys = draw.source.sample(CUSTOM_KEYS, draw.choice((0, 0, 0, 1, 2, 4)))
    return [{"field": key, "data": draw.choice(CUSTOM_VALUES)} for key in keys]
