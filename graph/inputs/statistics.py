"""What statistics are narrowed by."""

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry
from strawberry.types.arguments import InputContext
from strawberry.types.base import get_object_definition

from adapters.records import StatisticsSubject
from graph.types.description import described
from resolvers.statistics_args import Ids


def _ids(of: str) -> Any:
    return strawberry.field(description=f"The vendor's ids of {of}, at most 500.", default=strawberry.UNSET)


@described(strawberry.input, one_of=True)
class CampaignStatisticsBy:
    """What statistics are narrowed to: exactly one of these. With none in it, nothing is asked for."""

    campaign_ids: list[strawberry.ID] | None = _ids("campaigns")
    activity_ids: list[strawberry.ID] | None = _ids("activities")
    revision_ids: list[strawberry.ID] | None = _ids("revisions of activities")
    configuration_ids: list[strawberry.ID] | None = _ids("configurations of revisions")


def _to_ids(_cls: type, value: Mapping[str, Sequence[str]], _context: InputContext) -> Ids:
    ((name, ids),) = value.items()
    return StatisticsSubject(name.removesuffix("_ids").removesuffix("Ids")), tuple(ids)


get_object_definition(CampaignStatisticsBy, strict=True).from_input = _to_ids
