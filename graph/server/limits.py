"""What one HTTP request may weigh and how long it may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """
    Bounds on a request before any of it is understood, and on its whole course.

    `header_bytes` counts names and values; `body_s` is the time a body may take to arrive; `deadline_s` bounds vendor
    calls, `vendor_calls` their number; `json_depth` and `json_values` bound the parsed body. `bulk_body_bytes` and
    `bulk_json_values` take the place of the others where the operation is a mutation: its variables may hold thousands
    of items, `bulk_items` in one list.
    """

    header_bytes: int = 32 * 1024
    body_bytes: int = 256 * 1024
    body_s: float = 5.0
    json_depth: int = 64
    json_values: int = 20_000
    bulk_body_bytes: int = 4 * 1024 * 1024
    bulk_json_values: int = 400_000
    bulk_items: int = 10_000
    deadline_s: float = 20.0
    vendor_calls: int = 100
