"""
Finding one person: one call by e-mail address or reference, two by telephone number, all side by side.

Source: taguchi-v4-api.txt, Queries: predicates are ANDed, so each of what a person may be known by costs a call; a
person has two numbers, `phone` and `mobile`.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, cast

from adapters.calls import CallScope
from adapters.contract import MatchReason, PersonMatch, PersonQuery, SliceQuery
from adapters.errors import CapabilityError
from adapters.filters.tree import Comparison, Op
from adapters.identity import to_e164, to_email_key
from adapters.records import Entity, SubscriberRecord

from .reading import Reader
from .slices import fetch_slice

MOST_MATCHES: Final = 100
"""Records of one person; more than these are no person's."""

_TAIL_DIGITS = 8
"""How many of a number's last digits are asked for: what stands before them is written in many ways."""

_SPECIAL = re.compile(r"[^\w@ ]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Way:
    """One way a person may be known: what is asked, and what a row must prove."""

    reason: MatchReason
    asked: Comparison
    proves: Callable[[SubscriberRecord], bool]


async def fetch_people(
    reader: Reader, query: PersonQuery, scope: CallScope, *, region: str | None, purpose: str
) -> tuple[PersonMatch, ...]:
    """
    Find every record of a person; a record found in several ways says so.

    Raises:
        CapabilityError: all that is given is a telephone number, and it is none.
        VendorError: a call failed, or nobody has so many records.
    """
    ways = choose_ways(query, region)
    found = await asyncio.gather(*(_fetch_way(reader, way, scope, purpose) for way in ways))
    matches: dict[str, PersonMatch] = {}
    for way, records in zip(ways, found, strict=True):
        for record in records:
            known = matches.get(record.id)
            reasons = dict.fromkeys((*(known.reasons if known else ()), way.reason))
            matches[record.id] = PersonMatch(record, tuple(reasons))
    return tuple(matches.values())


async def _fetch_way(reader: Reader, way: Way, scope: CallScope, purpose: str) -> list[SubscriberRecord]:
    found = await fetch_slice(reader, build_way_query(way, purpose), scope)
    rows = cast("tuple[SubscriberRecord, ...]", found.records)
    return [row for row in rows if way.proves(row)]


def choose_ways(query: PersonQuery, region: str | None) -> tuple[Way, ...]:
    """Choose the ways a person may be known here; raises `CapabilityError` where there is none."""
    ways = tuple(list_ways(query, region))
    if not ways:
        raise build_no_number()
    return ways


def build_way_query(way: Way, purpose: str = "") -> SliceQuery:
    """Build the read of whoever is known in one way."""
    return SliceQuery(Entity.SUBSCRIBER, pushed=way.asked, limit=MOST_MATCHES, purpose=purpose)


def build_no_number() -> CapabilityError:
    """Build the error for a person of whom nothing is said but a telephone number that is none."""
    return CapabilityError(
        "This is not a telephone number.",
        hint="Give it with its country code, or set the source's `region`.",
        path=("phone",),
    )


def list_ways(query: PersonQuery, region: str | None) -> Iterator[Way]:
    """List the ways a person may be known here; none where all that is said is a number that is none."""
    if query.email is not None:
        yield _build_email_way(query.email)
    if query.ref is not None:
        ref = query.ref
        yield Way(MatchReason.REF, Comparison("ref", Op.EQ, ref), lambda row: row.ref == ref)
    number = to_e164(query.phone, region) if query.phone is not None else None
    if number is not None:
        yield _build_phone_way("phone", number, region, lambda row: row.phone)
        yield _build_phone_way("mobile", number, region, lambda row: row.mobile)


def _build_email_way(email: str) -> Way:
    pattern = rf"^\s*{_SPECIAL.sub(_escape, email)}\s*$"
    return Way(
        MatchReason.EMAIL,
        Comparison("email", Op.MATCHES, pattern, ignore_case=True),
        lambda row: row.email is not None and to_email_key(row.email) == email,
    )


def _escape(found: re.Match[str]) -> str:
    letter = found.group()
    return rf"\{letter}" if letter.isascii() else letter


def _build_phone_way(name: str, number: str, region: str | None, read: Callable[[SubscriberRecord], str | None]) -> Way:
    """Ask by the last digits, whatever stands between them, and compare the whole number on the rows."""
    pattern = "[^0-9]*".join(number[-_TAIL_DIGITS:]) + "[^0-9]*$"
    return Way(
        MatchReason.PHONE,
        Comparison(name, Op.MATCHES, pattern),
        lambda row: (text := read(row)) is not None and to_e164(text, region) == number,
    )
