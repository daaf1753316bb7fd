"""
Records made, changed and removed.

Source: taguchi-v4-api.txt, the operations PUT, POST, DELETE and CREATEORUPDATE of each resource.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.vendors.taguchi_v4.sandbox.options import SandboxOptions
from adapters.vendors.taguchi_v4.sandbox.store import Store
from adapters.vendors.taguchi_v4.sandbox.tables import Key

from .audits import Audit, Deed
from .clashes import check_clashes, check_pointers
from .fields import read_columns
from .people import merge_custom_fields, merge_memberships
from .revisions import add_revisions

Body = Mapping[str, Any]
CREATED_AT = {"list": "timestamp"}
"""Where a resource keeps when it was made. Source: List Resource, timestamp."""


@dataclass(frozen=True, slots=True)
class RecordWriter:
    """
    Writes the records of one resource; a write that is refused changes nothing.
    """

    store: Store
    options: SandboxOptions
    audit: Audit
    resource: str

    def create(self, body: Body) -> Key:
        """Make a record and return its key; raises 400 as the vendor does."""
        changes = self._read(body, {})
        created_at = CREATED_AT.get(self.resource)
        if created_at is not None:
            changes[created_at] = self.audit.now
        check_clashes(self.store, self.resource, None, changes)
        key = self.store.insert(self.resource, changes)
        self.audit.note(Deed.CREATED, self.resource, key)
        return key

    def update(self, key: Key, body: Body) -> None:
        """Change what a body brings of a record that exists; raises 400 as the vendor does."""
        held = self.store.row(self.resource, key) or {}
        changes = self._read(body, held)
        check_clashes(self.store, self.resource, key, {**held, **changes})
        self.store.update(self.resource, key, changes)
        self.audit.note(Deed.UPDATED, self.resource, key)

    def delete(self, key: Key) -> None:
        """Mark a record as deleted."""
        self.store.soft_delete(self.resource, key)
        self.audit.note(Deed.DELETED, self.resource, key)

    def create_or_update(self, body: Body) -> Key:
        """Change the record of the body's reference or, without one, of its e-mail address; make one otherwise."""
        known = self._find(body)
        if known is None:
            return self.create(body)
        self.update(known, body)
        return known

    def _find(self, body: Body) -> Key | None:
        """
        Find whom a body is about.

        Source: vendors/facts.md, 1.3: by `ref` first, then `email`. Whether an e-mail address also finds somebody with
        another reference is not said; it does here, which is the harsher reading: that reference is then replaced.
        """
        for name in ("ref", "email"):
            value = body.get(name)
            found = None if value is None else self.store.find_by(self.resource, {name: str(value)})
            if found is not None:
                return found
        return None

    def _read(self, body: Body, held: Mapping[str, Any]) -> dict[str, Any]:
        now = self.audit.now
        changes = read_columns(self.resource, body, now)
        if self.resource == "subscriber" and body.get("lists") is not None:
            changes["lists"] = merge_memberships(held.get("lists", ()), body["lists"], now)
        if self.resource == "subscriber" and "custom_fields" in body:
            changes["custom_fields"] = merge_custom_fields(held.get("custom_fields", ()), body["custom_fields"], now)
        if self.resource in {"activity", "template"} and body.get("revisions") is not None:
            changes["revisions"] = add_revisions(
                self.store,
                self.options,
                self.resource,
                held.get("revisions", ()),
                given=body["revisions"],
                now=now,
            )
        check_pointers(self.store, changes)
        return changes
