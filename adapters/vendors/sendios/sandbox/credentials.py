"""
Who may call: HTTP Basic with the client id and the API key.

Source: sendios-faq.txt, 3; the text of the refusal: vendors/facts.md, 4.1. The vendor's own SDKs send the SHA-1 of a
longer key: that hash is the API key here.
"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from .envelope import Refusal

SCHEME = "basic"


@dataclass(frozen=True, slots=True)
class Credentials:
    """
    The client and its key.
    """

    client_id: int
    key: str

    def check(self, headers: Mapping[str, str]) -> None:
        """
        Let the request pass.

        Raises:
            Refusal: 401 for missing, malformed or wrong credentials.
        """
        expected = f"{self.client_id}:{self.key}".encode()
        if not hmac.compare_digest(_read(headers.get("authorization", "")), expected):
            raise Refusal(HTTPStatus.UNAUTHORIZED, {"error": "Authorization base64 data wrong or invalid"})


def _read(header: str) -> bytes:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != SCHEME:
        return b""
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return b""
