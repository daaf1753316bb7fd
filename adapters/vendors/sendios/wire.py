"""
Sendios' JSON as it has been documented and recorded, read-only.

Source: vendors/facts.md, 4.1 to 4.4. Rows hold more keys than documented, any key may be missing or null, an empty
object comes as an empty array, and numbers may come as text.
"""

from typing import Any, TypedDict

Row = dict[str, Any]
"""A decoded row before anything about it is known except that it is a JSON object."""


class WireEnvelopeMeta(TypedDict):
    """`_meta` of every reply: `status` is SUCCESS or ERROR."""

    status: str
    time: int
    count: int


class WireProfile(TypedDict, total=False):
    """`meta.profile` of user info; `ak` logs its holder in on the company's site."""

    age: int
    ak: str | None
    photo: str | None
    partner_id: int | None


class WireOptOut(TypedDict, total=False):
    """What `unsub/isunsub` says in `result` of who has opted out, and user info in `unsubscribe`."""

    project_id: int
    user_id: int
    source_id: int | None
    meta: dict[str, Any] | list[Any]
    created_at: str
    updated_at: str


class WireTypeOptOut(TypedDict, total=False):
    """A row of `unsubtypes/{userId}`."""

    type_id: int
    unsubscribed: bool
    name: str


class WireSentMail(TypedDict, total=False):
    """An entry of `sent_mails`; ids exceed 32 bits."""

    id: int
    category_id: int
    type_id: int
    subject_id: int
    template_id: int
    split_group: int
    source_id: int | None
    server_id: int
    created_at: str
    mail_group_id: int
    pre_header_id: int | None
    category_sig: str
    server_name: str
    server_ip: str
    source_name: str
    type_sig: str


class WireUser(TypedDict, total=False):
    """A person as user info prints them; user fields print `*_id` for country and language, and times as numbers."""

    id: int
    project_id: int
    project_title: str
    email: str
    name: str | int | None
    gender: str | None
    country: str | None
    language: str | None
    err_response: int
    confirm: int
    last_online: str | int | None
    last_reaction: str | int | None
    last_mailed: str | int | None
    last_request: str | None
    activation: str | None
    meta: dict[str, Any] | list[Any]
    clicks: int
    sends: int
    created_at: str
    sent_mails: list[WireSentMail]
    unsubscribe: WireOptOut | list[Any]
    unsubscribe_types: list[WireTypeOptOut]
    unsub_promo: dict[str, Any] | list[Any]
    webpush: dict[str, Any] | list[Any]
    last_payment: dict[str, Any] | list[Any]
    channel_id: int | None
    subchannel_id: int | None
    custom_fields: dict[str, Any] | list[Any]
    vip: int


class WireListedOptOut(TypedDict):
    """A row of `unsub/list`."""

    email: str
    project_id: int
    client_user_id: str | int | None
    source_id: int
    created_at: str


class WireOptOutPage(TypedDict):
    """A page of `unsub/list/{unixTime}/{page}`, alone or as the only entry of a list."""

    pages: int
    current_page: int
    size: int
    data: list[WireListedOptOut]


class WireEmailCheck(TypedDict, total=False):
    """The reply of `email/check`; `reason` is there for an invalid address only."""

    reason: str
    orig: str
    valid: bool
    email: str
    vendor: str
    domain: str
    trusted: bool
