"""
One call as the handlers see it: what the path names, the body, and whom it means.

Bodies are parsed by what they hold, not by what their header says: the vendor's own SDK sends JSON as a form.
Source: vendors/facts.md, 4.1.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

from adapters.sandbox import ReceivedRequest

from .envelope import bad_request, not_found
from .options import SandboxOptions
from .people import User
from .store import Store

LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Call:
    """
    A request on its way through a handler; `named` are the parts of its path.
    """

    store: Store
    options: SandboxOptions
    request: ReceivedRequest
    named: Mapping[str, str]

    def read_body(self) -> dict[str, Any]:
        """
        The body's object; nothing and an empty array, which PHP sends for it, are an empty one.

        Raises:
            Refusal: 400 for anything else.
        """
        if not self.request.body.strip():
            return {}
        try:
            body = orjson.loads(self.request.body)
        except orjson.JSONDecodeError:
            raise bad_request("body - This value should be valid JSON") from None
        if body == []:
            return {}
        if not isinstance(body, dict):
            raise bad_request("body - This value should be an object")
        return body

    def read_parameter(self, name: str) -> str | None:
        """A parameter of the query, the last one where it is repeated."""
        pairs = parse_qsl(self.request.raw_query.decode("utf-8", "replace"), keep_blank_values=True)
        return dict(pairs).get(name)

    def find_user(self) -> User:
        """
        The user whose id the path names.

        Raises:
            Refusal: 404 when there is none.
        """
        return self._known(self.store.find(self.named["user"]), f"user with id {self.named['user']}")

    def find_user_by_email(self, email: str | None = None, project: Any = None) -> User:
        """
        The user of a project and address; of those in the path where none are given.

        Raises:
            Refusal: 404 when there is none.
        """
        email = self.named["email"] if email is None else email
        project = self.named["project"] if project is None else project
        return self._known(self.store.find_by_email(project, email), f"user for project {project} and email {email}")

    def find_user_by_hash(self) -> User:
        """
        The user of the project and the base64 of the address in the path.

        Raises:
            Refusal: 400 for what is no base64, 404 when there is no such user.
        """
        try:
            email = base64.b64decode(self.named["hash"], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise bad_request("emailhash - This value is not valid base64") from None
        return self.find_user_by_email(email)

    def find_user_in_body(self) -> User:
        """
        The user whose id the body names as `user_id`.

        Raises:
            Refusal: 400 where it names none, 404 when there is no such user.
        """
        user_id = self.require(self.read_body(), "user_id")
        return self._known(self.store.find(user_id), f"user with id {user_id}")

    def require(self, body: Mapping[str, Any], *names: str) -> Any:
        """
        The value of the first of these keys; all of them must be there.

        Raises:
            Refusal: 400 for a missing one.
        """
        for name in names:
            if body.get(name) in (None, ""):
                raise bad_request(f"{name} - This value should not be blank")
        return body[names[0]]

    def _known(self, user: User | None, what: str) -> User:
        """Refuse an unknown user, and for a while one who was just created."""
        if user is not None and user.unknown_reads > 0:
            user.unknown_reads -= 1
            user = None
        if user is None:
            raise not_found(what)
        return user


def to_number(value: Any, name: str) -> int:
    """
    A number of a path, a query or a body; bodies may hold it as text.

    Raises:
        Refusal: 400 for anything else.
    """
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise bad_request(f"{name} - This value should be of type integer")
    return int(text)
