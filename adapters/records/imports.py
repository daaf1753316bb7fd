"""
Imports of people, and the manifests that say what is imported and how.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from adapters.records.entity import Entity
from adapters.records.unreadable import Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFormatRecord:
    """How an imported file is cut into people: separators of a delimited one, the path of each in an XML one."""

    type: str | None = None
    field_separator: str | None = None
    line_separator: str | None = None
    select: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFieldRecord:
    """Which part of an imported row becomes which field; `custom_field` is set for a field the company has added."""

    name: str
    select: str | None = None
    custom_field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestSourceRecord:
    """One imported file, the fields taken from it and the lists its people are put on; no `href` holds credentials."""

    source: str
    href: str | None = None
    format: ManifestFormatRecord | None = None
    fields: tuple[ManifestFieldRecord, ...] = ()
    list_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestRecord:
    """What an import reads, and what becomes of it."""

    sources: tuple[ManifestSourceRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecord:
    """An import of people. `origin` says where they came from, for audits; `started_at` when processing began."""

    entity: ClassVar[Entity] = Entity.IMPORT

    source: str
    id: str
    ref: str | None = None
    name: str | None = None
    origin: str | None = None
    started_at: datetime | None = None
    status: str | None = None
    total: int | None = None
    invalid: int | None = None
    bounced: int | None = None
    global_new: int | None = None
    list_new: int | None = None
    manifest: ManifestRecord | Unreadable | None = None
    extension: object | None = None
