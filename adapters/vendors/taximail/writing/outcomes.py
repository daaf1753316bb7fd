"""
What became of a write whose answer was lost, as far as reading tells.

What shows was done. What does not show may still be under way, so it stays UNKNOWN, with what to look at.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from adapters.contract import ItemResult, Outcome, WriteResult
from adapters.errors import NotFoundError
from adapters.identity import to_email_key
from adapters.records import SubscriberRecord

from .ask import INPUT, Ask, Path, read_list_id
from .columns import EMAIL, Columns, read_columns
from .deleting import read_keys
from .imports import leaves_out, read_people
from .leaving import has_left_for_good
from .people import (
    BY_EMAIL,
    fetch_everywhere,
    fetch_members,
    fetch_subject,
    find_address,
    find_contact,
    has_left,
    has_opted_out,
)
from .rows import Person
from .single import FIELDS, list_texts, read_place

Look = Callable[[Ask], Awaitable[WriteResult]]


def _leave(check: str) -> WriteResult:
    return WriteResult(outcome=Outcome.UNKNOWN, check=check)


def _judge(record: SubscriberRecord | None, done: bool, check: str) -> WriteResult:
    if record is None or not done:
        return _leave(check)
    return WriteResult(outcome=Outcome.APPLIED, id=record.id, record=record)


def shows(record: SubscriberRecord, columns: Columns) -> bool:
    """Say whether a contact has the values that were written; an address is compared without regard to case."""
    held = list_texts(record)
    texts = {name: text for name, text in columns.texts.items() if name != EMAIL}
    return all(held.get(name, "") == text for name, text in texts.items())


async def _look_at_row(ask: Ask) -> WriteResult:
    """Look at the one contact that was made, or made or changed."""
    list_id, joins = read_place(ask)
    columns = read_columns(ask.fields, FIELDS)
    record = await find_address(ask, list_id, columns.texts[EMAIL], (*FIELDS, EMAIL))
    done = record is not None and shows(record, columns) and not (joins and has_opted_out(record))
    return _judge(record, done, f"List {list_id} does not show the person with these values.")


async def _look_at_update(ask: Ask) -> WriteResult:
    record = await fetch_subject(ask)
    done = shows(record, read_columns(ask.fields, FIELDS))
    return _judge(record, done, f"Contact {record.id} does not show these values.")


async def _look_at_unsubscribe(ask: Ask) -> WriteResult:
    named = ask.values.get("by_email")
    if named is not None and named.get("list_id") is None:
        records = await fetch_everywhere(ask, named["email"])
    else:
        records = [await fetch_subject(ask)]
    if not all(map(has_left_for_good, records)):
        return _leave("The person has not left every list.")
    return WriteResult(outcome=Outcome.APPLIED, id=records[0].id if len(records) == 1 else None)


async def _look_at_membership(ask: Ask) -> WriteResult:
    list_id, named = read_list_id(ask.values.get("list_id"), (INPUT, "listId")), ask.values.get("by_email")
    path: Path = (*BY_EMAIL, "email")
    email = named["email"] if named else (await fetch_subject(ask)).email or ""
    record = await find_address(ask, list_id, email, path)
    if ask.values.get("subscribed") is False:
        return _judge(record, record is not None and has_left_for_good(record), "The person has not left the list.")
    return _judge(record, record is not None and not has_opted_out(record), "The person is not on the list.")


async def _look_at_deletion(ask: Ask) -> WriteResult:
    """Look for contacts that were to be deleted; who is not there is."""
    placed = read_keys(ask)
    found = await asyncio.gather(*(find_contact(ask, key) for _, key in placed))
    gone = [(place, key) for (place, key), record in zip(placed, found, strict=True) if record is None]
    items = tuple(ItemResult(place=place, outcome=Outcome.APPLIED, id=str(key)) for place, key in gone)
    if len(gone) == len(placed):
        return WriteResult(outcome=Outcome.APPLIED, items=items)
    check = f"{len(placed) - len(gone)} of the contacts are there."
    return WriteResult(outcome=Outcome.UNKNOWN, items=items, check=check)


async def _look_at_import(ask: Ask) -> WriteResult:
    """Look for the people of an import; of a file, nobody here can say who they are."""
    list_id = read_list_id(ask.values.get("list_id"), (INPUT, "listId"))
    if not ask.command.items:
        return _leave(f"Look at list {list_id} in Taximail: whether the people of the file are on it.")
    people = read_people(ask.command.items, None)
    members = await fetch_members(ask, list_id, (person.columns.texts[EMAIL] for person in people))
    held = {person.place: members.get(to_email_key(person.columns.texts[EMAIL]), ()) for person in people}
    sent = [person for person in people if not (leaves_out(ask) and any(map(has_left, held[person.place])))]
    items = tuple(item for person in sent if (item := _find_row(ask, person, held[person.place])))
    if len(items) == len(sent):
        return WriteResult(outcome=Outcome.APPLIED, items=items)
    check = f"List {list_id} shows {len(items)} of the {len(sent)} people with these values."
    return WriteResult(outcome=Outcome.UNKNOWN, items=items, check=check)


def _find_row(ask: Ask, person: Person, held: Sequence[SubscriberRecord]) -> ItemResult | None:
    """Find the contact that shows what was imported; without updates, who was there keeps other values."""
    updates = (ask.values.get("taximail") or {}).get("update_duplicates") is not False
    found = next((record for record in held if not updates or shows(record, person.columns)), None)
    return None if found is None else ItemResult(place=person.place, outcome=Outcome.APPLIED, id=found.id)


_LOOKS: Final[Mapping[str, Look]] = {
    "createSubscriber": _look_at_row,
    "upsertSubscriber": _look_at_row,
    "updateSubscriber": _look_at_update,
    "unsubscribe": _look_at_unsubscribe,
    "setListMembership": _look_at_membership,
    "deleteContacts": _look_at_deletion,
    "importSubscribers": _look_at_import,
}


async def look(ask: Ask) -> WriteResult:
    """
    Read what became of a write.

    Raises:
        VendorError: the source cannot be asked.
    """
    try:
        return await _LOOKS[ask.command.kind](ask)
    except NotFoundError as error:
        return _leave(error.message)
