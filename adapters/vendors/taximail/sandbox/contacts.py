"""
Contacts: pages of a list, one contact, its update, and its leaving.

Source: taximail-contacts.txt, Showing, Contact's detail, Updating, Unsubscribing.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from adapters.sandbox import Reply

from .envelope import Printer, Row, bad_request, not_found
from .options import SandboxOptions
from .parameters import Parameters, read_choice, read_number, read_text, require_text
from .store import SUBSCRIBED, UNSUBSCRIBED, Contact, MailList

NAMES = (("firstname", "Firstname"), ("lastname", "Lastname"))
FIRST_COLUMNS = ("subscriber_id", "firstname", "lastname", "email")
LAST_COLUMNS = ("subscription_status", "bounce_type", "subscription_date")
DEFAULT_LIMIT, MAX_LIMIT = 25, 100
NO_CONTACT = "The contact not found."

_WORD = re.compile(r"\w+")


def print_time(moment: datetime | None) -> str | None:
    """Print a local time as the vendor does."""
    return None if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")


def read_page(parameters: Parameters, rows: Sequence[Any]) -> Sequence[Any]:
    """Cut the page out that `page` and `limit` ask for; a limit above the largest is the largest."""
    limit = min(read_number(parameters, "limit", DEFAULT_LIMIT), MAX_LIMIT)
    start = (read_number(parameters, "page", 1) - 1) * limit
    return rows[start : start + limit]


def show_contacts(mail_list: MailList, parameters: Parameters, options: SandboxOptions, printer: Printer) -> Reply:
    """Answer a page of a list with both counts."""
    shown = _display(mail_list.contacts.values(), parameters)
    found = _search(_browse(mail_list, shown, parameters), parameters, options)
    page = read_page(parameters, _sort(found, parameters))[: options.most_rows]
    counts = {"subscriber_filter_count": len(found), "subscriber_count": len(mail_list.contacts)}

    def around(rows: Sequence[Row]) -> Row:
        data = {"list_subscriber": list(rows), "field_subscriber": _show_fields(mail_list)}
        return data if options.countless else {**data, **counts}

    return printer.rows([_show_row(mail_list, contact) for contact in page], around)


def _display(contacts: Iterable[Contact], parameters: Parameters) -> list[Contact]:
    """`display_mode` is required; that `default` leaves out who has left is our reading."""
    mode = read_choice({"mode": require_text(parameters, "display_mode")}, "mode", ("default", "all"), "all")
    return [each for each in contacts if mode == "all" or each.status == SUBSCRIBED]


def _browse(mail_list: MailList, contacts: list[Contact], parameters: Parameters) -> list[Contact]:
    browse = read_text(parameters, "browse") or "all"
    if browse == "all":
        return contacts
    segment = mail_list.segments.get(int(browse)) if browse.isascii() and browse.isdigit() else None
    if segment is None:
        raise not_found("The segment not found.")
    return [each for each in contacts if segment.rule(each)]


def _search(contacts: list[Contact], parameters: Parameters, options: SandboxOptions) -> list[Contact]:
    keyword = read_text(parameters, "keyword_search").strip()
    if not keyword:
        return contacts
    if options.keyword == "exact_case":
        return [each for each in contacts if keyword in each.email]
    if options.keyword == "words":
        return [each for each in contacts if _split_words(keyword) <= _split_words(*_columns(each))]
    columns = {"email": lambda each: (each.email,), "columns": _columns}[options.keyword]
    return [each for each in contacts if any(keyword.lower() in text.lower() for text in columns(each))]


def _columns(contact: Contact) -> tuple[str, ...]:
    return (contact.email, *contact.values.values())


def _split_words(*texts: str) -> set[str]:
    return {word for text in texts for word in _WORD.findall(text.lower())}


def _sort(contacts: list[Contact], parameters: Parameters) -> list[Contact]:
    order = read_choice(parameters, "order_by", ("email", "date"), "date")
    falls = read_choice(parameters, "order_type", ("asc", "desc"), "desc") == "desc"
    if order == "email":
        return sorted(contacts, key=lambda each: (each.email.lower(), each.id), reverse=falls)
    return sorted(contacts, key=lambda each: (each.subscribed_at, each.id), reverse=falls)


def _show_row(mail_list: MailList, contact: Contact) -> Row:
    fixed = {"subscriber_id": contact.id, "email": contact.email, **_show_state(contact)}
    row = {name: fixed.get(name, contact.values.get(name, "")) for name in (*FIRST_COLUMNS, *LAST_COLUMNS)}
    return row | {each.column: contact.values.get(each.column, "") for each in mail_list.fields}


def _show_state(contact: Contact) -> Row:
    return {
        "subscription_status": contact.status,
        "bounce_type": contact.bounce,
        "subscription_date": print_time(contact.subscribed_at),
    }


def _show_fields(mail_list: MailList) -> list[Row]:
    fixed = [{"field_name": name, "field_key": name} for name in (*FIRST_COLUMNS, *LAST_COLUMNS)]
    return fixed + [{"field_name": each.name, "field_key": each.column} for each in mail_list.fields]


def find_contact(mail_list: MailList, contact_id: str) -> Contact:
    """Find a contact by the id in a path; 404 where there is none."""
    contact = mail_list.contacts.get(int(contact_id)) if contact_id.isascii() and contact_id.isdigit() else None
    if contact is None:
        raise not_found(NO_CONTACT)
    return contact


def show_contact(mail_list: MailList, contact: Contact) -> Row:
    """Show one contact, without its id and with the types of its fields."""
    shown = [_show_field(key, name, "", "text", contact.values.get(key, "")) for key, name in NAMES]
    shown += [
        _show_field(each.id, each.name, each.value, each.type, contact.values.get(each.column, ""))
        for each in mail_list.fields
    ]
    return {"email": contact.email, "custom_field": shown, **_show_state(contact)}


def _show_field(field_id: int | str, name: str, value: str, type_: str, data: str) -> Row:
    """The example prints a text field's type without its length."""
    return {
        "custom_field_id": field_id,
        "custom_field_name": name,
        "custom_field_value": value,
        "type": "text" if type_.startswith("text") else type_,
        "data": data,
    }


def update_contact(mail_list: MailList, contact: Contact, parameters: Parameters) -> None:
    """Change custom fields, each named by the word CustomField and its id; one the list has not is refused."""
    changes = parameters.get("custom_field")
    if not isinstance(changes, dict) or not changes:
        raise bad_request()
    columns = {f"CustomField{each.id}": each.column for each in mail_list.fields}
    columns |= {f"CustomField{key}": key for key, _ in NAMES}
    if not set(changes) <= set(columns):
        raise bad_request()
    contact.values |= {columns[name]: str(value) for name, value in changes.items()}


def unsubscribe_contact(mail_list: MailList, parameters: Parameters) -> None:
    """Let a contact leave the list; it stays there with another status."""
    contact = mail_list.find(require_text(parameters, "email"))
    if contact is None:
        raise not_found(NO_CONTACT)
    contact.status = UNSUBSCRIBED
