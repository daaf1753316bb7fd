"""
Deleting contacts: a selection, which changes nothing, and its deletion by a token that works once.

Source: taximail-contacts.txt, Selecting and Deleting.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from adapters.concurrency import work_aside
from adapters.contract import ItemResult, Outcome
from adapters.errors import InputError
from adapters.recipes import Found, Step, StepResult
from adapters.transport.client import Reply, VendorRequest
from adapters.vendors.taximail.keys import InnerKey

from .ask import INPUT, Ask, Draft, read_key
from .replies import read_done, read_word
from .requests import TOKEN, build_deletion, build_selection
from .rows import CHUNK

Placed = tuple[int, InnerKey]
_WARNING: Final = "This cannot be undone, and Taximail forgets whether they had opted out."


async def draft_deletion(ask: Ask) -> Draft:
    """Prepare the deletion of contacts, list by list."""
    return await work_aside(ask.command.count, lambda: _draft(ask))


def _draft(ask: Ask) -> Draft:
    chunks = _divide(read_keys(ask))
    steps = [step for number, chunk in enumerate(chunks) for step in _build_steps(ask, chunk, number)]
    return Draft(
        steps=tuple(steps),
        warnings=(_WARNING,),
        check="Look at the contacts in Taximail: whether they are gone.",
        independent=len(chunks) > 1,
    )


def read_keys(ask: Ask) -> list[Placed]:
    """Read which contacts are meant; raises `InputError` for none, or for one that is named twice."""
    if not ask.command.items:
        raise InputError("It is not said which contacts.", path=(INPUT, "ids"))
    placed: list[Placed] = []
    seen: dict[InnerKey, int] = {}
    for place, item in enumerate(ask.command.items):
        path = (INPUT, "ids", place)
        key = read_key(item["id"], path)
        if key in seen:
            message = f"This contact is named twice, first at {seen[key]}."
            raise InputError(message, reason="DUPLICATE_ITEM", path=path)
        seen[key] = place
        placed.append((place, key))
    return placed


def _divide(placed: Sequence[Placed]) -> list[list[Placed]]:
    by_list: dict[str, list[Placed]] = {}
    for each in placed:
        by_list.setdefault(each[1].list_id, []).append(each)
    return [group[start : start + CHUNK] for group in by_list.values() for start in range(0, len(group), CHUNK)]


def _build_steps(ask: Ask, chunk: Sequence[Placed], number: int) -> tuple[Step, Step]:
    list_id, ending = chunk[0][1].list_id, f" {number + 1}" if number else ""
    token, places = TOKEN + ending, tuple(place for place, _ in chunk)
    first = build_selection(list_id, [key.inner_id for _, key in chunk], ask.purpose)

    def take(reply: Reply) -> StepResult:
        return StepResult(outcome=Outcome.ACCEPTED, found={token: read_word(reply, TOKEN)})

    def delete(found: Found) -> VendorRequest:
        return build_deletion(list_id, found[token], ask.purpose)

    return (
        Step(name=f"select{ending}", build=lambda _found: first, read=take, changes=False, places=places),
        Step(name=f"delete{ending}", build=delete, read=partial(_read_deleted, chunk), places=places, needs=(token,)),
    )


def _read_deleted(chunk: Sequence[Placed], reply: Reply) -> StepResult:
    read_done(reply)
    return StepResult(
        items=tuple(ItemResult(place=place, outcome=Outcome.APPLIED, id=str(key)) for place, key in chunk)
    )
