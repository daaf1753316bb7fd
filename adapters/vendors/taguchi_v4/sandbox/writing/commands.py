"""
The commands of an activity: PROOF, APPROVAL, COMMENT, APPROVE, QUEUE and TRIGGER.

Source: taguchi-v4-api.txt, Activity Resource, Operations; vendors/facts.md, 1.5 and 1.8. What is sent to people stands
in their subject feeds; what a target expression or a whole list is sent to, and proofs to lists, do not: nothing here
evaluates the one, and the other would be thousands of events.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.vendors.taguchi_v4.sandbox.columns import TIMESTAMP, Column
from adapters.vendors.taguchi_v4.sandbox.options import SandboxOptions
from adapters.vendors.taguchi_v4.sandbox.refusals import bad_request
from adapters.vendors.taguchi_v4.sandbox.store import Store

from .audits import Audit, Deed
from .fields import read_key, read_value
from .revisions import APPROVED_WORDS, check_privilege

Fields = Mapping[str, Any]
FORMATS = {"smtp": "mime", "sms": "plain"}
"""Which format goes with which protocol. Source: PROOF, format."""
YES, NO = (1, "1"), (0, "0", None)  # as JSON has it, `true` equals 1


@dataclass(frozen=True, slots=True)
class Commander:
    """
    Carries out commands on one activity, which exists.
    """

    store: Store
    options: SandboxOptions
    audit: Audit
    key: int

    def carry_out(self, command: str, fields: Fields) -> None:
        """Carry out a command; raises 400 for what it lacks, or for an activity that is not ready for it."""
        activity = self.store.row("activity", self.key) or {}
        _COMMANDS[command](self, activity, fields)

    def proof(self, activity: Fields, fields: Fields) -> None:
        """Send a proof to a proof list, or to one person."""
        _check_delivery(fields)
        revision = _choose_revision(activity, fields)
        if fields.get("subscriber_id") is None:
            self._check_list(fields)
            self._note(Deed.PUT_THROUGH, fields)
            return
        subscriber_id = read_key(fields["subscriber_id"], "subscriber_id")
        cause = self._note(Deed.PUT_THROUGH, fields)
        self._send(activity, revision, subscriber_id, cause, test=True)

    def ask_for_approval(self, activity: Fields, fields: Fields) -> None:
        """Send an approval request to an approval list."""
        _check_delivery(fields)
        _choose_revision(activity, fields)
        self._check_list(fields)
        self._note(Deed.ASKED_FOR_APPROVAL, fields)

    def comment(self, activity: Fields, fields: Fields) -> None:
        """Keep a comment for the activity's editors."""
        del activity
        if fields.get("message") is None:
            raise bad_request("message is missing")
        self._note(Deed.COMMENTED, fields)

    def approve(self, activity: Fields, fields: Fields) -> None:
        """Approve the newest revision."""
        check_privilege(self.options)
        _choose_revision(activity, {})
        word = self.options.approved_word
        revisions = [*activity["revisions"][:-1], {**activity["revisions"][-1], "approval_status": word}]
        self.store.update("activity", self.key, {"approval_status": word, "revisions": revisions})
        self._note(Deed.APPROVED, fields)

    def queue(self, activity: Fields, fields: Fields) -> None:
        """Put the activity into the queue; it leaves at its date."""
        _choose_approved(activity)
        if activity["date"] is None or activity["target_lists"] is None:
            raise bad_request("The activity has no date, or no target lists")
        self.store.update("activity", self.key, {"status": "queued"})
        self._note(Deed.QUEUED, fields)

    def trigger(self, activity: Fields, fields: Fields) -> None:
        """Send the activity to people given by their ids, or to whom an expression selects."""
        _check_delivery(fields)
        test = _read_switch(fields, "test")
        revision = _choose_revision(activity, {}) if test else _choose_approved(activity)
        at = read_value(Column("date", TIMESTAMP), fields.get("date"), self.audit.now)
        people = _read_conditions(fields.get("conditions"))
        cause = self._note(Deed.TRIGGERED, fields, test=test)
        for subscriber_id in people:
            self._send(activity, revision, subscriber_id, cause, test=test, at=at)

    def _send(
        self, activity: Fields, revision: Fields, subscriber_id: int, cause: int | None, *, test: bool, at: Any = None
    ) -> None:
        """
        Send or schedule one message; `cause` is the event of the command.

        Source: Subscriber Resource: who has unsubscribed or bounced gets none; Event Feed Resource, parent: the event
        that caused this one; that a message's is its command [inferred].
        """
        person = self.store.row("subscriber", subscriber_id)
        if person is None or person["unsubscribed"] is not None or person["bounced"] is not None:
            return
        event = {
            "event_ref": "s",
            "test": test,
            "parent_id": cause,
            "subscriber_id": subscriber_id,
            "activity_id": self.key,
            "revision_id": revision["id"],
            "configuration_id": next((each["id"] for each in revision["combinations"]), None),
            "campaign_id": activity["campaign_id"],
        }
        if at is None or self.audit.is_past(str(at)):
            self.store.insert_event({**event, "timestamp": self.audit.now, "processed": True})
        else:
            later = {"type": "scheduled", "oneshot": True, "next_timestamp": at, "start_timestamp": self.audit.now}
            self.store.insert_event({**event, **later})

    def _check_list(self, fields: Fields) -> None:
        if fields.get("list_id") is None:
            raise bad_request("list_id is missing")
        list_id = read_key(fields["list_id"], "list_id")
        if self.store.row("list", list_id) is None:
            raise bad_request(f"list {list_id} does not exist")

    def _note(self, deed: Deed, fields: Fields, **event: Any) -> int | None:
        message = fields.get("message")
        return self.audit.note(deed, "activity", self.key, data=None if message is None else str(message), **event)


