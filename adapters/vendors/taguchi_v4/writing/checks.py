"""
What a person looks at where no read tells what became of a command.
"""

from collections.abc import Callable, Mapping
from typing import Final

from .ask import Ask
from .audits import EVENTS


def tell_check(ask: Ask) -> str:
    """Say where to look for what became of a command."""
    return _CHECKS[ask.command.kind](ask)


def _tell_audit(ask: Ask, method: str) -> str:
    return f"Look at the audit log of activity {ask.target} for a new `{EVENTS[method]}`"


def _tell_proof(ask: Ask) -> str:
    audit, list_id = _tell_audit(ask, "PROOF"), ask.values.get("list_id")
    if list_id is None:
        return f"{audit}, and at each person's events for a message (`s`) that came of it."
    return f"{audit}, and ask the people of proof list {list_id} whether the proof has come."


def _tell_approval(ask: Ask) -> str:
    audit = _tell_audit(ask, "APPROVAL")
    return f"{audit}, and ask the people of approval list {ask.values.get('list_id')} whether the request has come."


def _tell_trigger(ask: Ask) -> str:
    audit = _tell_audit(ask, "TRIGGER")
    if ask.values.get("expression") is not None:
        return f"{audit}, and at the activity's events for messages (`s`) that came of it."
    return f"{audit}, and at each person's events for a message (`s`) that came of it, sent or scheduled."


def _tell_extract(ask: Ask) -> str:
    """Say who is told. Source: EXTRACT, notify: without it, the user who has performed the command."""
    notify = ask.values.get("notify_list_id")
    who = "the user whose credentials this source has" if notify is None else f"the people of list {notify}"
    return f"No read tells of extracts. Ask {who} whether the notification of list {ask.target}'s extract has come."


_CHECKS: Final[Mapping[str, Callable[[Ask], str]]] = {
    "proofActivity": _tell_proof,
    "requestApproval": _tell_approval,
    "commentActivity": lambda ask: f"{_tell_audit(ask, 'COMMENT')}, and among the comments its editors see.",
    "approveActivity": lambda ask: f"{_tell_audit(ask, 'APPROVE')}, and at the approval of its newest revision.",
    "queueActivity": lambda ask: f"{_tell_audit(ask, 'QUEUE')}, and in Taguchi whether the activity is queued.",
    "triggerActivity": _tell_trigger,
    "extractList": _tell_extract,
}
