"""
Everything the sandbox remembers, and the handle tests change it by.
"""

from collections.abc import Mapping
from typing import Any

from .events import EventLog
from .options import SandboxOptions
from .resources import RESOURCES
from .tables import Key, Table


class Store:
    """
    One table per resource, and the log of events. Records go in and come out as the JSON interface prints them.
    """

    def __init__(self, organization_id: int = 1, options: SandboxOptions | None = None) -> None:
        """Start empty."""
        self.organization_id = organization_id
        subsecond_times = (options or SandboxOptions()).subsecond_times
        self.tables = {name: Table(resource, subsecond_times=subsecond_times) for name, resource in RESOURCES.items()}
        self.events = EventLog((), ())

    def insert(self, resource: str, record: Mapping[str, Any]) -> Key:
        """
        Add a record; what is left out is null, an empty list, this organization, or the next id.

        Raises:
            ValueError: unknown field, a value its field cannot hold, or a key in use.
        """
        table = self.tables[resource]
        if "organization_id" in table.resource.positions:
            record = {"organization_id": self.organization_id, **record}
        return table.insert(record)

    def update(self, resource: str, key: Key, changes: Mapping[str, Any]) -> None:
        """Replace fields of a record, lists whole."""
        self.tables[resource].update(key, changes)

    def soft_delete(self, resource: str, key: Key) -> None:
        """Hide a record from every read, its children included."""
        self.tables[resource].soft_delete(key)

    def row(self, resource: str, key: Key) -> dict[str, Any] | None:
        """One visible record with all its revisions, None when there is none."""
        table = self.tables[resource]
        row = table.find(key)
        return None if row is None else table.show(row)

    def rows(self, resource: str) -> list[dict[str, Any]]:
        """Every visible record in the order of creation, with all its revisions."""
        table = self.tables[resource]
        return [table.show(row) for row in table.visible()]
