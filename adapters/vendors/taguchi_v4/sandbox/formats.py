"""
Which representation a reply has.

Source: taguchi-v4-api.txt, Format Settings; a browser's Accept, which names XML first, gets XML in its examples.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from .query import Parameters, single
from .refusals import Refusal

JSON = "application/json"
XML = "application/xml"


def choose_format(parameters: Parameters, headers: Mapping[str, str], offered: Sequence[str]) -> str:
    """
    The media type asked for, of those offered; the first of them when the request leaves the choice.

    `_accept` stands in for the header.

    Raises:
        Refusal: 406 when none is acceptable.
    """
    accepted = single(parameters, "_accept") or headers.get("accept") or "*/*"
    chosen = max(offered, key=lambda media_type: _quality(accepted, media_type))
    if not _quality(accepted, chosen):
        raise Refusal(HTTPStatus.NOT_ACCEPTABLE, f"The requested output format is not supported: {accepted}")
    return chosen


def _quality(accepted: str, media_type: str) -> float:
    """The weight an Accept value gives a type: that of the most specific range that covers it, 0 when none does."""
    ranges = dict(_read_range(part) for part in accepted.split(","))
    family = f"{media_type.partition('/')[0]}/*"
    return next((ranges[name] for name in (media_type, family, "*/*") if name in ranges), 0.0)


def _read_range(part: str) -> tuple[str, float]:
    name, *settings = (piece.strip().lower() for piece in part.split(";"))
    weights = [setting.removeprefix("q=") for setting in settings if setting.startswith("q=")]
    try:
        return name, float(weights[0]) if weights else 1.0
    except ValueError:
        return name, 0.0
