"""
Media types: which one the caller sends, and which one it can read.

Source: GraphQL over HTTP, sections "Media Types" and "Accept"; `application/json` is the older of the two types and
what callers get that do not ask for either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from graph.errors import refuse_request

JSON: Final = "application/json"
GRAPHQL_RESPONSE: Final = "application/graphql-response+json"


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One entry of an Accept header."""

    type: str
    quality: float

    def specificity(self, media_type: str) -> int:
        """Return how closely the range names a type: 2 exactly, 1 its family, 0 anything, -1 not at all."""
        if self.type == media_type:
            return 2
        if self.type == "*/*":
            return 0
        return 1 if self.type == f"{media_type.partition('/')[0]}/*" else -1


NO_RANGE: Final = MediaRange("", 0.0)

KNOWN: Final = 64
"""How many ways of writing a header are remembered: callers have few of them, and each is read alike every time."""


@lru_cache(KNOWN)
def choose_media_type(accept: str | None) -> str:
    """Return the response's media type; raises `RefusedError` 406 when the caller can read neither."""
    if accept is None or not accept.strip():
        return JSON
    ranges = list(_parse_accept(accept))
    candidates = [candidate for media_type in (JSON, GRAPHQL_RESPONSE) if (candidate := _weigh(media_type, ranges))]
    if not candidates:
        raise refuse_request(
            406,
            "The response can be read neither as application/graphql-response+json nor as application/json.",
            reason="NOT_ACCEPTABLE",
            hint="Send Accept: application/graphql-response+json.",
        )
    return max(candidates)[-1]


@lru_cache(KNOWN)
def check_content_type(content_type: str | None, content_encoding: str | None) -> None:
    """Raise `RefusedError` 415 unless the body is said to be plain JSON in UTF-8."""
    if content_encoding not in (None, "", "identity"):
        raise refuse_request(415, "Compressed bodies are not read.", reason="CONTENT_ENCODING")
    media_type, parameters = _split_parameters(content_type or "")
    if media_type != JSON:
        raise refuse_request(
            415,
            "A GraphQL request is sent as application/json.",
            reason="CONTENT_TYPE",
            hint="Send Content-Type: application/json.",
        )
    if parameters.get("charset", "utf-8") not in ("utf-8", "utf8"):
        raise refuse_request(415, "A GraphQL request is sent in UTF-8.", reason="CONTENT_CHARSET")


def accepts_html(accept: str | None) -> bool:
    """Say whether a browser asks for a page."""
    return any(
        each.type in ("text/html", "application/xhtml+xml") and each.quality > 0 for each in _parse_accept(accept or "")
    )


def _weigh(media_type: str, ranges: list[MediaRange]) -> tuple[float, int, bool, str] | None:
    # the closest range speaks for a type; among equals, the newer type wins only where it was named
    closest = max(ranges, key=lambda each: each.specificity(media_type), default=NO_RANGE)
    specificity = closest.specificity(media_type)
    if specificity < 0 or closest.quality <= 0:
        return None
    prefers = (media_type == GRAPHQL_RESPONSE) == (specificity == 2)  # noqa: PLR2004 - see `specificity`
    return closest.quality, specificity, prefers, media_type


def _parse_accept(accept: str) -> Iterator[MediaRange]:
    for entry in accept.split(","):
        media_type, parameters = _split_parameters(entry)
        if parameters.get("charset", "utf-8") in ("utf-8", "utf8"):
            yield MediaRange(media_type, _quality(parameters.get("q", "1")))


def _quality(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0


def _split_parameters(text: str) -> tuple[str, dict[str, str]]:
    media_type, *rest = text.split(";")
    pairs = (parameter.partition("=") for parameter in rest)
    return media_type.strip().lower(), {name.strip().lower(): value.strip(' "').lower() for name, _, value in pairs}
