"""
The XML interface: records and feeds in the document's shapes.

Source: taguchi-v4-api.txt, XML Request/Response of each resource, the slips in its addresses included
(`/subscribers/3`, `object-feed-href` as a feed's name, links without `query=`). What a JSON row holds and no XML
example shows is printed last, and only when it is not null.
"""

from .documents import print_document

__all__ = ["print_document"]
