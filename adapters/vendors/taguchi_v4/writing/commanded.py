"""
What became of a command of an activity, as far as its feeds prove it.

The audit log tells that a command was given since, and not whose it was. An approval and a queueing are the same
whoever gave them, and so is a comment with its text: those count as done once they stand there. Of other commands the
events are ours where Taguchi has taken as many as the log shows: then what was logged was done, and a message to
somebody who is named was sent, or scheduled, where such an event has caused one. Of a command whose answer was lost
nobody can say that; and nothing is concluded from what is not there.
Source: taguchi-v4-api.txt, Audit Log of the Activity Resource; Event Resource, `s`: "Logged each time an email, SMS,
fax, phone call, or DM is sent to a subscriber"; Event Feed Resource, parent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from adapters.calls import CallNote
from adapters.contract import ItemResult, Outcome, WriteResult
from adapters.errors import InputError
from adapters.records import Entity, FeedKey, FeedSide, RevisionChoice
from adapters.vendors.taguchi_v4.endpoints import ListCall, build_list, read_feed_reply
from adapters.vendors.taguchi_v4.values import UnreadableError, read_id, read_rows
from adapters.vendors.taguchi_v4.wire import Row

from .abilities import APPROVED
from .ask import Ask
from .audits import NEWEST, count_taken, fetch_since
from .checks import tell_check
from .held import find_row
from .recipients import fetch_recipients

COMMANDS: Final[Mapping[str, str]] = {
    "proofActivity": "PROOF",
    "requestApproval": "APPROVAL",
    "commentActivity": "COMMENT",
    "approveActivity": "APPROVE",
    "queueActivity": "QUEUE",
    "triggerActivity": "TRIGGER",
}
SENT: Final = "s"
"""The event of a message. Source: Event Resource, Example Requests."""

_MOST_MESSAGES: Final = 500


@dataclass(frozen=True, slots=True)
class _Found:
    """What commands of one kind have left since ours was sent, the newest first; `ours` says that none is another's."""

    ask: Ask
    events: Sequence[Row]
    ours: bool

    def build(self, outcome: Outcome, items: tuple[ItemResult, ...] = ()) -> WriteResult:
        """Say what is known."""
        told = f"The log shows {len(self.events)} since this was sent, and does not say whose they are."
        check = None if outcome is Outcome.APPLIED else f"{tell_check(self.ask)} {told}"
        facts = {"auditEvents": len(self.events)}
        return WriteResult(outcome=outcome, id=self.ask.target, items=items, check=check, facts=facts)


async def judge_command(ask: Ask, known_by: Mapping[str, str]) -> WriteResult:
    """Tell what became of a command, by what stands in the feeds since it was sent."""
    method, newest = COMMANDS[ask.command.kind], known_by.get(NEWEST)
    if method == "APPROVE" and await _is_approved(ask):
        return WriteResult(outcome=Outcome.APPLIED, id=ask.target)
    if newest is None:
        return WriteResult(outcome=Outcome.UNKNOWN, id=ask.target, check=tell_check(ask))
    events = await fetch_since(ask, method, ask.target, newest)
    found = _Found(ask, events, ours=len(events) == count_taken(known_by))
    if found.events and found.ours and ask.values.get("recipients"):
        return await _judge_people(found)
    done = bool(found.events) and (found.ours or _is_the_same(ask, method, events))
    return found.build(Outcome.APPLIED if done else Outcome.UNKNOWN)


def _is_the_same(ask: Ask, method: str, events: Sequence[Row]) -> bool:
    """Say whether what was logged is what was asked for, whoever gave the command."""
    if method == "COMMENT":
        return any(event.get("data") == ask.values.get("message") for event in events)
    return method == "QUEUE"


async def _is_approved(ask: Ask) -> bool:
    row = await find_row(ask, Entity.ACTIVITY, ask.target, RevisionChoice.LATEST)
    revisions = read_rows(row, "revisions") if row is not None else []
    return bool(revisions) and revisions[-1].get("approval_status") in APPROVED


async def _judge_people(found: _Found) -> WriteResult:
    """Tell of each person who is named whether a message came of our commands."""
    try:
        people = await fetch_recipients(found.ask)
    except InputError:  # somebody is not there any more, or another has the same address by now
        return found.build(Outcome.UNKNOWN)
    reached = {id_ for event in found.events for id_ in await _fetch_reached(found.ask, event)}
    items = tuple(ItemResult(place=place, outcome=Outcome.APPLIED) for place, id_, _ in people if id_ in reached)
    return found.build(Outcome.APPLIED if len(items) == len(people) else Outcome.UNKNOWN, items)


async def _fetch_reached(ask: Ask, command: Row) -> set[str]:
    """Read who was sent a message because of an audited command, or will be; one that cannot be read proves nothing."""
    parent = read_id(command, "id")
    feed = FeedKey(Entity.ACTIVITY, ask.target, FeedSide.SUBJECT)
    call = ListCall((f"parent_id-eq-{parent}",), "id", _MOST_MESSAGES, descending=True, feed=feed)
    request = replace(build_list(Entity.FEED_EVENT, call, CallNote(purpose=ask.purpose)), remembered_as=None)
    rows = read_feed_reply(await ask.client.send(request, ask.scope))
    return {id_ for row in rows if (id_ := _read_reached(row, parent)) is not None}


def _read_reached(row: Row, parent: str | None) -> str | None:
    try:
        caused = row.get("event_ref") == SENT and read_id(row, "parent_id") == parent
        return read_id(row, "subscriber_id") if caused else None
    except UnreadableError:
        return None