_COMMANDS: Mapping[str, Callable[[Commander, Fields, Fields], None]] = {
    "PROOF": Commander.proof,
    "APPROVAL": Commander.ask_for_approval,
    "COMMENT": Commander.comment,
    "APPROVE": Commander.approve,
    "QUEUE": Commander.queue,
    "TRIGGER": Commander.trigger,
}
COMMANDS = tuple(_COMMANDS)


def _check_delivery(fields: Fields) -> None:
    """Refuse a protocol that is none, or a format that does not go with it. Source: PROOF, protocol and format."""
    protocol, chosen = fields.get("protocol"), fields.get("format")
    if protocol is not None and protocol not in FORMATS:
        raise bad_request(f"protocol must be one of {', '.join(FORMATS)}")
    if chosen is not None and chosen not in FORMATS.values():
        raise bad_request(f"format must be one of {', '.join(FORMATS.values())}")
    if None not in {protocol, chosen} and FORMATS[str(protocol)] != chosen:
        raise bad_request(f"{protocol} goes with {FORMATS[str(protocol)]}")


def _choose_revision(activity: Fields, fields: Fields) -> Fields:
    """The revision a command names, the newest where it names none."""
    revisions = activity["revisions"]
    if fields.get("revision_id") is not None:
        wanted = read_key(fields["revision_id"], "revision_id")
        revisions = [item for item in revisions if item["id"] == wanted]
    if not revisions:
        raise bad_request("The activity has no such revision")
    newest: Fields = revisions[-1]
    return newest


def _choose_approved(activity: Fields) -> Fields:
    """
    The newest revision that may be sent.

    Source: Activity Resource, revisions may be sent once approved; both words for it are known.
    """
    approved = [item for item in activity["revisions"] if item["approval_status"] in APPROVED_WORDS]
    if not approved:
        raise bad_request("No revision of the activity is approved")
    newest: Fields = approved[-1]
    return newest


def _read_switch(fields: Fields, name: str) -> bool:
    value = fields.get(name)
    if isinstance(value, int | str | None) and (value in YES or value in NO):
        return value in YES
    raise bad_request(f"{name} is neither 1 nor 0")


def _read_conditions(conditions: Any) -> list[int]:
    """
    Whom a TRIGGER is for, as far as it names them; nobody by name for a target expression.

    Source: TRIGGER, conditions; an expression is an object with that one key (vendors/facts.md, 1.5), or a text.
    """
    if isinstance(conditions, list) and conditions:
        return [read_key(item, "conditions") for item in conditions]
    expression = conditions.get("expression") if isinstance(conditions, dict) else conditions
    if not isinstance(expression, str) or not expression.strip():
        raise bad_request("conditions are missing")
    return []
