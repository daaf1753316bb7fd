"""
Taximail's JSON as documented, read-only.

Source: taximail-contacts.txt for contacts; vendors/facts.md, 3.3, for the rest, of which only the openings of the
vendor's pages are known. Numbers may come as text, an empty object as `[]`, and rows hold more keys than documented.
"""

from typing import Any, TypedDict

Row = dict[str, Any]
"""A decoded object before anything about it is known."""


class WireEnvelope(TypedDict, total=False):
    """What every answer stands in; `err_msg` beside an error, which some clients read as `message`."""

    status: str
    code: int | str
    err_msg: str
    data: Any


class WireContact(TypedDict, total=False):
    """A row of a list's contacts, with a column `custom_field_<id>` for each field. Source: Showing."""

    subscriber_id: int
    firstname: str
    lastname: str
    email: str
    subscription_status: str
    bounce_type: str
    subscription_date: str


class WireColumn(TypedDict):
    """An entry of `field_subscriber`: what a column of the rows is called. Source: Showing."""

    field_name: str
    field_key: str


class WireContactPage(TypedDict, total=False):
    """A page of contacts with both counts: of the search, and of the list. Source: Showing."""

    list_subscriber: list[WireContact]
    field_subscriber: list[WireColumn]
    subscriber_filter_count: int
    subscriber_count: int


class WireDetailField(TypedDict, total=False):
    """An entry of a contact's `custom_field`; names have their own word for an id. Source: Contact's detail."""

    custom_field_id: int | str
    custom_field_name: str
    custom_field_value: str
    type: str
    data: str


class WireDetail(TypedDict, total=False):
    """One contact, without its id. Source: Contact's detail."""

    email: str
    custom_field: list[WireDetailField]
    subscription_status: str
    bounce_type: str
    subscription_date: str


class WireList(TypedDict, total=False):
    """A row of the lists; flags are the letters T and F."""

    list_id: int
    list_name: str
    sync_status: str
    optin_content: str
    all_subscribers: int
    created_date: str


class WireField(TypedDict, total=False):
    """A custom field of a list; its row is our reading of what is asked when one is made."""

    custom_field_id: int
    field_name: str
    field_key: str
    field_type: str
    field_value: str
    validation_method: str


class WireCampaign(TypedDict, total=False):
    """A row of the campaigns; the columns are our reading of the orders that can be asked for."""

    campaign_id: int
    campaign_name: str
    create_date: str
    sent_success_date: str
