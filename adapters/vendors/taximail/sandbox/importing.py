"""
Imports: a first step that takes the rows and gives out a key and a token, a second that puts them into the list.

Source: taximail-contacts.txt, Importing and Results for imported contact; vendors/facts.md, 3.2.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from .contacts import NAMES
from .envelope import Refusal, Row, bad_request, not_found
from .parameters import Parameters, read_choice, read_flag, read_list, read_text, require_text
from .store import MailList, Store

ROWS_APART = "|:|"
MODES = ("copyandpaste", "fromfile")
TERMINATORS = {"comma": ",", "semicolon": ";", "tap": "\t", ",": ",", ";": ";", "\t": "\t"}
ENCLOSERS = {"empty value": "", "single quote": "'", "double quote": '"', "'": "'", '"': '"'}
IGNORED = "0"
USED_UP = "This token has been used or invalid."

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows that wait for their second step."""

    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str | None, ...]
    updates: bool


def begin_import(store: Store, mail_list: MailList, parameters: Parameters) -> Row:
    """Take the rows and give out what the second step names; nothing is in the list yet."""
    mode = read_choice({"mode": require_text(parameters, "mode_import")}, "mode", MODES, "")
    if mode == "fromfile":
        path = PurePosixPath(require_text(parameters, "path_file"))
        raise not_found("Missing contact file.") if path.suffix == ".csv" else bad_request("Invalid File.")
    rows = _split_rows(parameters)
    columns = _read_columns(mail_list, parameters)
    read_choice(parameters, "add_to_suppression_list", ("global", "none"), "none")
    read_flag(parameters, "not_send_optin_email", default=True)
    waiting = Waiting(rows, columns, read_flag(parameters, "update_duplicates", default=True))
    key, token = store.make_token("import"), store.make_token("import token")
    store.imports[mail_list.id, key, token] = waiting
    return {"token": token, "key_import": key}


def _split_rows(parameters: Parameters) -> tuple[tuple[str, ...], ...]:
    """Split the text; an empty row, as the one behind the last sign, is none."""
    text = require_text(parameters, "subscribers_data")
    terminator = TERMINATORS[read_choice(parameters, "field_terminator", TERMINATORS, "comma")]
    encloser = ENCLOSERS[read_choice(parameters, "field_encloser", ENCLOSERS, "empty value")]
    rows = [row for row in text.split(ROWS_APART) if row.strip()]
    if not rows:
        raise bad_request("Can't read file contact or no contact in file.")
    return tuple(tuple(each.strip().strip(encloser or None) for each in row.split(terminator)) for row in rows)


def _read_columns(mail_list: MailList, parameters: Parameters) -> tuple[str | None, ...]:
    """Turn the matched fields into columns; each may be named once. Source: Importing, matched_fields, 503."""
    known = {"email": "email", **{key: key for key, _ in NAMES}}
    for each in mail_list.fields:
        known |= {str(each.id): each.column, each.key: each.column, each.column: each.column}
    names = read_list(parameters, "matched_fields")
    if "email" not in names:
        raise bad_request("Missing email field.")
    columns = [None if name == IGNORED else known.get(name) for name in names]
    named = [column for column in columns if column is not None]
    if len(named) != len(set(named)):
        raise Refusal(503, "Field duplicate.")
    return tuple(columns)


def commit_import(store: Store, mail_list: MailList, key: str, token: str) -> Row:
    """Put the rows into the list and count; the token is used up."""
    waiting = store.imports.pop((mail_list.id, key, token), None)
    if waiting is None:
        raise not_found(USED_UP)
    results = [_take_row(store, mail_list, waiting, row) for row in waiting.rows]
    counts = {word: results.count(word) for word in ("success", "duplicate", "failed")}
    return {"subscribers_count": len(results), **counts}


def _take_row(store: Store, mail_list: MailList, waiting: Waiting, row: tuple[str, ...]) -> str:
    """Put one row in; values beyond the matched fields are left out, as real clients send them."""
    values = {column: value for column, value in zip(waiting.columns, row, strict=False) if column is not None}
    email = values.pop("email", "")
    if not _ADDRESS.fullmatch(email):
        return "failed"
    contact = mail_list.find(email)
    if contact is None:
        mail_list.add(email, store.now, **values)
        return "success"
    if waiting.updates:
        contact.values |= values
    return "duplicate"


def select_contacts(store: Store, mail_list: MailList, parameters: Parameters) -> Row:
    """Give out a token for some contacts. Source: Selecting."""
    ids = read_list({"ids": read_text(parameters, "subscribers_id")}, "ids")
    if not ids or not all(each.isascii() and each.isdigit() for each in ids):
        raise bad_request()
    token = store.make_token("selection")
    store.selections[mail_list.id, token] = tuple(int(each) for each in ids)
    return {"token": token}


def delete_selected(store: Store, mail_list: MailList, token: str) -> None:
    """Delete the contacts a token stands for; it is used up. Source: Deleting."""
    selected = store.selections.pop((mail_list.id, token), None)
    if selected is None:
        raise not_found(USED_UP)
    for contact_id in selected:
        mail_list.contacts.pop(contact_id, None)
