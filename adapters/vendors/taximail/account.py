"""
One source: how its calls are made and its rows become items.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import tzinfo

from adapters.calls import CallScope
from adapters.records import Entity, Record
from adapters.refusals import build_unreadable
from adapters.transport.client import VendorClient
from adapters.transport.requests import Reply, VendorRequest

from .pages import Item
from .replies import read_found, read_object
from .values import UnreadableError
from .wire import Row

BuildRecord = Callable[[], Record]
"""Builds a record, or raises `UnreadableError`."""


@dataclass(frozen=True, slots=True)
class Account:
    """One source: its client, the zone of its times, and how many rows a page has."""

    client: VendorClient
    zone: tzinfo
    size: int

    @property
    def source(self) -> str:
        """The source's name."""
        return self.client.source

    def name(self, request: VendorRequest, *more: Hashable) -> Hashable:
        """Return what a read of this account is known by within a request."""
        return (self.client.place, request.path, request.params, *more)

    async def fetch(self, request: VendorRequest, scope: CallScope) -> tuple[Reply, Row] | None:
        """
        Make a call whose data is an object; None where what it names is not there.

        Raises:
            VendorError: the call failed, or its reply is no success.
        """
        reply = await self.client.send(request, scope)
        found = read_found(reply)
        return None if found is None else (reply, read_object(reply, found))

    def build_item(self, entity: Entity, reply: Reply, id_: str | None, build: BuildRecord) -> Item:
        """Build an item, one that cannot be read with the reason."""
        try:
            record = build()
        except UnreadableError as error:
            return Item(id_, build_unreadable(reply, entity, error))
        return Item(record.id, record)
