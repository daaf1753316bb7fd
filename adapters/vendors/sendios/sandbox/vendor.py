"""
The vendor's side of a request: from method and path to a reply.

Addresses and base64 in paths are taken to the path's end, or to the suffix that follows: neither is URL-encoded by the
vendor's SDK, so they may hold slashes, plus and equals signs. Source: vendors/facts.md, 4.6.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from adapters.sandbox import ReceivedRequest, Reply

from . import mailing, opt_outs, users, webpush
from .calls import Call
from .credentials import Credentials
from .envelope import Refusal, not_found
from .options import SandboxOptions
from .store import Store

Handler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint."""

    method: str
    pattern: re.Pattern[str]
    handler: Handler


def _route(method: str, path: str, handler: Handler) -> Route:
    """`{user}` stands for one segment, `{email...}` for everything."""
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    pattern = re.sub(r"\{(\w+)\.\.\.\}", r"(?P<\1>.+)", pattern)
    return Route(method, re.compile(pattern, re.DOTALL), handler)


ROUTES: Final = (
    _route("GET", "/v1/user/id/{user}", users.read_by_id),
    _route("GET", "/v1/user/project/{project}/email/{email...}", users.read_by_email),
    _route("GET", "/v1/userfields/user/{user}", users.read_fields_by_id),
    _route("GET", "/v1/userfields/project/{project}/email/{email...}", users.read_fields_by_email),
    _route("PUT", "/v1/userfields/user/{user}", users.write_fields_by_id),
    _route("PUT", "/v1/userfields/project/{project}/emailhash/{hash...}", users.write_fields_by_email),
    _route("POST", "/v1/clientuser/create", users.link_client_user),
    _route("POST", "/v1/lastpayment", users.record_payment),
    _route("POST", "/v1/user/erase", users.erase),
    _route("PUT", "/v3/users/project/{project}/email/{hash...}/online", users.mark_online_by_email),
    _route("PUT", "/v3/users/project/{project}/email/{hash...}/confirm", users.confirm_by_email),
    _route("PUT", "/v3/users/{user}/online", users.mark_online_by_id),
    _route("GET", "/v1/unsub/isunsub/{user}", opt_outs.read_state),
    _route("GET", "/v1/unsub/unsubreason/{user}", opt_outs.read_reason),
    _route("GET", "/v1/unsub/list/{since}", opt_outs.read_list),
    _route("GET", "/v1/unsub/list/{since}/{page}", opt_outs.read_page),
    _route("POST", "/v1/unsub/admin/{project}/email/{hash...}", opt_outs.opt_out_by_admin),
    _route("POST", "/v1/unsub/{user}/source/{origin}", opt_outs.opt_out),
    _route("DELETE", "/v1/unsub/{user}", opt_outs.opt_in),
    _route("POST", "/v1/unsubtypes/nodiff/{user}", opt_outs.add_types),
    _route("DELETE", "/v1/unsubtypes/nodiff/{user}", opt_outs.remove_types),
    _route("DELETE", "/v1/unsubtypes/all/{user}", opt_outs.remove_all_types),
    _route("GET", "/v1/unsubtypes/{user}", opt_outs.read_types),
    _route("POST", "/v1/unsubtypes/{user}", opt_outs.set_types),
    _route("POST", "/v1/push/system", mailing.push_system),
    _route("POST", "/v1/push/trigger", mailing.push_trigger),
    _route("POST", "/v1/email/check", mailing.check_email),
    _route("POST", "/v1/email/check/send", mailing.check_and_send),
    _route("POST", "/v1/buying/email", mailing.decide_buying),
    _route("POST", "/v1/trackemail/click/{mail}", mailing.track_click),
    _route("GET", "/v3/track/mail/click/client", mailing.track_client_click),
    _route("POST", "/v1/webpush/send", webpush.send),
    _route("POST", "/v1/webpush/unsubscribe/{push}", webpush.unsubscribe),
    _route("DELETE", "/v1/webpush/subscribe/{push}", webpush.subscribe),
    _route("GET", "/v1/webpush/user/get/{user}", webpush.read_by_user),
    _route("GET", "/v1/webpush/project/get/{project}/hash/{hash}", webpush.read_by_hash),
    _route("POST", "/v1/webpush/project/{project}", webpush.create),
)
"""Every endpoint that is known, the narrower first. Source: vendors/facts.md, 4.2."""


class Vendor:
    """
    Answers requests over a store.
    """

    def __init__(self, store: Store, credentials: Credentials, options: SandboxOptions) -> None:
        """The options decide what the document leaves open."""
        self._store = store
        self._credentials = credentials
        self._options = options

    def answer(self, request: ReceivedRequest) -> Reply:
        """Answer one request; whatever is wrong with it becomes one of the vendor's refusals."""
        try:
            self._credentials.check(request.headers)
            return self._answer(request)
        except Refusal as refusal:
            return refusal.to_reply(with_200=self._options.refused_with_200)

    def _answer(self, request: ReceivedRequest) -> Reply:
        known = [(route, found) for route in ROUTES if (found := route.pattern.fullmatch(request.path))]
        if not known:
            raise not_found("route")
        for route, found in known:
            if route.method == request.method:
                return route.handler(Call(self._store, self._options, request, found.groupdict()))
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, {"error": "Method Not Allowed"})
