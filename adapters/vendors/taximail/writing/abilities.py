"""
What an account can be asked to write. Source: taximail-contacts.txt.
"""

from collections.abc import Mapping
from typing import Any, Final

from adapters.contract import WriteCapability, WriteScope
from adapters.filters.capability import Evidence
from adapters.records import Entity
from adapters.vendors.taximail.settings import TaximailSettings

from .imports import sends_mail
from .rows import CHUNK

TOUCHES: Final = frozenset({Entity.SUBSCRIBER, Entity.LIST})
_BELOW: Final = "/list/{id}/subscribers"
_IMPORT: Final = f"POST {_BELOW}/import, then GET {_BELOW}/{{key_import}}/commit/{{token}}"
_UPDATE: Final = f"PUT {_BELOW}/{{id}}"
_LEAVE: Final = f"POST {_BELOW}/unsubscribe"
_DELETE: Final = f"POST {_BELOW}/selection, then DELETE {_BELOW}/selection/{{token}}"
_READ: Final = f"GET {_BELOW}"


_ASKS: Final = "where people are asked by mail to confirm"


def _sends(values: Mapping[str, Any]) -> bool:
    return sends_mail(values.get("taximail") or {})


def _build(call: str, section: str, **more: Any) -> WriteCapability:
    return WriteCapability(
        call=call,
        read_back=more.pop("read_back", _READ),
        scope=WriteScope.WRITE,
        evidence=Evidence.DOCUMENTED,
        section=section,
        touches=TOUCHES,
        **more,
    )


_WRITES: Final[Mapping[str, WriteCapability]] = {
    "createSubscriber": _build(_IMPORT, "Importing", repeatable=False),
    "upsertSubscriber": _build(f"{_IMPORT}; {_UPDATE}", "Importing; Updating", repeatable=False),
    "updateSubscriber": _build(_UPDATE, "Updating", read_back=f"GET {_BELOW}/{{id}}", repeatable=True, by_email=True),
    "unsubscribe": _build(_LEAVE, "Unsubscribing", repeatable=True, by_email=True),
    "setListMembership": _build(f"{_LEAVE}; {_IMPORT}", "Unsubscribing; Importing", repeatable=False, by_email=True),
    "deleteContacts": _build(
        _DELETE,
        "Selecting; Deleting",
        read_back=f"GET {_BELOW}/{{id}}",
        repeatable=False,
        bulk=CHUNK,
        reads_nothing=True,
    ),
    "importSubscribers": _build(_IMPORT, "Importing", repeatable=False, bulk=CHUNK, sends=_sends, sends_when=_ASKS),
}

TAKES: Final[Mapping[str, frozenset[str]]] = {
    "createSubscriber": frozenset({"fields"}),
    "upsertSubscriber": frozenset({"fields"}),
    "updateSubscriber": frozenset({"by_email", "fields", "if_unchanged"}),
    "unsubscribe": frozenset({"by_email"}),
    "setListMembership": frozenset({"by_email", "list_id", "subscribed", "option"}),
    "deleteContacts": frozenset(),
    "importSubscribers": frozenset({"list_id", "skipped", "taximail"}),
}
"""What of each mutation's input means something here; the rest is for other vendors."""

REFUSED: Final[Mapping[str, str]] = {
    "resubscribe": "Taximail documents no call that opts anybody in again. `setListMembership` with `consent` sends "
    "the person as an import, and says whether the list took it.",
    "anonymizeSubscriber": "Taximail can only delete contacts: `deleteContacts`.",
    "eraseSubscriber": "Taximail deletes contacts list by list: `deleteContacts`.",
}


def build_writes(settings: TaximailSettings) -> Mapping[str, WriteCapability]:
    """Tell what an account can write; nothing of it depends on the settings."""
    del settings
    return _WRITES
