"""Campaigns: made, changed and removed."""

from datetime import datetime
from typing import Any, Final

import strawberry

from adapters.records import Entity
from graph.mutations.field import given
from graph.mutations.noun import describe_noun
from graph.types.campaign import Campaign
from graph.types.description import described


@described(strawberry.input)
class CampaignFieldsInput:
    """What is to be known of a campaign. What is left out stays as it is; null empties a field."""

    ref: str | None = given("Your own key for the campaign.")
    name: str | None = given("The campaign's name, as the vendor's own pages show it.")
    starts_at: datetime | None = given("When it starts, for reporting.")
    success_event_ref: str | None = given("The reference of the type of event that counts as its success.")
    status: str | None = given("The vendor's word for the campaign's state.")
    data: str | None = given("Taguchi's free text of your own about the campaign.")


CAMPAIGNS: Final = describe_noun(
    "Campaign", "a campaign", field="campaign", type_=Campaign, entity=Entity.CAMPAIGN, fields=CampaignFieldsInput
)
CreateCampaignPayload: Any = CAMPAIGNS.create_payload
UpdateCampaignPayload: Any = CAMPAIGNS.update_payload
DeleteCampaignPayload: Any = CAMPAIGNS.delete_payload
