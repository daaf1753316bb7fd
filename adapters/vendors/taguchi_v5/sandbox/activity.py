"""
Event and message items: what people did, and what is sent to them.

Source: vendors/facts.md, 2.2. That a message comes in `{"message": …}` is inferred, and so is every refusal here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .keys import to_key
from .options import SandboxOptions
from .statuses import NO_IDENTITY, Refusal, Status, build_status, check_switch
from .store import Person, Row, Store

TARGETS = ("id", "ref", "email", "phone")


class Activity:
    """Takes event and message items over a store."""

    def __init__(self, store: Store, options: SandboxOptions) -> None:
        """The options say what is allowed."""
        self._store = store
        self._options = options

    def log(self, event: Any, now_at: datetime, *, keep: bool) -> Status:
        """Log one event; raises `Refusal`."""
        check_switch(self._options.allow_events, "event logging")
        person = self._find_target(event)
        if not isinstance(event.get("type"), str) or not event["type"]:
            raise Refusal(400, "type is not a text")
        if keep:
            self._store.events.append(self._build_event(event, person, now_at))
        return build_status(200)

    def _build_event(self, event: Mapping[str, Any], person: Person, now_at: datetime) -> Row:
        """Build the event as Taguchi's notifications print it. Source: vendors/facts.md, 2.2."""
        return {
            "target": {"id": person.row["id"]},
            "isTest": bool(event.get("isTest")),
            "data": event.get("data"),
            "type": event["type"],
            "loggedTimestamp": now_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "activityId": None,
            "id": self._store.next_event_id(),
        }

    def send(self, message: Any, *, keep: bool) -> Status:
        """Send one message; raises `Refusal`."""
        check_switch(self._options.allow_messages, "messages")
        person = self._find_target(message)
        activity_id = self._choose_activity(message.get("activityId"))
        if person.row["unsubscribedTimestamp"] and not self._options.allow_unsubscribed_messages:
            raise Refusal(403, "The subscriber is unsubscribed")
        if keep:
            kept = {"target": {"id": person.row["id"]}, "activityId": activity_id}
            names = ("isTest", "requestContent", "sendTimestamp")
            self._store.messages.append({**kept, **{name: message.get(name) for name in names}})
        return build_status(200)

    def _choose_activity(self, asked: Any) -> int:
        """Source: taguchi-v5-integration.txt, Trigger activity ID (blank to allow any)."""
        fixed = self._options.trigger_activity_id
        if fixed is not None and asked in {None, fixed}:
            return fixed
        if fixed is not None or type(asked) is not int:
            raise Refusal(400, "activityId is not one that this endpoint may send")
        return asked

    def _find_target(self, item: Any) -> Person:
        if not isinstance(item, dict) or not isinstance(item.get("target"), dict):
            raise Refusal(400, "The target is not an object")
        keys = {name: key for name in TARGETS if (key := to_key(name, item["target"].get(name))) is not None}
        if not keys:
            raise Refusal(400, NO_IDENTITY)
        found = [self._store.find_person(name, key) for name, key in keys.items()]
        person = next((each for each in found if each is not None), None)
        if person is None:
            raise Refusal(404, "There is no such subscriber")
        return person
