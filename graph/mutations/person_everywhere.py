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

EMAIL: Final = "The person's e-mail address: whoever has it is meant, in capital or small letters."
PHONE: Final = (
    "The person's telephone number, best with its country code. A family may share one: with an address or a key it "
    "finds nobody who is known by another."
)
REF: Final = "Your own key for the person: whoever has it is meant."
SOURCES: Final = "Only these sources; all that you can see where it is left out."
PARTS: Final = "What became of it at each source; one that holds the person several times has several parts."
COUNTS: Final = "How many parts have each outcome."


@write_input
class UpsertPersonInput:
    """
    A person to be made at each source, or changed where the source knows the person.

    Give one name or several. At each source whoever has the address, the key or the number is meant; the number finds
    nobody who is known by another address or key than the one you give with it. Where several people are meant, or
    several records of a source that keeps one a person, nobody is changed or made there: its part says `AMBIGUOUS`, and
    you name each by `id`.
    """

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
    """
    A person who wants no more mail, from nobody.

    Give one name or several. At each source whoever has the address, the key or the number is meant; the number finds
    nobody who is known by another address or key than the one you give with it. All who are meant are opted out, also
    several people: by the number alone everybody who has it.
    """

    email: str | None = given(EMAIL)
    phone: str | None = given(PHONE)
    ref: str | None = given(REF)
    sources: list[strawberry.ID] | None = given(SOURCES)


@write_input
class ErasePersonInput:
    """
    A person whom every source and our own ledger are to forget. It cannot be undone.

    Give one name or several. At each source whoever has the address, the key or the number is meant; the number finds
    nobody who is known by another address or key than the one you give with it. All records under one address are one
    person's. Where several people are meant nobody is erased there: its part says `AMBIGUOUS`; name each by `id`.

    Our ledger forgets by the same rule what was written about the person and what vendors told. What names only the
    number is forgotten only where the number is all you give, since it may be about somebody who shares it.
    """

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
