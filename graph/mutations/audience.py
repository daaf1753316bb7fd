"""Making, naming and deleting audiences."""

from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import SOURCE, build_payload, given, mutation, write_input
from graph.types.audience import Audience

AUDIENCE: Final = "The audience's id in this graph; or say `source` and `ref`."
BY_SOURCE: Final = "The source to write to, where the audience is named by `ref`."
BY_REF: Final = "Your own key for the audience, instead of `id`."


@write_input
class CreateAudienceInput:
    """An audience to be made. Where there is one with its `ref`, the answer is CONFLICT."""

    source: strawberry.ID = strawberry.field(description=SOURCE)
    ref: str = strawberry.field(description="Your own key for it, by which it can be changed later.")
    name: str = strawberry.field(description="Its name, as people see it.")


@write_input
class UpdateAudienceInput:
    """An audience's new name."""

    id: strawberry.ID | None = given(AUDIENCE)
    source: strawberry.ID | None = given(BY_SOURCE)
    ref: str | None = given(BY_REF)
    name: str = strawberry.field(description="Its name from now on.")


@write_input
class DeleteAudienceInput:
    """An audience to be deleted. Everybody in it leaves it; a dry run says how many that are."""

    id: strawberry.ID | None = given(AUDIENCE)
    source: strawberry.ID | None = given(BY_SOURCE)
    ref: str | None = given(BY_REF)


def _payload(name: str, description: str) -> Any:
    return build_payload(name, description, field="audience", type_=Audience, entity=Entity.AUDIENCE)


CreateAudiencePayload: Any = _payload("CreateAudiencePayload", "What became of making an audience.")
UpdateAudiencePayload: Any = _payload("UpdateAudiencePayload", "What became of naming an audience anew.")
DeleteAudiencePayload: Any = build_payload("DeleteAudiencePayload", "What became of deleting an audience.")

create_audience: Final = mutation("createAudience", "Make an audience at Talon.One.", input_type=CreateAudienceInput)
update_audience: Final = mutation(
    "updateAudience", "Name an audience anew at Talon.One.", input_type=UpdateAudienceInput, entity=Entity.AUDIENCE
)
delete_audience: Final = mutation(
    "deleteAudience",
    "Delete an audience at Talon.One, and everybody's place in it.",
    input_type=DeleteAudienceInput,
    entity=Entity.AUDIENCE,
)
