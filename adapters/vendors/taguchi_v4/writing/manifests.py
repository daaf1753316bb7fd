"""
Import manifests: from an input to the vendor's XML, and into what may be shown.

Source: taguchi-v4-api.txt, Import Resource, Manifest.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import quoteattr

from adapters.credentials import hide_credentials_in_xml, hide_in_plain
from adapters.errors import InputError
from adapters.records import Entity
from adapters.vendors.taguchi_v4.manifests import MAX_MANIFEST_CHARS, Element, parse
from adapters.vendors.taguchi_v4.values import UnreadableError

from .ask import to_path
from .fields import WRITABLE, to_number

NAMESPACE: Final = "http://taguchimail.com/manifest"
SCHEMES: Final = frozenset({"file", "http", "https", "ftp"})
"""Source: Manifest: "any valid local, HTTP, HTTPS or FTP URI"."""
DELIMITED: Final = "delimited"
_SEPARATORS: Final = ("field_separator", "line_separator")
_RECORDS: Final = ("select",)


def read_manifest(fields: Mapping[str, Any], *path: str) -> dict[str, Any]:
    """
    Read the manifest of an input, structured or as XML, by the vendor's field.

    Raises:
        InputError: both are given, or it is no manifest of the document's.
    """
    given, text = fields.get("manifest"), fields.get("manifest_xml")
    if given is not None and text is not None:
        raise InputError(
            "The manifest is given twice.", hint="Say `manifest` or `manifestXml`.", path=to_path(*path, "manifest")
        )
    if given is not None:
        return {"manifest": _write_manifest(given, *path, "manifest")}
    if text is not None:
        _check_xml(text, *path, "manifest_xml")
        return {"manifest": text}
    return {"manifest": None} if "manifest" in fields or "manifest_xml" in fields else {}


def _check_xml(text: str, *path: str) -> None:
    if not _is_manifest(text):
        raise InputError(
            "This is not an import manifest.", hint="Its root is `manifest`, without a DOCTYPE.", path=to_path(*path)
        )


def _is_manifest(text: str) -> bool:
    try:
        parse(text[: MAX_MANIFEST_CHARS + 1])
    except (ExpatError, UnreadableError, UnicodeError, IndexError):
        return False
    return len(text) <= MAX_MANIFEST_CHARS


def _write_manifest(given: Mapping[str, Any], *path: str | int) -> str:
    sources = given.get("sources") or ()
    if not sources:
        raise InputError("A manifest has at least one source.", path=to_path(*path, "sources"))
    written = "".join(_write_source(each, *path, "sources", place) for place, each in enumerate(sources))
    return f'<manifest xmlns="{NAMESPACE}">{written}</manifest>'


def _write_source(source: Mapping[str, Any], *path: str | int) -> str:
    href = source["href"]
    if urlsplit(href).scheme.lower() not in SCHEMES:
        raise InputError(
            "Taguchi cannot fetch a file from there.",
            hint="Use an address that begins with https, http, ftp or file.",
            path=to_path(*path, "href"),
        )
    fields = "".join(_write_field(each) for each in source["fields"])
    lists = "".join(
        f'<list id="{to_number(each, *path, "list_ids", place)}"/>'
        for place, each in enumerate(source.get("list_ids") or ())
    )
    layout = _write_format(source["format"], *path, "format")
    return f"<source href={_quote(href)}>{layout}<fields>{fields}</fields><lists>{lists}</lists></source>"


def _write_format(given: Mapping[str, Any], *path: str | int) -> str:
    """Source: Manifest: a delimited file needs both separators, an XML file the path of its records."""
    needed = _SEPARATORS if given["type"] == DELIMITED else _RECORDS
    for name in (*_SEPARATORS, *_RECORDS):
        if bool(given.get(name)) is not (name in needed):
            word = "needs this" if name in needed else "has no use for this"
            raise InputError(f"A file of the type `{given['type']}` {word}.", path=to_path(*path, name))
    attributes = "".join(f" {name.replace('_', '-')}={_quote(given[name])}" for name in needed)
    return f"<format type={_quote(given['type'])}{attributes}/>"


def _write_field(field: Mapping[str, Any]) -> str:
    return f"<field name={_quote(field['name'])} select={_quote(field['select'])}/>"


def _quote(text: str) -> str:
    return quoteattr(text, {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})


_PLAIN: Final = frozenset(WRITABLE[Entity.SUBSCRIBER])
_CUSTOM: Final = "custom_"
_KNOWN: Final = frozenset({"manifest", "source", "format", "fields", "field"})
"""The elements of a manifest that say nothing of lists."""


def may_undo_opt_outs(text: str) -> bool:
    """
    Say whether an import by a manifest may put people back on lists, or clear an opt-out or a bounce.

    "Any fields available in subscriber records may be imported", `unsubscribed` among them, and people are added to the
    manifest's lists, whether or not they had left them. What is not known to do neither may do both.
    """
    return not _is_manifest(text) or any(map(_may_undo, _walk(parse(text))))


def _may_undo(element: Element) -> bool:
    if element.name == "field":
        name = element.attributes.get("name", "")
        return name not in _PLAIN and not name.startswith(_CUSTOM)
    return element.name not in _KNOWN


def _walk(element: Element) -> Iterator[Element]:
    """Yield an element and all below it, but for a list of lists in which there is none."""
    if element.name != "lists" or element.children:
        yield element
    for child in element.children:
        yield from _walk(child)


def hide_manifest(shown: Any) -> Any:
    """Return an import's fields, or its request's body, without the credentials in them; all else as it is."""
    rows = shown if isinstance(shown, list) else [shown]
    names = {name for row in rows if isinstance(row, Mapping) for name in row}
    return hide_in_plain(shown) if names & {"manifest", "manifestXml"} else shown


def is_same_manifest(one: Any, other: Any) -> bool:
    """Say whether two manifests are the same but for their credentials, however they are written down."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return one is other
    return _read_shown(one) == _read_shown(other)


def _read_shown(text: str) -> Element | str:
    shown = hide_credentials_in_xml(text)
    return parse(shown) if _is_manifest(shown) else shown
