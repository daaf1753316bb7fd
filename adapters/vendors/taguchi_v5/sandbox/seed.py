"""
The people and partitions of a new sandbox: made up, and the same for the same seed.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from adapters.sandbox.cast import CAST, Member

from .keys import read_identifiers
from .options import SandboxOptions
from .profiles import EMPTY
from .store import Row, Store

FIRST_NAMES: Final = ("Amelia", "Hugo", "Isla", "Jacob", "Leo", "Matilda", "Nora", "Oscar", "Priya", "Zahra")
LAST_NAMES: Final = ("Adams", "Baker", "D'Souza", "Evans", "Kaur", "Lee", "Martin", "Ryan", "van Dijk", "Wójcik")
PLACES: Final = (
    ("Melbourne", "VIC", "3000"),
    ("Geelong", "VIC", "3220"),
    ("Sydney", "NSW", "2000"),
    ("Hobart", "TAS", "7000"),
)
LISTS: Final = (5, 6, 7, 12, 13)
PARTITIONS: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("melbourne", "Melbourne store", {"manager": "Priya", "open": True, "floor_m2": 410}),
    ("sydney", "Sydney store", {"manager": None, "open": True, "floor_m2": 275.5}),
    ("north/east", "North East, all", {"open": False, "suburbs": ["Wangaratta", "Benalla"]}),
    ("loyalty gold", "Gold members", {}),
    ("außenstelle", "Branch abroad", {"address": {"country": "DE"}}),
)
ODD_REFS: Final = ("shop 7/customer 12", "../up", "josé|ñ", "a+b&c=d?e#f", "100%")
_EPOCH: Final = datetime(2015, 1, 1, tzinfo=UTC)
_DAYS: Final = 3_600
_SKIPPED: Final = 4  # the last of the cast are known elsewhere only


def fill(store: Store, seed: int, options: SandboxOptions, organization_id: int, people: int) -> None:
    """Fill an empty store with most of the cast, and so many others."""
    source = random.Random(f"taguchi v5 {seed}")  # noqa: S311 - made-up data must be the same on every run
    for row in (*_draw_cast(source), *(_draw_person(source, number) for number in range(1, people + 1))):
        profile = {**EMPTY, "organizationId": organization_id, **row, "lists": _draw_lists(source)}
        person = store.add_person({**profile, "custom": _draw_custom(source)})
        person.sent.update(read_identifiers(person.row).keys() & {options.identify_by})
    for ref, name, custom in PARTITIONS:
        store.add_partition({"ref": ref, "name": name, "custom": custom})


def _draw_cast(source: random.Random) -> Iterator[Row]:
    """Draw the cast as this account writes them, and people who differ from one of them by a plus-tag only."""
    for place, member in enumerate(CAST[:-_SKIPPED]):
        email = member.email.title() if place % 3 == 0 else member.email
        row = {**_draw_details(source, member.first_name, member.last_name), "ref": member.ref, "email": email}
        yield {**row, "phone": _write_phone(member, place)}
        if place % 5 == 0:
            name, _, domain = member.email.partition("@")
            alias = {"ref": f"{member.ref}-alias", "email": f"{name}+news@{domain}", "phone": None}
            yield {**_draw_details(source, member.first_name, "Alias"), **alias}


def _write_phone(member: Member, place: int) -> str | None:
    """Write a number as people enter it; most as E.164, as the document's example."""
    national = f"0{member.mobile[3:]}"
    forms = (
        member.mobile,
        f"{national[:4]} {national[4:7]} {national[7:]}",
        member.mobile,
        f"+61 {national[1:4]}-{national[4:7]}-{national[7:]}",
        member.mobile[1:],
        None,
    )
    return forms[place % len(forms)]


def _draw_person(source: random.Random, number: int) -> Row:
    first, last = source.choice(FIRST_NAMES), source.choice(LAST_NAMES)
    ref = ODD_REFS[number - 1] if number <= len(ODD_REFS) else f"web-{number:05d}"
    mail = "".join(letter for letter in f"{first}.{last}" if letter.isascii() and letter not in " '").lower()
    return {
        **_draw_details(source, first, last),
        "ref": ref,
        "email": f"{mail}{number}@example.com" if number % 20 else None,
        "phone": f"+614{source.randrange(10**8):08d}" if source.random() < 0.6 else None,  # noqa: PLR2004 - a chance
    }


def _draw_details(source: random.Random, first: str, last: str) -> Row:
    suburb, state, postcode = source.choice(PLACES)
    return {
        "title": source.choice((None, "Dr", "Ms", "Mr")),
        "firstname": first,
        "lastname": last,
        "dob": source.choice((None, f"{source.randrange(1940, 2006)}-0{source.randrange(1, 10)}-15", "15 March")),
        "gender": source.choice((None, "F", "M", "x")),
        "address": source.choice((None, f"{source.randrange(1, 300)} Example St")),
        "suburb": suburb,
        "state": state,
        "postcode": postcode,
        "country": "Australia",
        "notifications": source.choice((None, None, "weekly")),
        "extra": source.choice((None, None, '{"vip":true}')),
        "unsubscribedTimestamp": source.choice((None, None, None, _draw_time(source))),
        "invalidTimestamp": source.choice((None, None, None, None, None, _draw_time(source))),
        "resumeDate": source.choice((None, None, None, "2025-03-01")),
        "campaignId": source.choice((None, source.randrange(1, 30))),
        "importId": source.choice((None, source.randrange(1, 9))),
    }


def _draw_time(source: random.Random) -> str:
    moment = _EPOCH + timedelta(seconds=source.randrange(_DAYS * 86_400))
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _draw_lists(source: random.Random) -> list[Row]:
    return [
        {
            "listId": list_id,
            "importId": source.choice((None, source.randrange(1, 9))),
            "campaignId": source.choice((None, source.randrange(1, 30))),
            "subscribedTimestamp": _draw_time(source),
            "unsubscribedTimestamp": source.choice((None, None, _draw_time(source))),
            "subscriptionOption": source.choice((None, None, "weekly")),
        }
        for list_id in sorted(source.sample(LISTS, source.randrange(4)))
    ]


def _draw_custom(source: random.Random) -> dict[str, Any]:
    offered: tuple[tuple[str, Any], ...] = (
        ("tier", source.choice(("gold", "silver", ""))),
        ("points", source.choice((0, 120, 99.5, -3))),
        ("vip", source.choice((True, False))),
        ("sizes", ["M", "L"]),
        ("store", {"id": 71, "name": "Melbourne store"}),
        ("nickname", None),
        ("big", 2**60),
    )
    return dict(source.sample(offered, source.randrange(len(offered))))
