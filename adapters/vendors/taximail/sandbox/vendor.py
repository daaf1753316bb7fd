"""
The vendor's side of a request: from method, path and parameters to a reply.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import unquote

from adapters.sandbox import ReceivedRequest, Reply

from . import campaigns, contacts, importing, lists, messages
from .credentials import Credentials
from .envelope import Printer, Refusal, not_found
from .options import SandboxOptions
from .parameters import Parameters, read_flag, read_parameters
from .store import Store

MESSAGES = frozenset({"transactional", "sms", "otp"})
"""First segments of the calls that are known to take the keys as they are (vendors/facts.md, 3.1)."""

ANY: None = None
"""Stands for a segment of any text."""

Route = tuple[str, tuple[str | None, ...]]
Answer = Callable[[Sequence[str], Parameters], Reply]


class Vendor:
    """Answers requests over a store."""

    def __init__(self, store: Store, credentials: Credentials, options: SandboxOptions, base_path: str) -> None:
        """`base_path` is where the calls begin, as `/v2`."""
        self._store = store
        self._credentials = credentials
        self._options = options
        self._base = tuple(base_path.strip("/").split("/"))

    def answer(self, request: ReceivedRequest) -> Reply:
        """Answer one request; whatever is wrong with it becomes one of the vendor's refusals."""
        printer = Printer(self._options)
        try:
            parameters = read_parameters(request)
            printer = Printer(self._options, pretty=read_flag(parameters, "pretty", default=False))
            return self._answer(request, parameters, printer)
        except Refusal as refusal:
            return printer.refuse(refusal)

    def _answer(self, request: ReceivedRequest, parameters: Parameters, printer: Printer) -> Reply:
        segments = tuple(unquote(each) for each in request.raw_path.strip("/").split("/"))
        if segments[: len(self._base)] != self._base:
            raise not_found("The resource not found.")
        segments = segments[len(self._base) :]
        if segments == ("status",):
            return printer.plain({"status": "success", "code": "200", "desc": "Service is operating normally"})
        if (request.method, segments) == ("POST", ("user", "login")):
            return printer.success({"session_id": self._credentials.log_in(parameters)})
        self._credentials.check(request, parameters, messages=segments[:1] != () and segments[0] in MESSAGES)
        return self._find_route(request.method, segments, printer)(segments, parameters)

    def _find_route(self, method: str, segments: Sequence[str], printer: Printer) -> Answer:
        routes = self._routes(printer)
        fitting = [route for route in routes if _fits(route[1], segments)]
        if not fitting:
            raise not_found("The resource not found.")
        route = next((each for each in fitting if each[0] == method), None)
        if route is None:
            raise Refusal(405, "The method is not allowed.")
        return routes[route]

    def _routes(self, printer: Printer) -> Mapping[Route, Answer]:
        return {**self._list_routes(printer), **self._contact_routes(printer), **self._message_routes(printer)}

    def _list_routes(self, printer: Printer) -> Mapping[Route, Answer]:
        store, done, after = self._store, printer.success, partial(_answer_after, printer)
        find = partial(lists.find_list, store)
        campaign = partial(campaigns.find_campaign, store)
        return {
            ("GET", ("list",)): lambda _, given: lists.show_lists(store, given, printer),
            ("POST", ("list",)): lambda _, given: done(lists.create_list(store, given), 201),
            ("GET", ("list", ANY, "custom_fields")): lambda path, _: done(lists.show_fields(find(path[1]))),
            ("POST", ("list", ANY, "custom_fields")): lambda path, given: done(
                lists.create_field(store, find(path[1]), given), 201
            ),
            ("POST", ("list", ANY, "webhooks")): lambda path, given: done(
                lists.create_webhook(store, find(path[1]), given), 201
            ),
            ("GET", ("campaign",)): lambda _, given: campaigns.show_campaigns(store, given, printer),
            ("GET", ("campaign", ANY, "email")): lambda path, _: done(campaign(path[1]).contents),
            ("POST", ("campaign", ANY, "email")): lambda path, given: done(
                campaigns.create_email(store, campaign(path[1]), given), 201
            ),
            ("GET", ("campaign", ANY, "sms")): lambda path, _: done(campaign(path[1]).contents),
            ("PUT", ("campaign", ANY, "sms", ANY)): lambda path, given: after(
                campaigns.update_sms, campaign(path[1]), path[3], given
            ),
        }

    def _contact_routes(self, printer: Printer) -> Mapping[Route, Answer]:
        """Source: taximail-contacts.txt; its example writes the `commit` of a path with a capital."""
        store, done, after = self._store, printer.success, partial(_answer_after, printer)
        options = self._options
        find, below = partial(lists.find_list, store), ("list", ANY, "subscribers")

        def contact(path: Sequence[str]) -> Any:
            return contacts.find_contact(find(path[1]), path[3])

        return {
            ("GET", below): lambda path, given: contacts.show_contacts(find(path[1]), given, options, printer),
            ("POST", (*below, "import")): lambda path, given: done(
                importing.begin_import(store, find(path[1]), given), 201
            ),
            ("GET", (*below, ANY, "commit", ANY)): lambda path, _: done(
                importing.commit_import(store, find(path[1]), path[3], path[5], rejoins=options.imports_rejoin)
            ),
            ("POST", (*below, "selection")): lambda path, given: done(
                importing.select_contacts(store, find(path[1]), given), 202
            ),
            ("DELETE", (*below, "selection", ANY)): lambda path, _: after(
                importing.delete_selected, store, find(path[1]), path[4]
            ),
            ("POST", (*below, "unsubscribe")): lambda path, given: after(
                contacts.unsubscribe_contact, find(path[1]), given
            ),
            ("GET", (*below, ANY)): lambda path, _: done(contacts.show_contact(find(path[1]), contact(path))),
            ("PUT", (*below, ANY)): lambda path, given: after(
                contacts.update_contact, find(path[1]), contact(path), given
            ),
        }

    def _message_routes(self, printer: Printer) -> Mapping[Route, Answer]:
        store, done, after = self._store, printer.success, partial(_answer_after, printer)
        return {
            ("GET", ("transactional",)): lambda _, __: done(messages.show_groups(store)),
            ("POST", ("transactional",)): lambda _, given: done(messages.send_email(store, given), 201),
            ("GET", ("transactional", ANY)): lambda path, _: done(messages.show_message(store, path[1])),
            ("POST", ("sms",)): lambda _, given: done(messages.send_sms(store, given), 201),
            ("POST", ("otp",)): lambda _, given: done(messages.send_otp(store, given), 201),
            ("GET", ("otp", "verify", ANY)): lambda path, given: after(
                messages.verify_otp, store, path[2], given, code=202
            ),
        }


def _answer_after(printer: Printer, act: Callable[..., None], *given: Any, code: int = 200) -> Reply:
    """Do what is asked, and say that it is done."""
    act(*given)
    return printer.success(code=code)


def _fits(pattern: Sequence[str | None], segments: Sequence[str]) -> bool:
    return len(pattern) == len(segments) and all(
        wanted is ANY or wanted == given.lower() for wanted, given in zip(pattern, segments, strict=True)
    )
