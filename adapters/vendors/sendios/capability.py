"""
What Sendios can do: opt-outs can be listed since a time; people can be looked up, and not listed.

Source: vendors/facts.md, 4.2. Neither the order of the list nor whether the second itself belongs to it is documented,
so the time is asked for generously and the rows are checked again.
"""

from dataclasses import replace
from typing import Final

from adapters.evidence import NOTHING_FOUND, Findings
from adapters.filters.capability import Capability, EntityCapability, Evidence, FieldCapability, Line, Support
from adapters.filters.fields import FIELDS
from adapters.filters.tree import Op
from adapters.records import Entity

from .settings import LARGEST_PAGE, SendiosSettings

VENDOR: Final = "sendios"
DOCUMENT: Final = "API v1 and v3, pages and clients as of 2024; answers to frequent questions, undated"

_SINCE: Final = Line(Support.INEXACT, Evidence.INFERRED, "facts.md, 4.2, list since: the moment itself may be left out")
_LATEST: Final = Line(
    Support.EXACT, Evidence.DOCUMENTED, "facts.md, 4.2, list since: one time, the latest that is asked"
)
_NO_AND: Final = Line(Support.UNSUPPORTED, Evidence.DOCUMENTED, "facts.md, 4.2: there is no list")

UNSUBSCRIBES: Final = EntityCapability(
    fields={
        "id": FieldCapability("id", mergeable=False),
        "email": FieldCapability("email"),
        "subscriber_ref": FieldCapability("client_user_id"),
        "project_id": FieldCapability("project_id", digits=True),
        "cause": FieldCapability("source_id"),
        "occurred_at": FieldCapability("created_at", dict.fromkeys((Op.EQ, Op.GT, Op.GTE), _SINCE)),
        "sendios.source_number": FieldCapability("source_id", whole=True),
    },
    conjunction=_LATEST,
    backwards=False,
    stable_pages=False,
    max_page=LARGEST_PAGE,
    never_told=frozenset({"subscriber_id"}),
    reason=(
        "Sendios lists opt-outs since a time: filter by `occurredAt` with `gte`, or all of them are read from the "
        "first. Its pages shift when people opt out or in meanwhile."
    ),
)


_PERSON_HOLDS: Final = frozenset({"id", "ref", "email", "gender", "country", "unsubscribed_at", "memberships"})
_PERSON_LACKS: Final = frozenset(FIELDS[Entity.SUBSCRIBER].keys() - _PERSON_HOLDS - {"custom_fields"})
"""Source: facts.md, 4.3 and 4.4: a user's fields; a name in one piece and an age stand in the vendor's own part."""


def _refuse(reason: str, never_told: frozenset[str] = frozenset()) -> EntityCapability:
    return EntityCapability(
        fields={}, conjunction=_NO_AND, listable=False, backwards=False, never_told=never_told, reason=reason
    )


TABLES: Final = {
    Entity.SUBSCRIBER: _refuse(
        "Sendios has no list of users: look people up by their id or e-mail address, or list the opt-outs.",
        _PERSON_LACKS,
    ),
    Entity.UNSUBSCRIBE: UNSUBSCRIBES,
    Entity.MESSAGE: _refuse("Sendios tells mails with the person they went to: select `sendios { sentMails }` there."),
}
"""The tables before a source's own page size."""


def build_capability(settings: SendiosSettings, findings: Findings = NOTHING_FOUND) -> Capability:  # noqa: ARG001 - none
    """Build the table of one source: its page size is the operator's."""
    tables = {**TABLES, Entity.UNSUBSCRIBE: replace(UNSUBSCRIBES, max_page=settings.max_page)}
    return Capability(VENDOR, DOCUMENT, tables)
