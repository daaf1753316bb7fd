"""
The words of the schema that can take only certain values.

Types import them from here, so that they are described before they are used.
"""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import strawberry

from adapters.contract import MatchReason
from adapters.filters.capability import Evidence, Support
from adapters.filters.tree import Op
from adapters.records import (
    AudienceKind,
    CustomFieldType,
    Entity,
    EventKind,
    MembershipState,
    RevisionChoice,
    SubscriptionState,
)
from resolvers.list import MemberState
from resolvers.pages import CompletenessState
from resolvers.revisions import TemplateRevisionChoice

__all__ = [
    "AudienceKind",
    "CompletenessState",
    "CustomFieldType",
    "Entity",
    "EventKind",
    "Evidence",
    "MatchReason",
    "MemberState",
    "MembershipState",
    "Op",
    "RevisionChoice",
    "SubscriptionState",
    "Support",
    "TemplateRevisionChoice",
    "describe_enum",
]

E = TypeVar("E", bound=type[Enum])


def describe_enum(cls: E, name: str, description: str, values: Mapping[str, str]) -> E:
    """Make an enumeration of ours a GraphQL one; each of its values must be described."""
    described = strawberry.enum(cls, name=name, description=description)
    for value in described.__strawberry_definition__.values:  # type: ignore[attr-defined] # set by strawberry.enum
        value.description = values[value.name]
    return described


describe_enum(
    MembershipState,
    "MembershipState",
    "Whether a person is on a list now.",
    {
        "ACTIVE": "On the list now.",
        "LEFT": "Was on the list and has left it.",
    },
)
describe_enum(
    MemberState,
    "MemberState",
    "Which memberships are meant.",
    {
        "ACTIVE": "People who are on the list now.",
        "LEFT": "People who have left the list.",
        "ANY": "Everyone who is or ever was on the list.",
    },
)
describe_enum(
    RevisionChoice,
    "RevisionChoice",
    "Which saved revisions of an activity are meant.",
    {
        "DEPLOYED": "The latest one that is deployed.",
        "APPROVED": "The latest one that is approved.",
        "LATEST": "The latest one, approved or not.",
        "HISTORY": "Every one.",
    },
)
describe_enum(
    TemplateRevisionChoice,
    "TemplateRevisionChoice",
    "Which saved revisions of a template are meant.",
    {
        "LATEST": "The latest one.",
        "HISTORY": "Every one.",
    },
)
describe_enum(
    CompletenessState,
    "CompletenessState",
    "How much of what was asked one source gave to a page.",
    {
        "OK": "Everything the page needed.",
        "PARTIAL": "Some rows are missing: the source failed after others, or they cannot be read; `errors` says how.",
        "TRUNCATED": "Checking rows cost more than one page may: go on from `pageInfo.endCursor`.",
        "FAILED": "The source failed before any row; `errors` says how.",
        "UNSUPPORTED": "The source cannot answer this question at all; `reason` says why.",
    },
)
describe_enum(
    Entity,
    "RecordType",
    "The kinds of record a source may hold.",
    {
        "SUBSCRIBER": "People a source can reach.",
        "LIST": "Lists people can be on.",
        "CAMPAIGN": "Campaigns.",
        "ACTIVITY": "Mailings, text messages and pages.",
        "TEMPLATE": "Layouts of mailings, text messages and pages.",
        "IMPORT": "Imports of people.",
        "VIEW": "Conditions that narrow whom an activity reaches.",
        "EVENT_TYPE": "Types of events that people cause.",
        "FEED_EVENT": "Single events, below the records they concern.",
        "AUDIENCE": "Groups of people that a vendor keeps, works out or only describes.",
        "PARTITION": "Parts an account is divided into.",
        "MESSAGE": "Single messages to single people.",
        "UNSUBSCRIBE": "Opt-outs, as a vendor lists them by time.",
    },
)
describe_enum(
    EventKind,
    "EventKind",
    "Whether an event has happened or is planned.",
    {
        "LOGGED": "It has happened.",
        "SCHEDULED": "It is planned to happen, once or again and again.",
    },
)
describe_enum(
    Support,
    "CapabilitySupport",
    "How far a vendor's own answer can be trusted for one operator on one field.",
    {
        "EXACT": "The vendor returns exactly the records that match.",
        "INEXACT": "The vendor returns every match and perhaps more; the records are checked here again.",
        "UNSUPPORTED": "The vendor cannot narrow by this; the records are checked here, which costs more calls.",
    },
)
describe_enum(
    Evidence,
    "CapabilityEvidence",
    "How it is known what a vendor can do.",
    {
        "DOCUMENTED": "The vendor's document says so.",
        "OBSERVED": "Real clients were seen doing it.",
        "INFERRED": "It follows from the document, which does not say it.",
    },
)
describe_enum(
    Op,
    "FilterOperator",
    "What a comparison asks of a value. `neq` and `notIn` are the complements of EQ and IN.",
    {
        "EQ": "Is exactly this.",
        "PRESENT": "Has a value.",
        "DIFFERS": "Has a value, and it is not this: how a vendor's own `not equal` behaves.",
        "IN": "Is one of these.",
        "IS_NULL": "Has no value.",
        "LT": "Is less or earlier.",
        "LTE": "Is less, earlier or the same.",
        "GT": "Is more or later.",
        "GTE": "Is more, later or the same.",
        "CONTAINS": "Contains a text.",
        "STARTS_WITH": "Begins with a text.",
        "ENDS_WITH": "Ends with a text.",
        "MATCHES": "Matches a pattern.",
    },
)
describe_enum(
    AudienceKind,
    "AudienceKind",
    "What a group of people is at its vendor.",
    {
        "AUDIENCE": "People who were put into it.",
        "VIEW": "A condition on people, kept as its text.",
        "SEGMENT": "A part of one list.",
    },
)
describe_enum(
    CustomFieldType,
    "CustomFieldType",
    "What a vendor says the values of a custom field are.",
    {
        "UNSTATED": "The vendor does not say; only the text is known.",
        "TEXT": "Texts.",
        "NUMBER": "Numbers.",
        "FLAG": "Yes or no.",
        "DATE": "Days.",
        "TIME": "Times of day.",
        "DATE_TIME": "Moments.",
        "CHOICE": "One of some words.",
        "LIST": "Lists of values.",
        "OBJECT": "Values with parts.",
    },
)
describe_enum(
    SubscriptionState,
    "SubscriptionState",
    "Whether a person may be written to.",
    {
        "SUBSCRIBED": "Nothing speaks against it.",
        "UNSUBSCRIBED": "The person has opted out.",
        "BOUNCED": "The address proved invalid.",
        "UNKNOWN": "The source knows nothing of opting out.",
    },
)
describe_enum(
    MatchReason,
    "MatchReason",
    "By what a record was found to be a person's.",
    {
        "EMAIL": "The same e-mail address; surrounding space and the case of letters do not count.",
        "PHONE": "The same telephone number in international form; the source's region completes a local one.",
        "REF": "The same key of your own.",
    },
)
