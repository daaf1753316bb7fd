"""
Everything the sandbox remembers, and the handle tests change it by.

Times are local to the account and without a zone, as the vendor prints them.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from adapters.sandbox import VirtualClock

SUBSCRIBED, UNSUBSCRIBED = "Subscribed", "Unsubscribed"
NOT_BOUNCED = "Not Bounced"
OFFSET = timedelta(hours=7)
"""Of the account's clock. Source: vendors/facts.md, 3.2: Thailand is UTC+7."""


@dataclass(slots=True)
class Contact:
    """One person in one list; `values` holds the names and the custom fields by their column."""

    id: int
    email: str
    values: dict[str, str]
    subscribed_at: datetime
    status: str = SUBSCRIBED
    bounce: str = NOT_BOUNCED


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field a list has beside the fixed ones. Source: vendors/facts.md, 3.3."""

    id: int
    name: str
    key: str
    type: str
    value: str = ""

    @property
    def column(self) -> str:
        """What it is called among a contact's columns."""
        return f"custom_field_{self.id}"


Rule = Callable[[Contact], bool]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a list that a rule selects."""

    id: int
    name: str
    rule: Rule


@dataclass(slots=True)
class MailList:
    """A list with its contacts by id, in the order they came."""

    id: int
    name: str
    created_at: datetime
    fields: list[CustomField] = field(default_factory=list)
    segments: dict[int, Segment] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    webhooks: list[dict[str, Any]] = field(default_factory=list)

    def add(self, email: str, subscribed_at: datetime, /, **values: str) -> Contact:
        """Add a contact under the next number."""
        number = max(self.contacts, default=0) + 1
        self.contacts[number] = Contact(number, email, values, subscribed_at)
        return self.contacts[number]

    def find(self, email: str) -> Contact | None:
        """Find a contact by its address, in any case."""
        wanted = email.strip().lower()
        return next((each for each in self.contacts.values() if each.email.lower() == wanted), None)


@dataclass(slots=True)
class Campaign:
    """A campaign; `split` says that it tests several contents against each other."""

    id: int
    name: str
    status: str
    created_at: datetime
    sent_at: datetime | None = None
    channel: str = "email"
    split: bool = False
    contents: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """A transactional e-mail or text message; `code` is the one-time password it brought."""

    id: str
    channel: str
    group: str
    to: str
    status: str
    created_at: datetime
    sent_at: datetime | None = None
    subject: str | None = None
    code: str | None = None


class Store:
    """
    One account: its lists, campaigns and messages, and the tokens of steps that are not finished.

    `files` are those an import may read, by path; `asked` are the addresses asked by mail to confirm, `suppressed`
    those that get no mail at all.
    """

    def __init__(self, clock: VirtualClock) -> None:
        """Start empty."""
        self.clock = clock
        self.lists: dict[int, MailList] = {}
        self.campaigns: dict[int, Campaign] = {}
        self.messages: dict[str, Message] = {}
        self.groups: dict[str, int] = {}
        self.files: dict[str, str] = {}
        self.asked: list[str] = []
        self.suppressed: list[str] = []
        self.imports: dict[tuple[int, str, str], Any] = {}
        self.selections: dict[tuple[int, str], tuple[int, ...]] = {}
        self._serial = 0

    @property
    def now(self) -> datetime:
        """The account's clock."""
        return (self.clock.now_at + OFFSET).replace(tzinfo=None)

    def add_list(self, name: str, created_at: datetime | None = None, list_id: int | None = None) -> MailList:
        """Add a list under the next number or a given one."""
        number = list_id or max(self.lists, default=0) + 1
        self.lists[number] = MailList(number, name, created_at or self.now)
        return self.lists[number]

    def add_field(self, to: MailList, name: str, key: str, type_: str, value: str = "") -> CustomField:
        """Add a custom field under a number that no list's field has."""
        highest = max((each.id for mail_list in self.lists.values() for each in mail_list.fields), default=200)
        to.fields.append(CustomField(highest + 1, name, key, type_, value))
        return to.fields[-1]

    def make_token(self, what: str) -> str:
        """Make a token that was never given out."""
        self._serial += 1
        return hashlib.md5(f"{what} {self._serial}".encode(), usedforsecurity=False).hexdigest()

    def number(self) -> int:
        """Return a number that was never given out."""
        self._serial += 1
        return self._serial
