"""
Messages to browsers: who takes them. None is sent anywhere.

Source: vendors/facts.md, 4.2; replies as the vendor's SDK reads them (`result`, `push_user_id`).
"""

import hashlib
from typing import Any

from adapters.sandbox import Reply

from .calls import Call
from .envelope import answer, bad_request, not_found
from .people import User


def create(call: Call) -> Reply:
    """`POST webpush/project/{projectId}`: a user's browser."""
    body = call.read_body()
    meta = body.get("meta")
    if not isinstance(meta, dict) or not meta.get("url"):
        raise bad_request("meta.url - This value should not be blank")
    user = call.find_user_in_body()
    push_id = call.store.new_push_id()
    user.webpush = {"id": push_id, "hash": _hash(str(meta["url"])), "unsubscribed": False, "meta": meta}
    return answer({"push_user_id": push_id})


def send(call: Call) -> Reply:
    """`POST webpush/send`: to a browser, or to all of a project."""
    body = call.read_body()
    call.require(body, "title", "text", "url", "type_id")
    if not body.get("push_user_id") and not body.get("project_id"):
        raise bad_request("push_user_id - This value should not be blank")
    return answer({"result": True})


def unsubscribe(call: Call) -> Reply:
    """`POST webpush/unsubscribe/{pushUserId}`."""
    return _switch(call, off=True)


def subscribe(call: Call) -> Reply:
    """`DELETE webpush/subscribe/{pushUserId}`."""
    return _switch(call, off=False)


def _switch(call: Call, *, off: bool) -> Reply:
    found = _find(call, "id", call.named["push"])
    found["unsubscribed"] = off
    return answer({"result": True})


def read_by_user(call: Call) -> Reply:
    """`GET webpush/user/get/{userId}`."""
    return answer({"result": call.find_user().webpush or False})


def read_by_hash(call: Call) -> Reply:
    """`GET webpush/project/get/{projectId}/hash/{hash}`."""
    return answer({"result": _find(call, "hash", call.named["hash"])})


def _find(call: Call, name: str, value: str) -> dict[str, Any]:
    for user in call.store.users:
        if _has(user, name, value):
            return user.webpush or {}
    raise not_found(f"push user {value}")


def _has(user: User, name: str, value: str) -> bool:
    return user.webpush is not None and str(user.webpush[name]) == value


def _hash(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:32]
