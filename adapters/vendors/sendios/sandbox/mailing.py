"""
Sending, and what is asked or told about addresses and mails.

Source: vendors/facts.md, 4.2 to 4.4; sendios-faq.txt, 6, 8 and 9.
"""

from collections.abc import Mapping
from typing import Any, Final

from adapters.sandbox import Reply

from .addresses import check, correct, is_address
from .calls import Call, to_number
from .envelope import answer, bad_request, not_found
from .people import SentMail
from .users import STORED, store_fields

SYSTEM: Final = 1
TRIGGER: Final = 2


def push_system(call: Call) -> Reply:
    """`POST push/system`."""
    return _push(call, SYSTEM)


def push_trigger(call: Call) -> Reply:
    """`POST push/trigger`: not to who has opted out."""
    return _push(call, TRIGGER)


def _push(call: Call, category_id: int) -> Reply:
    """
    Take a mail, and create its reader: no other call does.

    Three shapes are in use: the address at the top, in `data.user`, or in `user` (vendors/facts.md, 4.3).
    """
    body = call.read_body()
    call.require(body, "type_id", "project_id")
    person, address = _find_reader(body)
    kind = (to_number(body["type_id"], "type_id"), category_id)
    project_id = to_number(body["project_id"], "project_id")
    if project_id not in call.store.projects:
        raise bad_request("project_id - This project does not exist")
    email = correct(address)
    if is_address(email):
        _deliver(call, project_id, email, person, kind)
    return answer({"queued": True, "r_time": 1})


def _find_reader(body: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    data = body.get("data") or {}
    person = data.get("user") if isinstance(data, dict) and "user" in data else body.get("user")
    person = person if isinstance(person, dict) else {}
    address = body.get("email") or person.get("email")
    if "user" not in data and "user" not in body and not address:
        raise bad_request("data - This value should contain key `user`")
    if not isinstance(address, str) or not address:
        raise bad_request("data.user.email - This value should not be blank")
    return {name: value for name, value in person.items() if name in STORED}, address


def _deliver(call: Call, project_id: int, email: str, person: Mapping[str, Any], kind: tuple[int, int]) -> None:
    type_id, category_id = kind
    user = call.store.find_by_email(project_id, email)
    if user is None:
        user = call.store.add(project_id, email)
        user.unknown_reads = call.options.unknown_reads
    store_fields(user, person, call.store.now)
    if category_id == TRIGGER and (user.opt_out is not None or type_id in user.types_off):
        return
    sig = call.store.types.get(type_id, f"type_{type_id}")
    mail = SentMail(call.store.new_mail_id(), call.store.now, type_id, sig, category_id)
    user.mails.insert(0, mail)
    user.sends += 1
    user.last_mailed = mail.created_at


def check_email(call: Call) -> Reply:
    """`POST email/check`: `sanitize` is on unless it is switched off."""
    body = call.read_body()
    address = call.require(body, "email")
    return answer(check(str(address), sanitize=body.get("sanitize", True) not in (False, "0", "false")))


def check_and_send(call: Call) -> Reply:
    """`POST email/check/send`; the project is `project` or `project_id` (vendors/facts.md, 4.2)."""
    body = call.read_body()
    address = call.require(body, "email")
    call.require({"project": body.get("project") or body.get("project_id")}, "project")
    return answer(check(str(address), sanitize=True))


def decide_buying(call: Call) -> Reply:
    """`POST buying/email`: what comes back is not documented."""
    return answer({"result": is_address(str(call.require(call.read_body(), "email")))})


def track_click(call: Call) -> Reply:
    """`POST trackemail/click/{mailId}`."""
    return _click(call, call.named["mail"])


def track_client_click(call: Call) -> Reply:
    """`GET v3 track/mail/click/client?u&m&p&t&s&tp`."""
    for name in ("u", "m", "p"):
        if not call.read_parameter(name):
            raise bad_request(f"{name} - This value should not be blank")
    return _click(call, call.read_parameter("m") or "")


def _click(call: Call, mail_id: str) -> Reply:
    for user in call.store.users:
        for mail in user.mails:
            if str(mail.id) == mail_id:
                user.clicks += 0 if mail.clicked else 1
                mail.clicked = True
                return answer({"result": True})
    raise not_found(f"mail with id {mail_id}")
