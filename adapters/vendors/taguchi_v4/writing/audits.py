"""
The audit log around a command: what stands there before it, so that it can be told afterwards whether it was done.

A command answers with nothing, and repeating one sends again. Each leaves an event in the activity's object feed; the
newest of its kind is looked at before the command is sent, and again when its answer was lost.
Source: taguchi-v4-api.txt, Audit Log of the Activity Resource; the example of event types that start with `aa`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from adapters.calls import CallNote
from adapters.recipes import Step, StepResult
from adapters.records import Entity, FeedKey, FeedSide
from adapters.transport.client import Reply, VendorRequest
from adapters.vendors.taguchi_v4.endpoints import ListCall, build_list, read_feed_reply
from adapters.vendors.taguchi_v4.values import UnreadableError, read_id
from adapters.vendors.taguchi_v4.wire import Row

from .ask import Ask

EVENTS: Final[Mapping[str, str]] = {
    "PROOF": "aap",
    "APPROVAL": "aae",
    "COMMENT": "aao",
    "APPROVE": "aaa",
    "QUEUE": "aaq",
    "TRIGGER": "aat",
}
"""The event each command leaves. Source: Event Resource, Example Requests."""
NEWEST: Final = "audited_before"
"""What the newest event before a command is known by; empty where there was none."""
TAKEN: Final = "taken"
"""The first word of what each command that Taguchi has taken is known by: as many events are ours."""
MOST_EVENTS: Final = 100


def build_audit(ask: Ask, method: str, id_: str, limit: int = 1) -> VendorRequest:
    """Build the read of the newest events that a command leaves."""
    feed = FeedKey(Entity.ACTIVITY, id_, FeedSide.OBJECT)
    call = ListCall((f"event_ref-eq-{EVENTS[method]}",), "id", limit, descending=True, feed=feed)
    return replace(build_list(Entity.FEED_EVENT, call, CallNote(purpose=ask.purpose)), remembered_as=None)


def build_audit_step(ask: Ask, method: str, id_: str) -> Step:
    """Build the step that notes the newest event before a command; it changes nothing."""
    request = build_audit(ask, method, id_)

    def read(reply: Reply) -> StepResult:
        events = read_events(read_feed_reply(reply), method)
        return StepResult(known_by={NEWEST: events[0] if events else ""})

    return Step(name=f"audit.{method.lower()}", build=lambda _found: request, read=read, repeatable=True, changes=False)


def read_events(rows: list[Row], method: str) -> list[str]:
    """Return the ids of the events a command leaves, in the order they came; others are left out."""
    found = []
    for row in rows:
        try:
            id_ = read_id(row, "id") if row.get("event_ref") == EVENTS[method] else None
        except UnreadableError:
            continue
        if id_ is not None:
            found.append(id_)
    return found


def count_taken(known_by: Mapping[str, str]) -> int:
    """Count the commands of a write that Taguchi has taken."""
    return sum(name.startswith(TAKEN) for name in known_by)


async def fetch_since(ask: Ask, method: str, id_: str, newest: str) -> list[Row]:
    """
    Read the events a command has left since the newest one before it, the newest first.

    They are told by their ids, which rise: the log may not show any more what was the newest then.
    """
    reply = await ask.client.send(build_audit(ask, method, id_, MOST_EVENTS), ask.scope)
    events = {event: row for row in read_feed_reply(reply) for event in read_events([row], method)}
    return [row for event, row in events.items() if int(event) > int(newest or 0)]
