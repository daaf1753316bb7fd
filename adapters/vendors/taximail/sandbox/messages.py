"""
Single messages: transactional e-mail, text messages, one-time passwords.

Source: vendors/facts.md, 3.3. What the reply to a message's status holds is our reading.
"""

import re

from .contacts import print_time
from .envelope import Refusal, Row, bad_request, not_found
from .parameters import Parameters, read_text, require_text
from .store import Message, Store

SENT, DEFAULT_GROUP = "Sent", "Default"

_MSISDN = re.compile(r"\+?\d{8,15}")


def show_groups(store: Store) -> Row:
    """Show the groups that messages belong to."""
    groups = [
        {"transactional_group_id": number, "transactional_group_name": name} for name, number in store.groups.items()
    ]
    return {"transaction_group": groups}


def send_email(store: Store, parameters: Parameters) -> Row:
    """Take an e-mail, with contents of its own or a template's."""
    for name in ("transactional_group_name", "to_email", "from_email"):
        require_text(parameters, name)
    require_text(parameters, "content_html", "template_key")
    if "@" not in read_text(parameters, "to_email"):
        raise bad_request()
    message = _record(store, parameters, "email", read_text(parameters, "to_email"))
    message.subject = read_text(parameters, "subject") or None
    return {"message_id": message.id}


def send_sms(store: Store, parameters: Parameters) -> Row:
    """Take a text message."""
    require_text(parameters, "from")
    require_text(parameters, "text", "template_key")
    return {"message_id": _record(store, parameters, "sms", _read_number(parameters)).id}


def send_otp(store: Store, parameters: Parameters) -> Row:
    """Make a one-time password and send it."""
    require_text(parameters, "sms_template_key")
    message = _record(store, parameters, "otp", _read_number(parameters))
    message.code = f"{store.number() * 7919 % 1_000_000:06}"
    return {"message_id": message.id, "otp_ref_no": message.id[:4].upper()}


def verify_otp(store: Store, message_id: str, parameters: Parameters) -> None:
    """Compare a one-time password, which is good once."""
    message = _find(store, message_id)
    if message.code is None or read_text(parameters, "otp_code") != message.code:
        raise Refusal(400, "OTP code is invalid.")
    message.code = None


def show_message(store: Store, message_id: str) -> Row:
    """Show what became of a message."""
    message = _find(store, message_id)
    return {
        "message_id": message.id,
        "transactional_group_name": message.group,
        "channel": message.channel,
        "to": message.to,
        "subject": message.subject,
        "status": message.status,
        "created_date": print_time(message.created_at),
        "sent_date": print_time(message.sent_at),
    }


def _read_number(parameters: Parameters) -> str:
    number = require_text(parameters, "to")
    if not _MSISDN.fullmatch(number):
        raise bad_request()
    return number


def _record(store: Store, parameters: Parameters, channel: str, to: str) -> Message:
    """Keep a message under the caller's own id or a new one; an id in use is refused."""
    message_id = read_text(parameters, "message_id") or store.make_token("message")
    if message_id in store.messages:
        raise Refusal(409, "Duplicate message_id.")
    group = read_text(parameters, "transactional_group_name") or DEFAULT_GROUP
    store.groups.setdefault(group, 217 + 713 * len(store.groups))
    store.messages[message_id] = Message(message_id, channel, group, to, SENT, store.now, store.now)
    return store.messages[message_id]


def _find(store: Store, message_id: str) -> Message:
    if message_id not in store.messages:
        raise not_found("The message not found.")
    return store.messages[message_id]
