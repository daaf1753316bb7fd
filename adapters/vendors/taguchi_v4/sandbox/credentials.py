"""
Who may call: the `auth` parameter.

Source: taguchi-v4-api.txt, Authentication; vendors/facts.md, 1.1: split at the first bar; clients send the bar as it
is, as `%7C`, or escaped twice (`%257C`).
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

from .query import Parameters
from .refusals import Refusal

AUTH = "auth"
BAR = "|"


@dataclass(frozen=True)
class Credentials:
    """
    The token and the users (name to password) that may call.
    """

    token: str
    users: Mapping[str, str]

    def check(self, parameters: Parameters) -> None:
        """
        Let the request pass.

        Raises:
            Refusal: 403 for a missing, repeated, unknown or wrong `auth`.
        """
        values = [value for key, value in parameters if key == AUTH]
        if len(values) != 1 or not self._accepts(values[0]):
            raise Refusal(HTTPStatus.FORBIDDEN, "No valid authentication or token provided.")

    def _accepts(self, value: str) -> bool:
        if BAR not in value:
            value = unquote(value)
        user, bar, password = value.partition(BAR)
        if not bar:
            return _same(value, self.token)
        return user in self.users and _same(password, self.users[user])


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
