"""A person over all sources."""

from typing import Annotated, Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from graph.types.connection import SourceCompleteness
from graph.types.connection_field import UNSET, build_args
from graph.types.description import described
from graph.types.enums import MatchReason, SubscriptionState
from graph.types.node import SOURCE_ID
from graph.types.relation import GraphInfo, local, plain
from graph.types.subscriber import Subscriber
from resolvers.person import PersonArgs

Email = Annotated[
    str | None,
    strawberry.argument(
        description="An e-mail address; surrounding space and the case of letters do not count, plus-tags and dots do."
    ),
]
Phone = Annotated[
    str | None,
    strawberry.argument(
        description="A telephone number, best with its country code; each source's region completes a local one."
    ),
]
Ref = Annotated[str | None, strawberry.argument(description="Your own key for the person.")]


def _read_field(conflict: Any) -> str:
    return to_camel_case(conflict.field)


@described(strawberry.type)
class PersonProfile:
    """What one source keeps of a person."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    subscriber: Subscriber = plain("The person's record there.")
    reasons: list[MatchReason] = plain("What says that the record is the person's.", name="matchedBy")
    subscription: SubscriptionState = plain("Whether this source may send to the person.")


@described(strawberry.type)
class PersonConflictValue:
    """One of the values in which profiles disagree."""

    source: strawberry.ID = plain("The source that holds it.", name="sourceId")
    value: str = plain("The value, as the source writes it.")


@described(strawberry.type)
class PersonConflict:
    """A field in which a person's profiles disagree; space and the case of letters are no difference."""

    field: str = local(_read_field, "The field, named as on `Subscriber`.")
    values: list[PersonConflictValue] = plain("Every value there is.")


@described(strawberry.type)
class PersonSubscription:
    """Whether one source may send to a person, over all records it keeps of them."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    subscription: SubscriptionState = plain("The most careful word of the source's records.")


@described(strawberry.type)
class MarketingPerson:
    """One person over all the sources you can see. Nothing is merged: each value stays with its source."""

    profiles: list[PersonProfile] = plain(
        "The person's records, side by side; one source may hold several. There are none where nobody knows "
        "the person: `completeness` says who was asked."
    )
    conflicts: list[PersonConflict] = plain("Where the records disagree.")
    subscription: SubscriptionState = plain(
        "The most careful word of all sources: an opt-out anywhere counts, then a bounce."
    )
    subscriptions: list[PersonSubscription] = plain("Whether each source may send to the person.")
    completeness: list[SourceCompleteness] = plain("What each source gave, also where that is nothing.")


def resolve_person(info: GraphInfo, email: Email = UNSET, phone: Phone = UNSET, ref: Ref = UNSET) -> Any:
    """Look for a person everywhere."""
    return info.load("Query", "person", None, build_args(PersonArgs, email=email, phone=phone, ref=ref))
