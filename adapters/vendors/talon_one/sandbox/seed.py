"""
The made-up account: attributes, people (those other vendors know among them), audiences and who is in them.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from adapters.sandbox.cast import CAST, Member

from .attributes import Attributes, Definition
from .store import Audience, Profile, Store

NEVER: Final = "0001-01-01T00:00:00Z"
"""How the vendor prints a time that never came. Source: T1-OAS-MGMT, the example of a sessions' export."""

_BUILT_IN: Final = {
    "Name": "string",
    "Email": "string",
    "Phone": "string",
    "Language": "string",
    "ShippingCity": "string",
    "ShippingCountry": "string",
    "SignupDate": "time",
}
_CUSTOM: Final = {
    "Tier": "string",
    "Points": "number",
    "Newsletter": "boolean",
    "Interests": "(list string)",
    "Scores": "(list number)",
    "Home": "location",
    "DietaryPreferences": "string",
}

_PLACES: Final = (("Berlin", "DE"), ("Melbourne", "AU"), ("Sydney", "AU"), ("Łódź", "PL"), ("Paris", "FR"))
_NAMES: Final = ("Ada", "Bo", "Çağla", "Dina", "Emil", "Fay", "Gül", "Hugo", "Ines", "Jō", "Kai", "Lea", "Søren")
_TIERS: Final = ("gold", "silver", "Bronze", "", "100%", "a_b")
_INTERESTS: Final = ("boots", "tents", "maps", "skis", "bikes")
_HAS_EMAIL, _HAS_PHONE, _HAS_TRAIT = 0.8, 0.5, 0.6
"""How many of the people have it."""

_ODD_IDS: Final = ("c 1", "shop/42", "a/b c", "kunde-ü", "50%", "..", "audience?x=1", "UPPER", "upper")

_AUDIENCES: Final[tuple[dict[str, Any], ...]] = (
    {"name": "VIP", "integration": "segment", "integration_id": "ext 1", "third_party": True},
    {"name": "Travel audience", "integration": "mparticle", "integration_id": "382370BKDB946", "third_party": True},
    {"name": "Breakfast Regulars", "description": "Three breakfasts a week or more", "applications": (3, 13)},
    {"name": "Lapsed", "integration": "My CDP platform", "integration_id": "e/1", "third_party": True},
    {"name": "Nobody yet", "integration": "My CDP platform", "integration_id": "nobody", "third_party": True},
    {"name": "Kunden ü 50 %", "integration": "My CDP platform", "integration_id": "kunden/ü 50%", "third_party": True},
    {"name": "vip", "description": "Another one, in small letters"},
    {"name": "Newsletter", "integration_id": "own-7"},
    {"name": "Try-outs", "sandbox": True},
    *({"name": f"Wave {number:02}", "integration_id": f"wave-{number}"} for number in range(1, 24)),
)


def fill(store: Store, seed: int, *, customers: int) -> None:
    """Fill an empty store; the same seed brings the same account."""
    draw = random.Random(seed)  # noqa: S311 - made-up people, no secrets
    types = {**_BUILT_IN, **_CUSTOM}
    for number, (name, type_) in enumerate(types.items(), 1):
        store.attributes[name] = Definition(number, name, type_, builtin=name in _BUILT_IN)
    for place, member in enumerate(CAST):
        _add(store, draw, member.ref, _write_member(member, place, draw))
    for number in range(1, customers + 1):
        _add(store, draw, f"cust-{number:05}", _write_stranger(number, draw))
    for integration_id in _ODD_IDS:
        _add(store, draw, integration_id, {"Tier": "gold"})
    for integration_id in ("cust-00001", "try-1", "try-2"):
        store.write_profile(integration_id, {"Name": "Test"}, sandbox=True)
    for more in _AUDIENCES:
        _add_audience(store, draw, more)


def _write_member(member: Member, place: int, draw: random.Random) -> Attributes:
    """
    One of the cast, in one of five ways: as the others have it, in other letters, with a plus-tag (another person's
    address), with a number people typed, without a number.
    """
    country = member.mobile.removeprefix("+61")
    shapes = (
        {"Email": member.email, "Phone": member.mobile},
        {"Email": member.email.title(), "Phone": f"0{country[:3]} {country[3:6]} {country[6:]}"},
        {"Email": member.email.replace("@", "+promo@"), "Phone": member.mobile},
        {"Email": member.email, "Phone": f"+61 {country[:3]}-{country[3:6]}-{country[6:]}"},
        {"Email": f"  {member.email.upper()} ", "Phone": f"61{country}"},
    )
    name = f"{member.first_name} {member.last_name}"
    return {"Name": name, **shapes[place % len(shapes)], **dict(_write_traits(draw))}


def _write_stranger(number: int, draw: random.Random) -> Attributes:
    attributes: Attributes = {"Name": draw.choice(_NAMES)}
    if draw.random() < _HAS_EMAIL:
        attributes["Email"] = f"{attributes['Name'].lower()}{number}@example.{draw.choice(('com', 'org', 'COM'))}"
    if draw.random() < _HAS_PHONE:
        attributes["Phone"] = f"+4915{draw.randrange(10**8, 10**9)}"
    return {**attributes, **dict(_write_traits(draw))}


def _write_traits(draw: random.Random) -> Iterator[tuple[str, Any]]:
    city, country = draw.choice(_PLACES)
    signed_up_at = datetime(2020, 1, 1) + timedelta(seconds=draw.randrange(150_000_000))  # noqa: DTZ001 - zone below
    traits: Attributes = {
        "ShippingCity": city,
        "ShippingCountry": country,
        "Language": draw.choice(("english", "german")),
        "SignupDate": f"{signed_up_at.isoformat()}{draw.choice(('Z', '+07:00'))}",
        "Tier": draw.choice(_TIERS),
        "Points": draw.choice((0, 7, 12.5, 12_345_678_901, -3)),
        "Newsletter": draw.choice((True, False)),
        "Interests": draw.sample(_INTERESTS, draw.randrange(4)),
        "Scores": [1, 2.5],
        "Home": {"lat": 52.5, "lng": 13.4},
    }
    yield from ((name, value) for name, value in traits.items() if draw.random() < _HAS_TRAIT)


def _add(store: Store, draw: random.Random, integration_id: str, attributes: Attributes) -> Profile:
    profile = store.write_profile(integration_id, attributes)
    profile.created = _draw_time(draw)
    profile.last_activity = draw.choice((NEVER, _draw_time(draw), _draw_time(draw)))
    profile.closed_sessions = draw.choice((0, 0, 1, 3, 12))
    profile.total_sales = draw.choice((0, 19, 299.99, 1234.5))
    return profile


def _draw_time(draw: random.Random) -> str:
    """Some time with a fraction of a second, as the vendor prints it; often one of a few."""
    seconds = draw.choice((draw.randrange(150_000_000), draw.randrange(5) * 86_400))
    moment = datetime(2020, 2, 7, 8, 15, 22) + timedelta(seconds=seconds)  # noqa: DTZ001 - printed with its zone
    return f"{moment.isoformat()}{draw.choice(('', '.993483', '.5'))}Z"


def _add_audience(store: Store, draw: random.Random, more: dict[str, Any]) -> Audience:
    audience = store.add_audience(**more)
    audience.created = _draw_time(draw)
    profiles = store.list_profiles(sandbox=audience.sandbox)
    if audience.name != "Nobody yet":
        for profile in draw.sample(profiles, min(len(profiles), draw.choice((1, 5, 40, 120)))):
            store.join(profile, audience)
    audience.last_update = draw.choice((None, _draw_time(draw)))
    return audience
