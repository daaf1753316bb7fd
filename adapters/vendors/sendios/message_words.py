"""
By which words a sent mail is known when Sendios tells of it: its reply names none, so they are made of what both sides
know. They are digests, since they are kept and shown.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from adapters.identity import to_email_key

Word = tuple[str, str]


def word_meta(project_id: object, meta: Mapping[str, Any]) -> Word:
    """Return the word for the caller's own object, which comes back with events."""
    return "meta", _digest(project_id, orjson.dumps(meta, option=orjson.OPT_SORT_KEYS).decode())


def word_user(project_id: object, type_id: object, user_id: object) -> Word:
    """Return the word for a mail of a type to a user."""
    return "user", _digest(project_id, type_id, user_id)


def word_reader(project_id: object, type_id: object, email: str) -> Word:
    """Return the word for a mail of a type to an address, whatever the case of its letters."""
    return "reader", _digest(project_id, type_id, to_email_key(email))


def word_mail(mail_id: object) -> Word:
    """Return the word for one mail by the vendor's own id, which is told once it is sent."""
    return "mail", _digest(mail_id)


def _digest(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode(errors="backslashreplace")).hexdigest()[:32]
