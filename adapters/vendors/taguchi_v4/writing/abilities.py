"""
What can be written to a Taguchi V4 account, by mutation.

Source: taguchi-v4-api.txt, Operations of each resource; vendors/facts.md, 1.2, 1.3 and 1.5.
"""

from collections.abc import Mapping
from typing import Any, Final

from adapters.contract import WriteCapability, WriteScope
from adapters.filters.capability import Evidence
from adapters.records import Entity
from adapters.vendors.taguchi_v4.resources import RESOURCES
from adapters.vendors.taguchi_v4.settings import TaguchiV4Settings

APPROVED: Final = frozenset({"approved", "deployed"})
"""Both words for a revision that may be sent: the prose's and the example's (vendors/facts.md, 1.5)."""

_PERSON: Final = frozenset({Entity.SUBSCRIBER, Entity.FEED_EVENT})
_SENT: Final = frozenset({Entity.ACTIVITY, Entity.FEED_EVENT})
_IMPORTED: Final = frozenset({Entity.IMPORT, Entity.SUBSCRIBER, Entity.FEED_EVENT})
_SUBSCRIBER: Final = "Subscriber Resource"
_ACTIVITY: Final = "Activity Resource"
_TAKEN: Final = "the audit log, unless the answer was lost"
_MESSAGES: Final = "the audit log and the messages it caused, unless the answer was lost"

NOUNS: Final[Mapping[Entity, str]] = {
    Entity.LIST: "List",
    Entity.CAMPAIGN: "Campaign",
    Entity.VIEW: "View",
    Entity.TEMPLATE: "Template",
    Entity.ACTIVITY: "Activity",
    Entity.IMPORT: "Import",
}
"""What can be made, changed and removed, by its name in mutations."""


def _person(call: str, read_back: str, *, repeatable: bool = True, section: str = "Operations") -> WriteCapability:
    return WriteCapability(
        call=f"{call} /subscriber",
        repeatable=repeatable,
        read_back=read_back,
        scope=WriteScope.CONSENT if read_back == "no opt-out" else WriteScope.WRITE,
        evidence=Evidence.DOCUMENTED,
        section=f"{_SUBSCRIBER}, {section}",
        touches=_PERSON,
        by_email=call.startswith("PUT"),
    )


def _command(method: str, scope: WriteScope, read_back: str, *, unchecked: bool = False) -> WriteCapability:
    return WriteCapability(
        call=f"{method} /activity/{{id}}",
        repeatable=False,
        read_back=read_back,
        scope=scope,
        evidence=Evidence.DOCUMENTED,
        section=f"{_ACTIVITY}, {method}",
        touches=_SENT,
        unchecked=unchecked,
    )


def _lets_send(values: Mapping[str, Any]) -> bool:
    """
    Say whether an activity is written so that it may be sent: with an approved revision, or in another state.

    Source: Common Fields, status: it controls the "available actions", and its words are not told but for `deleted`,
    which lets nothing be sent.
    """
    fields = values.get("fields") or {}
    words = {revision.get("approval_status") for revision in fields.get("revisions") or ()}
    return bool(words & APPROVED) or fields.get("status") not in {None, "deleted"}


_APPROVING: Final[Mapping[str, Any]] = {
    "sends_when": "with an approved revision, or a `status`",
    "sends": _lets_send,
}


def _noun(entity: Entity, method: str, read_back: str) -> WriteCapability:
    path = "" if method == "POST" else "/{id}"
    touched = {entity, Entity.FEED_EVENT} | ({Entity.AUDIENCE} if entity is Entity.VIEW else set())
    return WriteCapability(
        call=f"{method} /{RESOURCES[entity]}{path}",
        repeatable=method != "POST",
        read_back=read_back,
        scope=WriteScope.WRITE,
        evidence=Evidence.DOCUMENTED,
        section=f"{NOUNS[entity]} Resource, Operations",
        touches=frozenset(touched),
        **(_APPROVING if entity is Entity.ACTIVITY and method != "DELETE" else {}),
    )


_NOUNS: Final[Mapping[str, WriteCapability]] = {
    f"{verb}{name}": _noun(entity, method, read_back)
    for entity, name in NOUNS.items()
    for verb, method, read_back in (
        ("create", "POST", "by ref"),
        ("update", "PUT", "by id"),
        ("delete", "DELETE", "absence"),
    )
}

WRITES: Final[Mapping[str, WriteCapability]] = {
    "createSubscriber": _person("POST", "by ref or e-mail", repeatable=False),
    "updateSubscriber": _person("PUT", "by id"),
    "upsertSubscriber": _person("CREATEORUPDATE", "by ref or e-mail"),
    "setListMembership": _person("PUT lists[]", "membership", section="List Memberships"),
    "unsubscribe": _person("PUT unsubscribed", "opt-out", section="Common Fields, unsubscribed"),
    "resubscribe": _person("PUT unsubscribed", "no opt-out", section="Common Fields, unsubscribed"),
    **_NOUNS,
    "processImport": WriteCapability(
        call="PROCESS /import/{id}",
        repeatable=False,
        read_back="the import's start and counts",
        scope=WriteScope.WRITE,
        evidence=Evidence.DOCUMENTED,
        section="Import Resource, PROCESS",
        touches=_IMPORTED,
        unchecked=True,
    ),
    "importSubscribers": WriteCapability(
        call="POST /import, then PROCESS /import/{id}",
        repeatable=False,
        read_back="the import's start and counts",
        scope=WriteScope.WRITE,
        evidence=Evidence.DOCUMENTED,
        section="Import Resource, PROCESS and Manifest",
        touches=_IMPORTED,
        unchecked=True,
    ),
    "extractList": WriteCapability(
        call="EXTRACT /list/{id}",
        repeatable=False,
        read_back=None,
        scope=WriteScope.WRITE,
        evidence=Evidence.DOCUMENTED,
        section="List Resource, EXTRACT",
        sends_when="to tell a list",
        sends=lambda values: values.get("notify_list_id") is not None,
    ),
    "proofActivity": _command("PROOF", WriteScope.SEND, _MESSAGES),
    "requestApproval": _command("APPROVAL", WriteScope.SEND, _TAKEN),
    "commentActivity": _command("COMMENT", WriteScope.WRITE, "its text in the audit log"),
    "approveActivity": _command("APPROVE", WriteScope.SEND, "the approval of the newest revision"),
    "queueActivity": _command("QUEUE", WriteScope.SEND, "the audit log", unchecked=True),
    "triggerActivity": _command("TRIGGER", WriteScope.SEND, _MESSAGES, unchecked=True),
}


def build_writes(settings: TaguchiV4Settings) -> Mapping[str, WriteCapability]:
    """Tell what a source can write: what its user may do is Taguchi's to say, and answered by 403."""
    del settings
    return WRITES
