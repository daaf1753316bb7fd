"""
The made-up account: deterministic, and holding every nasty value somebody may trip over.

Its first person is the guide's own example (8424, test@example.com). The cast is there in letters of other cases, with
plus-tags as other people, and with telephone numbers in custom fields as people write them: the vendor has no field for
one.
"""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final, TypeVar

from adapters.sandbox.cast import CAST, Member

from .people import SentMail, User, print_time
from .store import REASONS, Store

PROJECTS: Final[Mapping[int, str]] = {1: "Shop", 2: "Club", 9: "Outlet"}
TYPES: Final[Mapping[int, str]] = {
    1: "Welcome",
    3: "Popular now",
    4: "Price drop",
    5: "email_confirm",
    7: "purchase_completed",
    11: "Newsletter",
}
PEOPLE: Final = 320
FAMILIES: Final = ("Meyer", "Kowalski", "Ruiz", "Tanaka", "Šimić", "O'Neill", "d'Arc", "Nguyen")
NAMES: Final = ("Anna", "Ben", "Carla", "Dmitro", "Eva", "Fay", "Gus", "Hana", "Ivo", "Jo")
DOMAINS: Final = ("gmail.com", "yahoo.com", "mail.example.com", "example.net", "shop.example.net")
COUNTRIES: Final = ("UKR", "USA", "AU", "DE", "THA", None)
LANGUAGES: Final = ("en", "uk", "de", "es", "th", None)
SECONDS_OF_HISTORY: Final = 3 * 365 * 86_400
AK_LENGTH: Final = 24

Item = TypeVar("Item")


def fill(store: Store, seed: int) -> None:
    """Fill an empty store."""
    source = random.Random(f"sendios {seed}")  # noqa: S311 - made-up data must be the same on every run
    _add_example(store)
    for place, member in enumerate(CAST):
        _add_member(store, member, place, source)
    for number in range(PEOPLE):
        _add_person(store, number, source)
    _add_oddities(store)


def _add_example(store: Store) -> None:
    """The person of the guide's examples, and the opt-out its list shows."""
    user = store.add(1, "test@example.com", id_=8424, created_at="2018-01-05 09:00:00")
    user.name, user.gender, user.country, user.language = "John", "m", "UKR", "en"
    user.mails = [SentMail(12_244, "2025-01-10 08:00:00", 5, "email_confirm")]
    user.sends = 1
    outlet = store.add(9, "jo23lu56@gmail.com", created_at="2018-01-01 00:00:00")
    store.opt_out(outlet, 9, at="2018-02-27 20:31:45")


_WRITTEN: Final[tuple[Callable[[str], str], ...]] = (str, str.upper, str.title)
_PHONES: Final[tuple[Callable[[str], str], ...]] = (
    lambda e164: f"0{e164[3:6]} {e164[6:9]} {e164[9:]}",
    lambda e164: f"+61 {e164[3:6]}-{e164[6:9]}-{e164[9:]}",
    lambda e164: e164[1:],
)


def _add_member(store: Store, member: Member, place: int, source: random.Random) -> None:
    """One of the cast in one or two projects; every third has a neighbour whose address only a plus-tag tells apart."""
    for project_id in (1, 2) if place % 2 else (1,):
        user = store.add(project_id, _WRITTEN[place % 3](member.email), created_at=_draw_time(store, source))
        user.name = f"{member.first_name} {member.last_name}"
        user.client_user_id = member.ref
        user.list_id = 1 + place % 4
        user.custom_fields = {"phone": _PHONES[place % 3](member.mobile), "sessions_count": place}
        _add_history(store, user, source)
    if place % 3 == 0:
        name, _, domain = member.email.partition("@")
        tagged = store.add(1, f"{name}+shop@{domain}", created_at=_draw_time(store, source))
        tagged.name = f"Not {member.first_name}"


