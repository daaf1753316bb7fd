"""
Lists, their custom fields and their webhooks.

Source: vendors/facts.md, 3.3; what a row of custom fields or webhooks holds beyond what is asked when one is made is
our reading.
"""

from collections.abc import Sequence
from typing import Any

from adapters.sandbox import Reply

from .contacts import print_time, read_page
from .envelope import Printer, Refusal, Row, bad_request, not_found
from .parameters import Parameters, read_choice, read_text, require_text
from .store import CustomField, MailList, Store

FIELD_TYPES = (
    *("text128", "text256", "text1024", "integer", "float", "enum", "boolean", "date", "time", "datetime"),
    *("TEXT", "Paragraph text"),
)
"""Those of the table, and two that examples and clients send."""

WEBHOOK_TYPES = ("subscription", "unsubscription")
MOST_WEBHOOKS = 5


def show_lists(store: Store, parameters: Parameters, printer: Printer) -> Reply:
    """Answer a page of the lists."""
    order = read_choice(parameters, "order_by", ("list_name", "create_date"), "create_date")
    falls = read_choice(parameters, "order_type", ("asc", "desc"), "desc") == "desc"

    def key(each: MailList) -> tuple[Any, ...]:
        return (each.name.lower() if order == "list_name" else each.created_at, each.id)

    rows = [_show_list(each) for each in read_page(parameters, sorted(store.lists.values(), key=key, reverse=falls))]
    count = len(store.lists)

    def around(kept: Sequence[Row]) -> Row:
        return {"list_count": count, "lists": list(kept)}

    return printer.rows(rows, around)


def _show_list(mail_list: MailList) -> Row:
    return {
        "list_id": mail_list.id,
        "list_name": mail_list.name,
        "sync_status": "F",
        "optin_content": "T",
        "all_subscribers": len(mail_list.contacts),
        "created_date": print_time(mail_list.created_at),
    }


def create_list(store: Store, parameters: Parameters) -> Row:
    """Make a list; `create_mode` is what a public client sends."""
    if not (read_text(parameters, "create_mode") or read_text(parameters, "list_name")):
        raise bad_request()
    return {"list_id": store.add_list(read_text(parameters, "list_name") or "New list").id}


def show_fields(mail_list: MailList) -> list[Row]:
    """Show a list's custom fields."""
    return [
        {
            "custom_field_id": each.id,
            "field_name": each.name,
            "field_key": each.key,
            "field_type": each.type,
            "field_value": each.value,
            "validation_method": "Disabled",
        }
        for each in mail_list.fields
    ]


def create_field(store: Store, mail_list: MailList, parameters: Parameters) -> Row:
    """Add a custom field; its key must be new to the list."""
    name, key = require_text(parameters, "field_name"), require_text(parameters, "field_key")
    type_ = read_choice({"type": require_text(parameters, "field_type")}, "type", FIELD_TYPES, "")
    if any(each.key == key for each in mail_list.fields):
        raise Refusal(409, "Duplicate custom field key in list.")
    made: CustomField = store.add_field(mail_list, name, key, type_, read_text(parameters, "field_value"))
    return {"custom_field_id": made.id}


def create_webhook(store: Store, mail_list: MailList, parameters: Parameters) -> Row:
    """Add a webhook to a list; 403 when it has too many."""
    type_ = read_choice({"type": require_text(parameters, "webhooks_type")}, "type", WEBHOOK_TYPES, "")
    url = require_text(parameters, "webhooks_url")
    if len(mail_list.webhooks) >= MOST_WEBHOOKS:
        raise Refusal(403, "Trigger endpoint url is over limit.")
    hook = {"webhooks_id": store.number(), "webhooks_type": type_, "webhooks_url": url, "webhooks_status": "T"}
    mail_list.webhooks.append(hook)
    return {"webhooks_id": hook["webhooks_id"], "webhooks_status": hook["webhooks_status"]}


def find_list(store: Store, list_id: str) -> MailList:
    """Find a list by the id in a path; 404 where there is none."""
    mail_list = store.lists.get(int(list_id)) if list_id.isascii() and list_id.isdigit() else None
    if mail_list is None:
        raise not_found("The list not found.")
    return mail_list
