"""
Which representation a reply has.

The vendor speaks JSON and XML; this sandbox speaks JSON so far. A request the vendor would answer with XML is refused
with
406 rather than answered with something else, so that nothing changes under anybody when XML arrives.
"""

from collections.abc import Mapping
from http import HTTPStatus

from .query import Parameters, single
from .refusals import Refusal

JSON = "application/json"
XML = "application/xml"


def check_format(parameters: Parameters, headers: Mapping[str, str]) -> None:
    """
    Check that the reply asked for is JSON. `_accept` stands in for the header; nothing asked means JSON.

    Source: taguchi-v4-api.txt, Format Settings; a browser's Accept, which names XML first, gets XML in its examples.

    Raises:
        Refusal: 406 when neither format is acceptable, or XML is preferred.
    """
    accepted = single(parameters, "_accept") or headers.get("accept") or "*/*"
    json, xml = (_quality(accepted, media_type) for media_type in (JSON, XML))
    if xml > json:
        raise Refusal(HTTPStatus.NOT_ACCEPTABLE, "The sandbox does not write XML yet; ask for application/json.")
    if not json:
        raise Refusal(HTTPStatus.NOT_ACCEPTABLE, f"The requested output format is not supported: {accepted}")


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
