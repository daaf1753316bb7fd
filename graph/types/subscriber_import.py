"""Imports of people."""

from datetime import datetime

import strawberry

from adapters.records import ImportRecord
from graph.types.connection import Connection
from graph.types.feed_field import audit_feed
from graph.types.import_manifest import ImportManifest
from graph.types.lazy import LazyFeedEvent, LazySubscriberList
from graph.types.node import REF, SOURCE_ID, Node, node_type
from graph.types.relation import plain, relation


@node_type(ImportRecord)
class SubscriberImport(Node):
    """An import of people from files. Its numbers grow while it runs."""

    source: strawberry.ID = plain(SOURCE_ID, name="sourceId")
    id: strawberry.ID = plain("The vendor's own id of the import, unique within the source.", name="vendorId")
    ref: str | None = plain(REF)
    name: str | None = plain("The import's name, as the vendor's own pages show it.")
    origin: str | None = plain("Where the people come from, in words, for audits.")
    started_at: datetime | None = plain("When processing began; nothing before that.")
    status: str | None = plain("The vendor's word for the import's state.")
    total: int | None = plain("How many people were read.")
    invalid: int | None = plain("How many of them were invalid.")
    bounced: int | None = plain("How many of them had bounced.")
    global_new: int | None = plain("How many of them were new to the account.")
    list_new: int | None = plain("How many of them were new to the lists.")
    manifest: ImportManifest | None = relation(
        "SubscriberImport", "manifest", "What is imported and how; an error where the vendor's text makes no sense."
    )
    lists: list[LazySubscriberList | None] | None = relation(
        "SubscriberImport",
        "lists",
        "The lists people are put on, over all files; nothing in the place of a list that the vendor hides.",
    )
    audit_log: Connection[LazyFeedEvent] | None = audit_feed(
        "SubscriberImport", "What was done to the import: who made and ran it."
    )
