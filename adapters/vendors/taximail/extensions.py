"""
What only Taximail says of a record: the fields behind `taximail { … }`.

Descriptions are read by marketers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from adapters.contract import Extension
from adapters.records import Entity

WORD: Final = "taximail"

FIELDS_PART: Final = "fields"
COUNT_PART: Final = "subscriber_count"


def _about(description: str, **marks: bool) -> Mapping[str, Any]:
    return {"description": description, **marks}


_REST: Final = "Everything else Taximail says of {}, as JSON; its public pages do not name what that is."


@dataclass(frozen=True, slots=True, kw_only=True)
class TaximailContact:
    """A contact's own fields at Taximail. Source: taximail-contacts.txt, Showing and Contact's detail."""

    list_id: str = field(metadata=_about("The list this contact is in; at Taximail a contact lives in one.", id=True))
    contact_id: str = field(metadata=_about("The contact's number inside its list.", id=True))
    subscription_status: str | None = field(
        default=None, metadata=_about("Whether the contact gets mail, in Taximail's words, such as Subscribed.")
    )
    bounce_type: str | None = field(
        default=None, metadata=_about("Whether mail came back, in Taximail's words, such as Not Bounced.")
    )
    subscribed_at: datetime | None = field(
        default=None, metadata=_about("When the contact joined the list; contacts of one list can be ordered by it.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaximailField:
    """A custom field of a list. Source: vendors/facts.md, 3.3."""

    key: str = field(metadata=_about("What the field is called among a contact's custom fields."))
    id: str | None = field(default=None, metadata=_about("The field's number.", id=True))
    label: str | None = field(default=None, metadata=_about("The name people gave the field."))
    merge_key: str | None = field(
        default=None, metadata=_about("The short name imports and contents call the field by.")
    )
    type: str | None = field(default=None, metadata=_about("Taximail's word for what the field holds."))
    choices: str | None = field(default=None, metadata=_about("The values to choose from, where the field has such."))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaximailList:
    """A list's own fields at Taximail. Source: vendors/facts.md, 3.3."""

    all_subscribers: int | None = field(
        default=None, metadata=_about("How many contacts the list has, as the page of lists counts them.")
    )
    sync_status: bool | None = field(default=None, metadata=_about("Whether the list is kept in step with another."))
    optin_content: bool | None = field(
        default=None, metadata=_about("Whether people who join are asked to confirm by e-mail.")
    )
    subscriber_count: int | None = field(
        default=None,
        metadata=_about(
            "How many contacts the list has, as the list itself counts them; asking costs a call for each list.",
            part=True,
            filter=False,
        ),
    )
    fields: tuple[TaximailField, ...] | None = field(
        default=None,
        metadata=_about("The custom fields of the list; asking costs a call for each list.", part=True, filter=False),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaximailSegment:
    """A segment's own fields at Taximail. Source: taximail-contacts.txt, Showing, browse."""

    list_id: str = field(metadata=_about("The list the segment is a part of.", id=True))
    segment_id: str = field(metadata=_about("The segment's number inside its list.", id=True))
    list_size: int | None = field(default=None, metadata=_about("How many contacts the whole list has."))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaximailCampaign:
    """A campaign's own fields at Taximail. Source: vendors/facts.md, 3.3."""

    created_at: datetime | None = field(
        default=None, metadata=_about("When the campaign was made; campaigns of one status can be ordered by it.")
    )
    sent_at: datetime | None = field(
        default=None, metadata=_about("When sending was done; campaigns of one status can be ordered by it.")
    )
    details: str | None = field(default=None, metadata=_about(_REST.format("the campaign"), pii=True, filter=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaximailMessage:
    """A message's own fields at Taximail. Source: vendors/facts.md, 3.3."""

    details: str | None = field(default=None, metadata=_about(_REST.format("the message"), pii=True, filter=False))


EXTENSIONS: Final[Mapping[Entity, Extension]] = {
    Entity.SUBSCRIBER: Extension(WORD, TaximailContact, "What only Taximail knows of this contact."),
    Entity.LIST: Extension(WORD, TaximailList, "What only Taximail knows of this list."),
    Entity.AUDIENCE: Extension(WORD, TaximailSegment, "What only Taximail knows of this segment."),
    Entity.CAMPAIGN: Extension(WORD, TaximailCampaign, "What only Taximail knows of this campaign."),
    Entity.MESSAGE: Extension(WORD, TaximailMessage, "What only Taximail knows of this message."),
}
