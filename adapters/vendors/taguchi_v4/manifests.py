"""
Import manifests: an XML text of the vendor's to a record.

The text may be anybody's, so it is bounded, entities and document types are refused, and nothing is ever fetched.
Source: taguchi-v4-api.txt, Import Resource, Manifest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from adapters.credentials import hide_credentials
from adapters.records import (
    ManifestFieldRecord,
    ManifestFormatRecord,
    ManifestRecord,
    ManifestSourceRecord,
    Unreadable,
)

from .values import UnreadableError, read_required_id

MAX_MANIFEST_CHARS: Final = 500_000
MAX_ELEMENTS: Final = 20_000
MAX_DEPTH: Final = 20

_CUSTOM: Final = "custom_"
_UNREADABLE: Final = Unreadable("an import manifest that is not as documented")
_TOO_LONG: Final = Unreadable("an import manifest that is too long to be read")


@dataclass(slots=True)
class Element:
    """An XML element without its text: manifests hold everything in attributes."""

    name: str
    attributes: Mapping[str, str]
    children: list["Element"] = field(default_factory=list)

    def find(self, *path: str) -> Iterator["Element"]:
        """Yield the elements below this one along a path of names."""
        for child in self.children:
            if child.name == path[0]:
                yield from child.find(*path[1:]) if path[1:] else (child,)


def to_manifest(source: str, text: str | None) -> ManifestRecord | Unreadable | None:
    """Read a manifest; one that is malformed, too long or without sense is `Unreadable`."""
    if text is None:
        return None
    if len(text) > MAX_MANIFEST_CHARS:
        return _TOO_LONG
    try:
        root = parse(text)
        return ManifestRecord(sources=tuple(_to_source(source, each) for each in root.find("source")))
    except (ExpatError, UnreadableError, UnicodeError, ValueError):
        return _UNREADABLE


def parse(text: str) -> Element:
    """
    Parse a manifest; names lose their namespace.

    Raises:
        UnreadableError: it declares a document type, has too many or too deep elements, or its root is another.
        ExpatError: it is no XML.
    """
    root = Element("", {})
    open_: list[Element] = [root]
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS or len(open_) > MAX_DEPTH:
            raise UnreadableError("a manifest is too large")
        element = Element(name.rpartition(" ")[2], attributes)
        open_[-1].children.append(element)
        open_.append(element)

    def refuse(*_declared: object) -> None:
        raise UnreadableError("a manifest declares a document type")

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: open_.pop()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.Parse(text, True)
    if root.children[0].name != "manifest":
        raise UnreadableError("a manifest is something else")
    return root.children[0]


def _to_source(source: str, element: Element) -> ManifestSourceRecord:
    href = element.attributes.get("href")
    return ManifestSourceRecord(
        source=source,
        href=None if href is None else hide_credentials(href),
        format=next((_to_format(each) for each in element.find("format")), None),
        fields=tuple(_to_field(each) for each in element.find("fields", "field")),
        list_ids=tuple(read_required_id(dict(each.attributes)) for each in element.find("lists", "list")),
    )


def _to_format(element: Element) -> ManifestFormatRecord:
    told = element.attributes
    return ManifestFormatRecord(
        type=told.get("type"),
        field_separator=told.get("field-separator"),
        line_separator=told.get("line-separator"),
        select=told.get("select"),
    )


def _to_field(element: Element) -> ManifestFieldRecord:
    name = element.attributes.get("name")
    if name is None:
        raise UnreadableError("a field of a manifest has no name")
    custom = name.removeprefix(_CUSTOM) if name.startswith(_CUSTOM) else None
    return ManifestFieldRecord(name=name, select=element.attributes.get("select"), custom_field=custom)
