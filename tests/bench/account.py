"""
A Taguchi V4 account of a known shape: rows as the vendor's document prints them, and the reads that are made of them.

Ids are dense: 1,200 people, each on two lists, with 20 campaigns and 20 lists in all, so that a page of 100 people
refers to 40 distinct records.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import orjson

PEOPLE: Final = 1_200
CAMPAIGNS: Final = 20
LISTS: Final = 20
ROOT: Final = "/admin/api/1/"

_EXAMPLES: Final = Path(__file__).parents[1] / "adapters" / "vendors" / "taguchi_v4" / "examples"

Row = dict[str, Any]


class Account:
    """Answers list reads with `id-gte`, `id-lte` and `limit`, and reads by id; what else is sent along is ignored."""

    def __init__(self) -> None:
        """Make every row, by resource and in the order of the ids."""
        self._rows: Mapping[str, Sequence[Row]] = {
            "subscriber": [_build_person(number) for number in range(1, PEOPLE + 1)],
            "campaign": [_build_named("campaign", number, "Campaign") for number in range(1, CAMPAIGNS + 1)],
            "list": [_build_named("list", number, "List") for number in range(1, LISTS + 1)],
        }

    def read(self, target: str) -> bytes:
        """Return the JSON of what a request's target asks for; raises `LookupError` for anything unknown."""
        parts = urlsplit(target)
        resource, _, record_id = parts.path.removeprefix(ROOT).partition("/")
        rows = self._rows[resource]
        if record_id:
            return orjson.dumps([rows[int(record_id) - 1]])
        low, high, limit = 1, len(rows), 1
        for name, value in parse_qsl(parts.query):
            if name == "limit":
                limit = int(value)
            elif value.startswith("id-gte-"):
                low = int(value.removeprefix("id-gte-"))
            elif value.startswith("id-lte-"):
                high = int(value.removeprefix("id-lte-"))
            elif name == "query":
                raise LookupError(value)
        return orjson.dumps(rows[low - 1 : min(high, low - 1 + limit)])


def _read_example(resource: str) -> Row:
    row: Row = json.loads((_EXAMPLES / f"{resource}.json").read_text(encoding="utf-8"))["rows"][0]
    return row


def _build_named(resource: str, number: int, word: str) -> Row:
    return {**_read_example(resource), "id": number, "ref": f"{resource}-{number}", "name": f"{word} {number}"}


def _build_time(number: int) -> str:
    return (datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=61 * number)).isoformat()[:19]


def _build_person(number: int) -> Row:
    example = _read_example("subscriber")
    return {
        **example,
        "id": number,
        "ref": f"crm-{number:06}",
        "firstname": f"First{number}",
        "lastname": f"Last{number}",
        "email": f"person{number}@example.org",
        "campaign_id": number % CAMPAIGNS + 1,
        "lists": [
            {**entry, "list_id": (number * 3 + place * 7) % LISTS + 1, "timestamp": _build_time(number * 2 + place)}
            for place, entry in enumerate(example["lists"])
        ],
    }
