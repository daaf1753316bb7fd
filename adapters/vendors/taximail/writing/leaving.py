"""
Leaving and joining lists.

Whoever leaves stays a contact of the list with another status; the call names the person by address.
Source: taximail-contacts.txt, Unsubscribing.
"""

from collections.abc import Sequence
from typing import Final

from adapters.errors import InputError
from adapters.recipes import Step, StepResult
from adapters.records import SubscriberRecord
from adapters.transport.client import Reply
from adapters.vendors.taximail.keys import InnerKey

from .ask import INPUT, Ask, Draft, read_key, read_list_id
from .columns import read_columns
from .people import BY_EMAIL, fetch_everywhere, fetch_subject, find_address, has_opted_out
from .replies import read_done
from .requests import build_unsubscribe
from .single import check_consent, draft_row

_ONE_LIST: Final = "This is about list {}; on other lists the address stays. `byEmail` without `listId` is about all."
Contacts = Sequence[SubscriberRecord]


async def draft_unsubscribe(ask: Ask) -> Draft:
    """Prepare an opt-out: from the contact's list, or by address from every list."""
    named = ask.values.get("by_email")
    if named is not None and named.get("list_id") is None:
        return _draft_leaving(ask, await fetch_everywhere(ask, named["email"]))
    subject = await fetch_subject(ask)
    return _draft_leaving(ask, [subject], (_ONE_LIST.format(_key_of(subject).list_id),))


async def draft_membership(ask: Ask) -> Draft:
    """Prepare a person's place on one list."""
    list_id = read_list_id(ask.values.get("list_id"), (INPUT, "listId"))
    if ask.values.get("option"):
        raise InputError("Taximail keeps no text with a membership.", path=(INPUT, "option"))
    email = await _find_email(ask)
    held = await find_address(ask, list_id, email, (*BY_EMAIL, "email"))
    if ask.values.get("subscribed") is False:
        if held is None:
            return Draft(steps=(), warnings=(f"The person is not on list {list_id}.",))
        return _draft_leaving(ask, [held])
    if held is not None and not has_opted_out(held):
        return Draft(steps=(), id=held.id, warnings=(f"The person is on list {list_id} already.",))
    if held is not None:
        check_consent(ask, (INPUT, "consent"))
    return draft_row(ask, list_id, read_columns({"email": email}, (INPUT,)), held=held)


async def _find_email(ask: Ask) -> str:
    """Return the address of whom a mutation is about."""
    named = ask.values.get("by_email")
    if named is not None:
        return str(named["email"])
    return _read_email(await fetch_subject(ask))


def _read_email(record: SubscriberRecord) -> str:
    """Return the address by which Taximail is told who leaves; raises `InputError` where there is none."""
    if not record.email:
        raise InputError("This contact has no address that Taximail could be told.", path=(INPUT, "id"))
    return record.email


def _draft_leaving(ask: Ask, contacts: Contacts, warnings: tuple[str, ...] = ()) -> Draft:
    """Prepare the leaving of contacts; who has left already is not sent again."""
    staying = [each for each in contacts if not has_left_for_good(each)]
    left = tuple(
        f"The person has left list {_key_of(each).list_id} already." for each in contacts if each not in staying
    )
    steps = tuple(_build_step(ask, each, number) for number, each in enumerate(staying))
    lists = ", ".join(_key_of(each).list_id for each in contacts)
    return Draft(
        steps=steps,
        id=contacts[0].id if len(contacts) == 1 else None,
        before={_key_of(each).list_id: {"subscription": each.subscription.value} for each in staying},
        after={_key_of(each).list_id: {"subscription": "UNSUBSCRIBED"} for each in staying},
        warnings=(*warnings, *left),
        check=f"Look at the person in Taximail, on list {lists}: whether they have left.",
        independent=True,
    )


def has_left_for_good(record: SubscriberRecord) -> bool:
    """Say whether a contact is known to have left; one whose words are unknown is told to leave again."""
    return record.unsubscribed is True


def _build_step(ask: Ask, record: SubscriberRecord, number: int) -> Step:
    list_id = _key_of(record).list_id
    request = build_unsubscribe(list_id, _read_email(record), ask.purpose)

    def read(reply: Reply) -> StepResult:
        read_done(reply)
        return StepResult(id=record.id, facts={f"list {list_id}": "left"})

    name = f"unsubscribe {number + 1}" if number else "unsubscribe"
    return Step(name=name, build=lambda _found: request, read=read, repeatable=True)


def _key_of(record: SubscriberRecord) -> InnerKey:
    return read_key(record.id, (INPUT, "id"))
