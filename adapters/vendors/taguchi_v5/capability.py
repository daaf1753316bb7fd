"""
What a Taguchi V5 endpoint can do: it lists nothing, and looks up what its page and its OpenAPI file let it.

Source: taguchi-v5-integration.txt, Configuration; vendors/facts.md, 2.2.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from adapters.evidence import NOTHING_FOUND, Findings
from adapters.filters.capability import Capability, EntityCapability, Evidence, FieldCapability, Line, Support
from adapters.records import Entity

from .settings import TaguchiV5Settings
from .wire import API_VERSION

VENDOR: Final = "taguchi_v5"

_NO_LISTS: Final = Line(Support.UNSUPPORTED, Evidence.DOCUMENTED, "Details: an endpoint takes items and lists nothing")

_SUBSCRIBER: Final[Mapping[str, str]] = {
    "id": "id",
    "ref": "ref",
    "email": "email",
    "title": "title",
    "first_name": "firstname",
    "last_name": "lastname",
    "phone": "phone",
    "birth_date": "dob",
    "gender": "gender",
    "address": "address",
    "address2": "address2",
    "address3": "address3",
    "suburb": "suburb",
    "state": "state",
    "country": "country",
    "postcode": "postcode",
    "unsubscribed_at": "unsubscribedTimestamp",
    "bounced_at": "invalidTimestamp",
    "campaign_id": "campaignId",
    "import_id": "importId",
}
_PARTITION: Final[Mapping[str, str]] = {"id": "id", "ref": "ref", "name": "name"}


_NEVER_TOLD: Final = frozenset({"mobile", "audiences"})
"""A profile has one telephone number. Source: vendors/facts.md, 2.3; taguchi-v5-integration.txt names no audiences."""


def _build_table(wires: Mapping[str, str], never_told: frozenset[str] = frozenset()) -> EntityCapability:
    """Build the table of a kind of record: how Taguchi names its fields, none of which narrows a list."""
    fields = {name: FieldCapability(wire) for name, wire in wires.items()}
    return EntityCapability(fields, _NO_LISTS, listable=False, backwards=False, max_page=1, never_told=never_told)


TABLES: Final[Mapping[Entity, EntityCapability]] = {
    Entity.SUBSCRIBER: _build_table(_SUBSCRIBER, _NEVER_TOLD),
    Entity.PARTITION: _build_table(_PARTITION),
}

_SWITCHES: Final[Mapping[Entity, tuple[str, str]]] = {
    Entity.SUBSCRIBER: ("allow_retrieval", "Allow subscriber profile retrieval"),
    Entity.PARTITION: ("allow_partition_retrieval", "Allow partition retrieval"),
}


def build_capability(settings: TaguchiV5Settings, findings: Findings = NOTHING_FOUND) -> Capability:
    """Build the table for one source; why its records cannot be listed, or not even looked up, is said for each."""
    del findings  # the endpoint is never checked: what it offers stands in its file
    entities = {entity: replace(table, reason=explain_reading(settings, entity)) for entity, table in TABLES.items()}
    return Capability(VENDOR, API_VERSION, entities)


def list_identities(settings: TaguchiV5Settings, entity: Entity) -> tuple[str, ...]:
    """Return what records of a kind are looked up by: what the page says, and Taguchi's own id where it is taken."""
    configured = settings.identify_by if entity is Entity.SUBSCRIBER else settings.identify_partitions_by
    return tuple(dict.fromkeys(filter(None, (configured, "id"))))


def explain_reading(settings: TaguchiV5Settings, entity: Entity) -> str:
    """Say why records of a kind are not listed, and how one of them is found or what is missing for that."""
    if entity not in _SWITCHES:
        return f"A Taguchi V5 endpoint tells no {entity.plural}; add the account as a taguchi_v4 source."
    operation = settings.reads.get(entity)
    if operation is not None:
        known = " or ".join(name for name in list_identities(settings, entity) if operation.takes(name))
        return f"A Taguchi V5 endpoint tells {entity.plural} one by one, looked up by {known}."
    switch, option = _SWITCHES[entity]
    if not getattr(settings, switch):
        return (
            f"This Taguchi V5 endpoint does not tell {entity.plural}: '{option}' is off. Where it is on at Taguchi, "
            f"its operator sets {switch} = true."
        )
    return (
        f"How a Taguchi V5 endpoint tells {entity.plural} stands in its own OpenAPI file only: its operator downloads "
        'the "Production OpenAPI Spec File" from the integration\'s page and adds openapi = { file = "…" }.'
    )
