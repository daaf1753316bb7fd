"""
Imports: a first step that takes the rows and gives out a key and a token, a second that puts them into the list.

Source: taximail-contacts.txt, Importing and Results for imported contact; vendors/facts.md, 3.2.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from .contacts import NAMES
from .envelope import Refusal, Row, bad_request, not_found
from .parameters import Parameters, read_choice, read_flag, read_list, read_text, require_text
from .store import SUBSCRIBED, MailList, Store

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
    mails: bool = False
    suppresses: bool = False


def begin_import(store: Store, mail_list: MailList, parameters: Parameters) -> Row:
    """Take the rows and give out what the second step names; nothing is in the list yet."""
    mode = read_choice({"mode": require_text(parameters, "mode_import")}, "mode", MODES, "")
    rows = _split_rows(_read_file(store, parameters) if mode == "fromfile" else _read_text(parameters), parameters)
    waiting = Waiting(
        rows,
        _read_columns(mail_list, parameters),
        updates=read_flag(parameters, "update_duplicates", default=True),
        mails=not read_flag(parameters, "not_send_optin_email", default=True),
        suppresses=read_choice(parameters, "add_to_suppression_list", ("global", "none"), "none") == "global",
    )
    key, token = store.make_token("import"), store.make_token("import token")
    store.imports[mail_list.id, key, token] = waiting
    return {"token": token, "key_import": key}


def _read_file(store: Store, parameters: Parameters) -> list[str]:
    """Read the rows of a file, a line each."""
    path = PurePosixPath(require_text(parameters, "path_file"))
    if path.suffix != ".csv":
        raise bad_request("Invalid File.")
    if str(path) not in store.files:
        raise not_found("Missing contact file.")
    return store.files[str(path)].splitlines()


def _read_text(parameters: Parameters) -> list[str]:
    return require_text(parameters, "subscribers_data").split(ROWS_APART)


def _split_rows(lines: list[str], parameters: Parameters) -> tuple[tuple[str, ...], ...]:
    """Split rows; an empty one, as the one behind the last sign, is none. An encloser holds a value together."""
    terminator = TERMINATORS[read_choice(parameters, "field_terminator", TERMINATORS, "comma")]
    encloser = ENCLOSERS[read_choice(parameters, "field_encloser", ENCLOSERS, "empty value")]
    rows = [row for row in lines if row.strip()]
    if not rows:
        raise bad_request("Can't read file contact or no contact in file.")
    if not encloser:
        return tuple(tuple(each.strip() for each in row.split(terminator)) for row in rows)
    return tuple(map(tuple, csv.reader(rows, delimiter=terminator, quotechar=encloser, doublequote=False)))


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


def commit_import(store: Store, mail_list: MailList, key: str, token: str, *, rejoins: bool = False) -> Row:
    """Put the rows into the list and count; the token is used up. `rejoins` lets who had left be subscribed again."""
    waiting = store.imports.pop((mail_list.id, key, token), None)
    if waiting is None:
        raise not_found(USED_UP)
    results = [_take_row(store, mail_list, waiting, row, rejoins=rejoins) for row in waiting.rows]
    counts = {word: results.count(word) for word in ("success", "duplicate", "failed")}
    return {"subscribers_count": len(results), **counts}


def _take_row(store: Store, mail_list: MailList, waiting: Waiting, row: tuple[str, ...], *, rejoins: bool) -> str:
    """Put one row in; values beyond the matched fields are left out, as real clients send them."""
    values = {column: value for column, value in zip(waiting.columns, row, strict=False) if column is not None}
    email = values.pop("email", "")
    if not _ADDRESS.fullmatch(email):
        return "failed"
    contact = mail_list.find(email)
    if waiting.mails:
        store.asked.append(email)
    if waiting.suppresses:
        store.suppressed.append(email)
    if contact is None:
        mail_list.add(email, store.now, **values)
        return "success"
    if waiting.updates:
        contact.values |= values
        contact.status = SUBSCRIBED if rejoins else contact.status
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