def _add_person(store: Store, number: int, source: random.Random) -> None:
    name, family = source.choice(NAMES), source.choice(FAMILIES)
    local = f"{name}.{family}{number}".replace("'", "").lower() if number % 11 else f"{name}.{family}{number}"
    user = store.add(
        source.choice((1, 1, 2, 9)), f"{local}@{source.choice(DOMAINS)}", created_at=_draw_time(store, source)
    )
    user.name = _maybe(source, 0.8, name)
    user.gender = source.choice(("m", "f", None))
    user.country, user.language = source.choice(COUNTRIES), source.choice(LANGUAGES)
    user.platform_id = source.randrange(7)
    user.list_id = source.choice((None, 1, 2, 3))
    user.client_user_id = _maybe(source, 0.5, f"shop-{number:05d}")
    user.ak = _maybe(source, 0.4, "".join(source.choices("abcdefghijkmnpqrstuvwxyzABCDEFGH23456789", k=AK_LENGTH)))
    user.age = source.choice((0, 0, source.randrange(18, 80)))
    user.photo = _maybe(source, 0.2, f"https://img.example.com/{number}.jpg")
    user.vip = int(_chance(source, 0.1))
    user.custom_fields = _draw_fields(source)
    _add_history(store, user, source)


def _add_history(store: Store, user: User, source: random.Random) -> None:
    """Mails, visits, and for some an opt-out; many of these at the same second, as batches make them."""
    for _ in range(source.choice((0, 1, 2, 3, 5))):
        type_id = source.choice(tuple(TYPES))
        at = _draw_time(store, source, seconds=90 * 86_400)
        mail = SentMail(store.new_mail_id(), at, type_id, TYPES[type_id], source.choice((1, 2)))
        user.mails.insert(0, mail)
    user.mails.sort(key=lambda mail: mail.created_at, reverse=True)
    user.sends = len(user.mails)
    user.last_mailed = user.mails[0].created_at if user.mails else None
    user.last_online = _maybe(source, 0.5, _draw_time(store, source, seconds=30 * 86_400))
    user.types_off = set(source.sample(tuple(TYPES), source.choice((0, 0, 0, 1, 2))))
    if _chance(source, 0.3):
        at = "2024-06-01 10:00:00" if _chance(source, 0.2) else _draw_time(store, source)
        origin = source.choice((2, 4, 8, 9, 17))
        store.opt_out(user, origin, REASONS.get(origin), at)
    if _chance(source, 0.1):
        user.last_payment = {"start_date": "1509617696", "amount": "20", "payment_type": 1}


def _draw_fields(source: random.Random) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "sessions_count": source.randrange(200),
        "session_last": 1_498_137_772 + source.randrange(10**8),
        "rating": source.randrange(50) / 10,
        "newsletter": _chance(source, 0.5),
        "shirt": source.choice(("S", "M", "L", "")),
        "colours": ["red", "green"][: source.randrange(3)],
        "size": {"width": 3, "height": source.randrange(9)},
        "nickname": None,
    }
    keys = source.sample(tuple(drawn), source.choice((0, 0, 1, 3, 5)))
    return {key: drawn[key] for key in keys}


def _add_oddities(store: Store) -> None:
    """Addresses that are legal and awkward in a path: their base64 holds slashes and plus signs too."""
    for email in ("a/b@example.net", "who?+x#y%41@example.net", "ÿÿÿ~~~@example.net", "o'brien&co=1@example.net"):
        user = store.add(1, email)
        user.name = "404"
        user.custom_fields = {"id": 1, "": "nameless", "big": 2**53 + 1}


def _draw_time(store: Store, source: random.Random, seconds: int = SECONDS_OF_HISTORY) -> str:
    return print_time(store.clock.now_at - timedelta(seconds=source.randrange(1, seconds)))


def _maybe(source: random.Random, probability: float, value: Item) -> Item | None:
    return value if _chance(source, probability) else None


def _chance(source: random.Random, probability: float) -> bool:
    return source.random() < probability
