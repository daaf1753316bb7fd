"""
A made-up account: people of the cast written in this vendor's ways, several hundred of its own, and what they get.

People stand in several lists, with other letters in their addresses; an address with a plus-tag is another person's.
Many joined in the same second, as imports bring them.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from adapters.sandbox.cast import CAST, Member

from .campaigns import STATUSES
from .messages import DEFAULT_GROUP
from .store import NOT_BOUNCED, SUBSCRIBED, UNSUBSCRIBED, Campaign, Contact, MailList, Message, Segment, Store

FIRST_NAMES = ("Anong", "Chai", "Dao", "Kanya", "Lek", "Malee", "Niran", "Ploy", "Somchai", "Suda", "Tida", "Wichai")
LAST_NAMES = ("Chaiyasit", "Jaidee", "Kaewmanee", "Mookjai", "Phanit", "Rattana", "Saetang", "Thongdee", "Wongsa")
CITIES = ("Bangkok", "Chiang Mai", "Phuket", "Khon Kaen", "")
LEVELS = ("Gold", "Silver", "Bronze", "")
BOUNCES = ("Hard Bounced", "Soft Bounced")
BEGIN = datetime(2024, 1, 8, 9, 0)  # noqa: DTZ001 - the vendor's times have no zone
COLUMNS = {"name": "Full name", "mobile": "Mobile", "city": "City", "points": "Points", "level": "Level"}

FORMS: tuple[Callable[[str], str], ...] = (
    lambda number: f"0{number[3:6]} {number[6:9]} {number[9:]}",
    lambda number: f"+61 {number[3:6]}-{number[6:9]}-{number[9:]}",
    lambda number: number[1:],
)
"""Ways in which people enter a number given as E.164."""


def fill(store: Store, seed: int) -> None:
    """Fill an empty store; the same seed gives the same account."""
    chance = random.Random(seed)  # noqa: S311 - made-up data, the same every time
    for list_id, name, size, cast in (
        (174, "List B", 60, CAST[::3]),
        (182, "List A", 90, CAST[1::2]),
        (314, "Newsletter", 260, CAST),
        (402, "Shop customers", 45, CAST[:6]),
        (517, "Not used yet", 0, ()),
    ):
        mail_list = store.add_list(name, BEGIN + timedelta(days=(list_id * 37) % 200), list_id)
        _add_fields(store, mail_list)
        _add_people(mail_list, list(_write_cast(cast, list_id)) + list(_make_people(size, list_id, chance)), chance)
        _add_segments(mail_list)
    _add_campaigns(store, chance)
    _add_messages(store)


def _add_fields(store: Store, mail_list: MailList) -> None:
    store.add_field(mail_list, COLUMNS["name"], "FULLNAME", "text256")
    store.add_field(mail_list, COLUMNS["mobile"], "MOBILE", "text128")
    store.add_field(mail_list, COLUMNS["city"], "CITY", "text128")
    store.add_field(mail_list, COLUMNS["points"], "POINTS", "integer")
    store.add_field(mail_list, COLUMNS["level"], "LEVEL", "enum", "Gold,Silver,Bronze")
    store.add_field(mail_list, "Birthday", "BIRTHDAY", "date")
    store.add_field(mail_list, "Member", "MEMBER", "boolean")


def _write_cast(cast: tuple[Member, ...], list_id: int) -> Iterator[tuple[str, str, str, str]]:
    """Write the cast as this list has it; one in five has a namesake behind a plus-tag."""
    for place, member in enumerate(cast):
        email = (member.email, member.email.title(), member.email.upper())[(place + list_id) % 3]
        yield email, member.first_name, member.last_name, FORMS[place % len(FORMS)](member.mobile)
        if place % 5 == 0:
            name, _, host = member.email.partition("@")
            yield f"{name}+{list_id}@{host}", member.first_name, "Alias", ""


def _make_people(count: int, list_id: int, chance: random.Random) -> Iterator[tuple[str, str, str, str]]:
    for number in range(1, count + 1):
        first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
        host = chance.choice(("example.com", "example.org", "mail.example.co.th"))
        yield f"{first}.{last}{number}.{list_id}@{host}".lower(), first, last, f"08{chance.randrange(10**8):08}"


def _add_people(mail_list: MailList, people: list[tuple[str, str, str, str]], chance: random.Random) -> None:
    chance.shuffle(people)
    joined_at = mail_list.created_at
    for email, first, last, mobile in people:
        joined_at += timedelta(seconds=chance.choice((0, 0, 0, 61, 3600, 90_000)))
        contact = mail_list.add(email, joined_at, firstname=first, lastname=last)
        contact.values |= _fill_fields(mail_list, f"{first} {last}", mobile, chance)
        contact.status = chance.choices((SUBSCRIBED, UNSUBSCRIBED), (8, 1))[0]
        contact.bounce = chance.choice((*[NOT_BOUNCED] * 12, *BOUNCES))


def _fill_fields(mail_list: MailList, name: str, mobile: str, chance: random.Random) -> dict[str, str]:
    points = str(chance.randrange(0, 500)) if chance.random() < 0.8 else ""  # noqa: PLR2004 - most have some
    birthday = f"{chance.randrange(1950, 2006)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    texts = (name, mobile, chance.choice(CITIES), points, chance.choice(LEVELS), birthday, chance.choice(("T", "F")))
    return {each.column: text for each, text in zip(mail_list.fields, texts, strict=True)}


def _add_segments(mail_list: MailList) -> None:
    column = {each.name: each.column for each in mail_list.fields}
    for number, (name, field, value) in enumerate(
        (("In Bangkok", COLUMNS["city"], "Bangkok"), ("Gold members", COLUMNS["level"], "Gold")), 7
    ):
        mail_list.segments[number] = Segment(number, name, _build_rule(column[field], value))


def _build_rule(column: str, value: str) -> Callable[[Contact], bool]:
    return lambda contact: contact.values.get(column) == value


def _add_campaigns(store: Store, chance: random.Random) -> None:
    for number in range(1, 61):
        status = STATUSES[0] if number % 2 else STATUSES[number // 2 % len(STATUSES)]
        made_at = BEGIN + timedelta(days=5 * number, minutes=chance.randrange(600))
        sent_at = made_at + timedelta(hours=30) if status == STATUSES[0] else None
        channel = "sms" if number % 7 == 0 else "email"
        name = f"{chance.choice(('Sale', 'News', 'Welcome'))} {number}"
        store.campaigns[300 + number] = Campaign(300 + number, name, status, made_at, sent_at, channel)


def _add_messages(store: Store) -> None:
    store.groups |= {DEFAULT_GROUP: 217, "Welcome": 930, "eInvoice": 1062}
    for number, member in enumerate(CAST, 1):
        sent_at = BEGIN + timedelta(hours=number)
        message = Message(f"order-{number:04}", "email", "eInvoice", member.email, "Sent", sent_at, sent_at)
        message.subject = f"Your invoice {number}"
        store.messages[message.id] = message
