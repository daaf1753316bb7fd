"""
Whole replies.
"""

from collections.abc import Sequence

from .feeds import print_event
from .parts import Record
from .records import LAYOUTS, print_record
from .writing import element

NAMESPACES = {"xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "xmlns": "http://taguchimail.com/api"}
FEED = "event-feed"


def print_document(name: str, root: str, records: Sequence[Record]) -> bytes:
    """
    Records of a resource, or with `event-feed` events, as one XML document.

    `records` are the rows the JSON interface would print; `root` is the organization's path.
    """
    if name == FEED:
        return element(FEED, NAMESPACES, *(print_event(record, root) for record in records)).encode()
    layout = LAYOUTS[name]
    printed = (print_record(name, layout, record, root) for record in records)
    return element(layout.around, NAMESPACES, *printed).encode()
