"""
One page at a time: send, judge the reply, tell its rows apart by key.
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Final

from adapters.calls import CallNote, CallScope
from adapters.errors import VendorContractError
from adapters.records import AudienceRecord, Entity, SubscriberRecord
from adapters.refusals import build_contract_error, build_unreadable
from adapters.transport.client import Reply, VendorClient, VendorRequest
from adapters.transport.faults import TOO_LARGE

from .compiler import EVERYBODY, Question
from .endpoints import (
    MAX_IDS,
    Page,
    Window,
    build_audiences,
    build_customers,
    build_members,
    build_search,
    read_members,
    read_page,
)
from .mapping import to_key, to_record
from .settings import TalonOneSettings
from .values import UnreadableError, read_id
from .wire import Row

MAX_PAGES: Final = 20
"""So many pages are read to the end of a list; a longer one is not read whole."""

BY_NUMBER: Final = "id"

OwnRecord = SubscriberRecord | AudienceRecord
Build = Callable[[Window], VendorRequest]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a line of pages asks for, and how its replies are read."""

    entity: Entity
    build: Build
    read: Callable[[Reply], Page] = read_page


@dataclass(frozen=True, slots=True)
class Found:
    """A page that was read; `window` is what was asked for, `ended` whether no row follows."""

    page: Page
    window: Window

    @property
    def ended(self) -> bool:
        """By the vendor's word or count; without either, a page that is not full is the last one."""
        rows = len(self.page.rows)
        if self.page.more is not None:
            return not self.page.more
        if self.page.total is not None:
            return self.window.skip + rows >= self.page.total
        return rows < self.window.size


class Reader:
    """Makes the reads of one source."""

    def __init__(self, client: VendorClient, settings: TalonOneSettings) -> None:
        """Pages that prove too long for one reply are asked for in ever smaller parts, each kind by itself."""
        self.client = client
        self.settings = settings
        self._sizes: dict[str, int] = {}

    @property
    def max_ids(self) -> int:
        """The most ids one search names: their rows fit a page."""
        return min(MAX_IDS, self.settings.max_page)

    def ask_audiences(self, note: CallNote, sort: str = BY_NUMBER, *, count: bool = False) -> Ask:
        """Ask for all audiences in an order."""
        return Ask(Entity.AUDIENCE, lambda window: build_audiences(window, sort, note, count=count))

    def ask_customers(self, question: Question, note: CallNote) -> Ask:
        """Ask for the profiles that answer a question."""
        sandbox, audience_id = self.settings.sandbox_customers, question.audience_id
        if audience_id is not None:
            return Ask(Entity.SUBSCRIBER, lambda window: build_members(audience_id, window, note), read_members)
        if question == EVERYBODY:
            return Ask(Entity.SUBSCRIBER, lambda window: build_customers(window, note, sandbox=sandbox))
        wanted = {"integrationIDs": list(question.ids)} if question.ids else {"attributes": _write_attribute(question)}
        return Ask(Entity.SUBSCRIBER, lambda window: build_search(wanted, window, note, sandbox=sandbox))

    async def fetch_page(self, ask: Ask, skip: int, size: int, scope: CallScope) -> Found:
        """
        Read one page; rows that are too many bytes for one reply are asked for in ever smaller numbers.

        Raises:
            VendorError: the call failed or its reply is no list of records.
        """
        operation = ask.build(Window(size, skip)).operation
        window = Window(min(size, self.settings.max_page, self._sizes.get(operation, size)), skip)
        try:
            reply = await self.client.send(ask.build(window), scope)
        except VendorContractError as error:
            if error.reason != TOO_LARGE.word or window.size == 1:
                raise
            self._sizes[operation] = window.size // 2
            return await self.fetch_page(ask, skip, size, scope)
        return Found(ask.read(reply), window)

    async def fetch_pages(self, ask: Ask, scope: CallScope) -> AsyncGenerator[Found, None]:
        """Read page after page to the end; raises `VendorContractError` for a list that has none."""
        skip, seen = 0, set[str]()
        for _ in range(MAX_PAGES):
            found = await self.fetch_page(ask, skip, self.settings.max_page, scope)
            yield found
            known = len(seen)
            seen.update(filter(None, (find_key(ask.entity, row) for row in found.page.rows)))
            skip += len(found.page.rows)
            if found.ended:
                return
            if len(seen) == known:
                break
        raise refuse_endless(found)

    def to_record(self, ask: Ask, page: Page, row: Row) -> OwnRecord | VendorContractError:
        """Turn a row into a record, or say why it cannot be read; the person's own id is not told."""
        try:
            return to_record(ask.entity, self.client.source, row, self.settings.attributes)
        except UnreadableError as error:
            return build_unreadable(page.reply, ask.entity, error, f"{_name(ask.entity, row)},")


def refuse_endless(found: Found) -> VendorContractError:
    """Build the error for pages that go on without bringing anything."""
    return build_contract_error(found.page.reply, "page after page without a row that is new", "LINE_ENDLESS")


def find_key(entity: Entity, row: Row) -> str | None:
    """Return what a row's record is known by; None where that cannot be read."""
    try:
        return to_key(entity, row)
    except UnreadableError:
        return None


def _name(entity: Entity, row: Row) -> str:
    """Name a row by its internal number, which tells nothing of a person."""
    kind = "customer profile" if entity is Entity.SUBSCRIBER else "audience"
    try:
        number = read_id(row, "id")
    except UnreadableError:
        number = None
    return f"{kind} {number}" if number else f"a {kind} without a number"


def _write_attribute(question: Question) -> dict[str, str]:
    return dict([question.attribute]) if question.attribute else {}
