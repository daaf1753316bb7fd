"""Whom a mutation is about, where an id is not the only way to say it."""

import strawberry

from graph.mutations.field import SOURCE, given
from graph.types.description import described

PERSON = "The person's id in this graph; or say `byEmail`."
BY_KEY = "Taguchi V5, Talon.One: the person by what the source knows people by, instead of `id`."
BY_EMAIL = "The person by e-mail address instead of `id`, at a vendor that can be told so."


@described(strawberry.input)
class PersonByEmailInput:
    """A person by e-mail address."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    email: str = strawberry.field(description="The person's e-mail address.")
    project_id: strawberry.ID | None = given(
        "Sendios: the project in which the person is meant; needed where the source has several."
    )
    list_id: strawberry.ID | None = given("Taximail: the list on which the person is meant.")


@described(strawberry.input)
class PersonByKeyInput:
    """A person by what a source knows people by. A Taguchi V5 endpoint names one of these; Talon.One knows `ref`."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    ref: str | None = given("Your own key for the person.")
    email: str | None = given("The e-mail address.")
    phone: str | None = given("The telephone number.")


@described(strawberry.input)
class PersonKeysInput:
    """One person of a source, by one or more things that tell who it is."""

    id: strawberry.ID | None = given("The person's id in this graph.")
    ref: str | None = given("Your own key for the person.")
    email: str | None = given("The e-mail address.")
    phone: str | None = given("The telephone number.")


@described(strawberry.input)
class RecipientInput:
    """One person a message goes to, by one thing that tells who it is."""

    id: strawberry.ID | None = given("The person's id in this graph.")
    email: str | None = given("The e-mail address.")
    phone: str | None = given("The telephone number.")
    ref: str | None = given("Your own key for the person.")
