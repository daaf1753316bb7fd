"""
What only Taguchi V4 says of a record: the fields behind `taguchi { … }`.

Descriptions are read by marketers. Every `data` counts as personal: it is free text an account may keep people in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.contract import Extension
from adapters.records import Entity
from adapters.records.making import made_quickly

WORD: Final = "taguchi"


def _about(description: str, **marks: bool) -> Mapping[str, Any]:
    return {"description": description, **marks}


_ORGANIZATION: Final = _about("The Taguchi organization that owns the record.", id=True)


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class TaguchiSubscriber:
    """
    A subscriber's own fields at Taguchi.

    Source: taguchi-v4-api.txt, Subscriber Resource, Common Fields; the social fields: vendors/facts.md, 1.5.
    """

    notifications: str | None = field(
        default=None, metadata=_about("Free text for message personalisation, such as notification choices.", pii=True)
    )
    extra: str | None = field(default=None, metadata=_about("Free text for message personalisation.", pii=True))
    data: str | None = field(
        default=None,
        metadata=_about("An XML document of your own about this person; messages cannot use it.", pii=True),
    )
    organization_id: str | None = field(default=None, metadata=_ORGANIZATION)
    user_class_id: str | None = field(
        default=None, metadata=_about("The level of access of a person who is also a user of Taguchi.", id=True)
    )
    import_id: str | None = field(default=None, metadata=_about("The import that added this person.", id=True))
    cluster_id: str | None = field(
        default=None, metadata=_about("The cluster this person is most strongly identified with.", id=True)
    )
    social_rating: int | None = field(
        default=None, metadata=_about("Taguchi's rating of this person's reach in social media.")
    )
    social_profile: str | None = field(
        default=None, metadata=_about("What Taguchi knows of this person's social media profiles.", pii=True)
    )


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class TaguchiList:
    """
    A list's own fields at Taguchi.

    Source: taguchi-v4-api.txt, List Resource, Common Fields; `type`: vendors/facts.md, 1.5.
    """

    data: str | None = field(default=None, metadata=_about("Free text of your own about the list.", pii=True))
    organization_id: str | None = field(default=None, metadata=_ORGANIZATION)
    type: str | None = field(
        default=None,
        metadata=_about("What a utility list is for: proof, approval or notification; empty for a public list."),
    )


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class TaguchiCampaign:
    """
    A campaign's own fields at Taguchi.

    Source: taguchi-v4-api.txt, Campaign Resource, Common Fields.
    """

    data: str | None = field(default=None, metadata=_about("Free text of your own about the campaign.", pii=True))
    organization_id: str | None = field(default=None, metadata=_ORGANIZATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaguchiActivity:
    """
    An activity's own fields at Taguchi.

    Source: taguchi-v4-api.txt, Activity Resource, Common Fields.
    """

    target_lists: str | None = field(
        default=None,
        metadata=_about("The lists the activity goes to, as Taguchi keeps them: their ids as JSON."),
    )
    target_views: str | None = field(
        default=None, metadata=_about("The views that narrow them, as Taguchi keeps them: their ids as JSON.")
    )
    data: str | None = field(default=None, metadata=_about("Free text of your own about the activity.", pii=True))
    organization_id: str | None = field(default=None, metadata=_ORGANIZATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaguchiTemplate:
    """
    A template's own fields at Taguchi.

    Source: taguchi-v4-api.txt, Template Resource, Common Fields.
    """

    data: str | None = field(default=None, metadata=_about("Free text of your own about the template.", pii=True))
    organization_id: str | None = field(default=None, metadata=_ORGANIZATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaguchiImport:
    """
    An import's own fields at Taguchi. The manifest cannot be filtered by: comparing would tell the passwords it hides.

    Source: taguchi-v4-api.txt, Import Resource, Common Fields.
    """

    manifest: str | None = field(
        default=None,
        metadata=_about("The manifest as Taguchi keeps it, an XML text; credentials in it are left out.", filter=False),
    )
    params: str | None = field(default=None, metadata=_about("Free text of your own about the import.", pii=True))
    organization_id: str | None = field(default=None, metadata=_ORGANIZATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaguchiView:
    """
    A view's own fields at Taguchi.

    Source: taguchi-v4-api.txt, View Resource, Common Fields.
    """

    organization_id: str | None = field(default=None, metadata=_ORGANIZATION)


EXTENSIONS: Final[Mapping[Entity, Extension]] = {
    Entity.SUBSCRIBER: Extension(WORD, TaguchiSubscriber, "What only Taguchi knows of this person."),
    Entity.LIST: Extension(WORD, TaguchiList, "What only Taguchi knows of this list."),
    Entity.CAMPAIGN: Extension(WORD, TaguchiCampaign, "What only Taguchi knows of this campaign."),
    Entity.ACTIVITY: Extension(WORD, TaguchiActivity, "What only Taguchi knows of this activity."),
    Entity.TEMPLATE: Extension(WORD, TaguchiTemplate, "What only Taguchi knows of this template."),
    Entity.IMPORT: Extension(WORD, TaguchiImport, "What only Taguchi knows of this import."),
    Entity.VIEW: Extension(WORD, TaguchiView, "What only Taguchi knows of this view."),
}
