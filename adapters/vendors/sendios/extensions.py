"""
What only Sendios says of a record: the fields behind `sendios { … }`.

Descriptions are read by marketers. Source: vendors/facts.md, 4.2 to 4.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from adapters.contract import Extension
from adapters.records import Entity

WORD: Final = "sendios"

UNSUBSCRIBE_STATE: Final = "unsubscribe_state"
UNSUBSCRIBE_REASON: Final = "unsubscribe_reason"
TYPE_OPT_OUTS: Final = "type_opt_outs"
STORED_FIELDS: Final = "stored_fields"


def _about(description: str, **marks: bool) -> Mapping[str, Any]:
    return {"description": description, **marks}


def _told(description: str, **marks: bool) -> Mapping[str, Any]:
    """People are looked up and never listed, so nothing about them can be filtered by."""
    return _about(description, filter=False, **marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendiosOptOut:
    """Whether a person wants no mail at all, and since when."""

    unsubscribed: bool = field(metadata=_about("Whether the person has unsubscribed from all mail but system mail."))
    project_id: str | None = field(
        default=None, metadata=_about("The project the person has unsubscribed from.", id=True)
    )
    source_number: int | None = field(
        default=None,
        metadata=_about("Where the wish came from, as a number: 2 abuse report, 4 link, 8 client, 9 settings."),
    )
    cause: str | None = field(
        default=None, metadata=_about("Where the wish came from, as a word; empty for numbers nobody explains.")
    )
    message: str | None = field(default=None, metadata=_about("What Sendios noted about the wish.", pii=True))
    created_at: datetime | None = field(default=None, metadata=_about("When the person unsubscribed."))
    updated_at: datetime | None = field(default=None, metadata=_about("When this was last changed."))


@dataclass(frozen=True, slots=True, kw_only=True)
class SendiosTypeOptOut:
    """One type of mail, and whether a person wants it."""

    type_id: str = field(metadata=_about("The type of mail.", id=True))
    name: str | None = field(default=None, metadata=_about("What the type of mail is called."))
    unsubscribed: bool | None = field(
        default=None, metadata=_about("Whether the person has unsubscribed from this type.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SendiosSentMail:
    """One mail that went to a person."""

    id: str = field(metadata=_about("Sendios' id of the mail.", id=True))
    created_at: datetime | None = field(default=None, metadata=_about("When the mail was made."))
    category_id: str | None = field(default=None, metadata=_about("The mail's category: 1 system, 2 trigger.", id=True))
    category: str | None = field(default=None, metadata=_about("The mail's category as a word."))
    type_id: str | None = field(default=None, metadata=_about("The type of the mail.", id=True))
    type: str | None = field(default=None, metadata=_about("The type of the mail as a word."))
    subject_id: str | None = field(default=None, metadata=_about("The subject line that was used.", id=True))
    template_id: str | None = field(default=None, metadata=_about("The template that was used.", id=True))
    pre_header_id: str | None = field(default=None, metadata=_about("The preview text that was used.", id=True))
    split_group: int | None = field(default=None, metadata=_about("The group of a split test the mail belonged to."))
    mail_group_id: str | None = field(default=None, metadata=_about("The group of mails it belonged to.", id=True))
    source_id: str | None = field(default=None, metadata=_about("What had the mail sent.", id=True))
    source: str | None = field(default=None, metadata=_about("What had the mail sent, as a word."))
    server_id: str | None = field(default=None, metadata=_about("The server that sent the mail.", id=True))
    server_name: str | None = field(default=None, metadata=_about("The name of the server that sent the mail."))
    server_ip: str | None = field(default=None, metadata=_about("The address of the server that sent the mail."))


@dataclass(frozen=True, slots=True, kw_only=True)
class SendiosStoredField:
    """One custom field as Sendios keeps it."""

    key: str = field(metadata=_about("The field's name."))
    value: str | None = field(
        default=None, metadata=_about("The field's value as text; lists and objects as JSON.", pii=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SendiosStoredFields:
    """What Sendios stores about a person beyond what user info shows."""

    list_id: str | None = field(default=None, metadata=_about("The group the person was put into.", id=True))
    client_user_id: str | None = field(default=None, metadata=_about("Your own key for this person.", id=True))
    platform_number: int | None = field(default=None, metadata=_about("The kind of device, as a number."))
    platform: str | None = field(
        default=None,
        metadata=_about("The kind of device, as a word; empty until the source says which table its numbers follow."),
    )
    language_id: str | None = field(default=None, metadata=_about("The code of the person's language.", id=True))
    country_id: str | None = field(
        default=None, metadata=_about("The code of the person's country.", id=True, pii=True)
    )
    city_id: str | None = field(
        default=None, metadata=_about("Sendios' number for the person's city.", id=True, pii=True)
    )
    vendor_id: str | None = field(default=None, metadata=_about("Sendios' number for the mailbox's provider.", id=True))
    valid_id: str | None = field(
        default=None, metadata=_about("Sendios' number for what it found out about the address.", id=True)
    )
    registered_at: datetime | None = field(default=None, metadata=_about("When the person was registered."))
    updated_at: datetime | None = field(default=None, metadata=_about("When anything of this last changed."))
    custom_fields: tuple[SendiosStoredField, ...] = field(
        default=(), metadata=_about("The custom fields of this person.")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SendiosSubscriber:
    """A person's own fields at Sendios."""

    project_id: str | None = field(
        default=None,
        metadata=_told("The project the person belongs to; in another project they are another person.", id=True),
    )
    project_title: str | None = field(default=None, metadata=_told("The project's name."))
    name: str | None = field(
        default=None, metadata=_told("The person's name in one piece: Sendios does not tell first and last.", pii=True)
    )
    language: str | None = field(default=None, metadata=_told("The code of the person's language."))
    age: int | None = field(default=None, metadata=_told("The person's age; 0 where it is not known.", pii=True))
    photo: str | None = field(default=None, metadata=_told("Where the person's photo is.", pii=True))
    ak: str | None = field(
        default=None,
        repr=False,
        metadata=_told(
            "The key that logs this person in on your product from a mail. Whoever holds it can act as them.",
            pii=True,
        ),
    )
    partner_id: str | None = field(default=None, metadata=_told("The partner who brought this person.", id=True))
    vip: bool | None = field(default=None, metadata=_told("Whether you have marked this person as important."))
    channel_id: str | None = field(default=None, metadata=_told("The channel this person came by.", id=True))
    subchannel_id: str | None = field(
        default=None, metadata=_told("The part of the channel this person came by.", id=True)
    )
    platform_number: int | None = field(default=None, metadata=_told("The kind of device, as a number."))
    platform: str | None = field(
        default=None,
        metadata=_told("The kind of device, as a word; empty until the source says which table its numbers follow."),
    )
    confirmed: int | None = field(
        default=None, metadata=_told("Whether the address is confirmed: 1 if so; other numbers are not explained.")
    )
    error_response: int | None = field(
        default=None, metadata=_told("What mailboxes answered to mails, as Sendios counts it; 0 is no trouble.")
    )
    activation: str | None = field(default=None, metadata=_told("How far the person's activation got."))
    created_at: datetime | None = field(default=None, metadata=_told("When Sendios first met this person."))
    last_online_at: datetime | None = field(
        default=None, metadata=_told("When the person was last seen on your product.")
    )
    last_reaction_at: datetime | None = field(default=None, metadata=_told("When the person last reacted to a mail."))
    last_mailed_at: datetime | None = field(default=None, metadata=_told("When the last mail went to this person."))
    last_request_at: datetime | None = field(
        default=None, metadata=_told("When Sendios last asked you for a mail to this person.")
    )
    clicks: int | None = field(default=None, metadata=_told("How many clicks in mails were counted."))
    sends: int | None = field(default=None, metadata=_told("How many mails went to this person."))
    sent_mails: tuple[SendiosSentMail, ...] = field(
        default=(), metadata=_told("The mails of about the last three months, as Sendios orders them.")
    )
    unsubscribe: SendiosOptOut | None = field(
        default=None, metadata=_told("Whether the person has unsubscribed, and how that came, as user info tells it.")
    )
    unsubscribe_types: tuple[SendiosTypeOptOut, ...] = field(
        default=(), metadata=_told("The types of mail this person has unsubscribed from.")
    )
    promotion_opt_out: str | None = field(
        default=None, metadata=_told("What Sendios keeps of an opt-out from promotions, as JSON.", pii=True)
    )
    webpush: str | None = field(
        default=None,
        repr=False,
        metadata=_told("What is needed to reach the person's browser, as JSON.", pii=True),
    )
    last_payment: str | None = field(
        default=None, metadata=_told("The last payment that was reported, as JSON.", pii=True)
    )
    unsubscribe_state: SendiosOptOut | None = field(
        default=None,
        metadata=_told("Whether the person has unsubscribed, asked of Sendios for each person.", part=True),
    )
    unsubscribe_reason: str | None = field(
        default=None,
        metadata=_told(
            "Why the person has unsubscribed, in Sendios' word (settings_all_types, fbl, admin, client, header, "
            "invalid, settings_oneclick, page, mx_invalid, distance_bounce, Unknown …); empty for who has not. "
            "Asked of Sendios for each person.",
            part=True,
        ),
    )
    type_opt_outs: tuple[SendiosTypeOptOut, ...] | None = field(
        default=None,
        metadata=_told(
            "Every type of mail of the project and whether the person wants it. Asked of Sendios for each person.",
            part=True,
        ),
    )
    stored_fields: SendiosStoredFields | None = field(
        default=None,
        metadata=_told(
            "What is stored about the person beyond the rest: group, device, language, custom fields. Asked of Sendios "
            "for each person.",
            part=True,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SendiosUnsubscribe:
    """An opt-out's own fields at Sendios."""

    project_name: str | None = field(
        default=None, metadata=_about("The project's name, where the source's settings tell it.", filter=False)
    )
    source_number: int | None = field(
        default=None,
        metadata=_about("Where the wish came from, as a number: 2 abuse report, 4 link, 8 client, 9 settings."),
    )


EXTENSIONS: Final[Mapping[Entity, Extension]] = {
    Entity.SUBSCRIBER: Extension(WORD, SendiosSubscriber, "What only Sendios knows of this person."),
    Entity.UNSUBSCRIBE: Extension(WORD, SendiosUnsubscribe, "What only Sendios knows of this opt-out."),
}
