"""
What a vendor's document says of a write, beside the mutations that say it: the names it has, and the requests to be
received for them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.graph.every_writer import Received, equals
from tests.graph.write_cases import Case

Request = tuple[str, Any]
"""A request as the document has it: its line below the account's address, and its body; a form as pairs."""

_ACCOUNTS: Final[Mapping[str, str]] = {
    "taguchi_v4": " /admin/api/1/",
    "taguchi_v5": " /abc123/prod/",
    "taximail": " /v2/",
    "sendios": " /",
    "talon_one": " /",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A mutation, and what the vendor receives for it; `refused` says that its sandbox then has no such file."""

    case: Case
    received: tuple[Request, ...]
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Documented:
    """A section of a document, the names it has for what can be said, and mutations that say it all, in their order."""

    section: str
    names: str
    asked: tuple[Asked, ...]

    @property
    def vendor(self) -> str:
        """Whose document it is."""
        return self.asked[0].case.vendor


def ask(vendor: str, mutation: str, given: Mapping[str, Any], *received: Request, refused: bool = False) -> Asked:
    """Put a mutation beside what the vendor receives for it."""
    return Asked(Case(mutation, vendor, given), received, refused)


def trim(vendor: str, request: Received) -> Request:
    """Return a request that was received as the document would have it."""
    line = request.line.replace(_ACCOUNTS[vendor], " ", 1)
    for secret in ("&auth=REDACTED", "?auth=REDACTED"):
        line = line.removesuffix(secret)
    body = request.body
    return line, parse_qsl(body, keep_blank_values=True) if isinstance(body, str) else body


def settle(expected: Sequence[Request], received: Sequence[Request]) -> list[Request]:
    """Put what is not known beforehand, such as a token, in the place of its placeholder."""
    lines = [line for line, _ in received] + [""] * len(expected)
    return [
        (known if equals(line, known) else line, body) for (line, body), known in zip(expected, lines, strict=False)
    ]


def spell(requests: Sequence[Request]) -> list[tuple[str, str]]:
    """Write bodies so that 1, true and 1.0 are told apart, as vendors do; the order of an object says nothing."""
    return [(line, json.dumps(body, sort_keys=True)) for line, body in requests]


def list_names(request: Request) -> Iterator[str]:
    """The names of everything a request says: in its query, its form, or anywhere in its JSON."""
    line, body = request
    yield from parse_qs(urlsplit(line).query)
    yield from _walk(dict(body) if body and isinstance(body, list) and isinstance(body[0], tuple) else body)


def _walk(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for each in value.values():
            yield from _walk(each)
    elif isinstance(value, list):
        for each in value:
            yield from _walk(each)
