"""Making, changing, opting out and erasing one person at every source at once."""

from typing import Annotated, Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import ConsentInput, build_payload, given, write_input
from graph.mutations.reading import read_people_args
from graph.mutations.subscriber import SubscriberFieldsInput
from graph.types.description import described
from graph.types.relation import GraphInfo, plain
from graph.types.subscriber import Subscriber
from graph.types.write_operation import WriteItemCount
from resolvers.relations import declare_people_write
from resolvers.writes.people_parts import ERASE, UNSUBSCRIBE, UPSERT

EMAIL: Final = "The person's e-mail address; whoever has it is meant, and whoever has the number or the key."
PHONE: Final = "The person's telephone number, best with its country code."
REF: Final = "Your own key for the person."
SOURCES: Final = "Only these sources; all that you can see where it is left out."
PARTS: Final = "What became of it at each source; one that holds the person several times has several parts."
COUNTS: Final = "How many parts have each outcome."


@write_input
class UpsertPersonInput:
    """A person to be made at each source, or changed where the source knows the person."""

    email: str | None = given(EMAIL)
    phone: str | None = given(PHONE)
    ref: str | None = given(REF)
    sources: list[strawberry.ID] | None = given(SOURCES)
    fields: SubscriberFieldsInput = strawberry.field(
        description="What is to be known; who must be made is also given the address, the number and the key."
    )
    consent: ConsentInput | None = given("Needed where the person would rejoin a list.")


@write_input
class UnsubscribePersonInput:
    """A person who wants no more mail, from nobody."""

    email: str | None = given(EMAIL)
    phone: str | None = given(PHONE)
    ref: str | None = given(REF)
    sources: list[strawberry.ID] | None = given(SOURCES)


@write_input
class ErasePersonInput:
    """A person whom every source and our own ledger are to forget. It cannot be undone."""

    email: str | None = given(EMAIL)
    phone: str | None = given(PHONE)
    ref: str | None = given(REF)
    sources: list[strawberry.ID] | None = given(SOURCES)


PersonWritePart: Any = build_payload(
    "PersonWritePart",
    "What became of a write about a person at one source.",
    field="subscriber",
    type_=Subscriber,
    entity=Entity.SUBSCRIBER,
    more={"mutation": (str, plain("The mutation that the source was asked for, as `unsubscribe`."))},
)


@described(strawberry.type)
class UpsertPersonPayload:
    """What became of making or changing a person everywhere. There is no word for the whole."""

    parts: list[PersonWritePart] = plain(PARTS)
    counts: list[WriteItemCount] = plain(COUNTS)


@described(strawberry.type)
class UnsubscribePersonPayload:
    """What became of opting a person out everywhere. There is no word for the whole."""

    parts: list[PersonWritePart] = plain(PARTS)
    counts: list[WriteItemCount] = plain(COUNTS)


@described(strawberry.type)
class ErasePersonPayload:
    """What became of erasing a person everywhere. There is no word for the whole."""

    parts: list[PersonWritePart] = plain(PARTS)
    counts: list[WriteItemCount] = plain(COUNTS)
    forgotten: int | None = plain(
        "How many rows of our own ledger, and of what vendors told us, were emptied; nothing for a dry run.",
        name="forgottenCount",
    )


def _mutation(name: str, description: str, input_type: Any) -> Any:
    declare_people_write(name)
    input_hint = Annotated[input_type, strawberry.argument(description="Who, where and how.")]

    def resolve(info: GraphInfo, input: input_hint) -> Any:  # noqa: A002 - the argument's name
        return info.load("Mutation", name, None, read_people_args(name, input))

    return strawberry.field(resolver=resolve, description=description, name=name)


upsert_person: Final = _mutation(
    UPSERT, "Make a person at every source, or change the one that is known there.", UpsertPersonInput
)
unsubscribe_person: Final = _mutation(
    UNSUBSCRIBE, "Opt a person out of all mail at every source that knows the person.", UnsubscribePersonInput
)
erase_person: Final = _mutation(
    ERASE,
    "Have every source forget a person, as well as it can, and our own ledger too, but for the erasure itself.",
    ErasePersonInput,
)
