"""
Writing elements: escaping, nulls, and documents inside documents.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from xml.parsers import expat

NOT_XML = re.compile("[^\\t\\n\\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE_ESCAPES = _ESCAPES | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})

Attributes = Mapping[str, Any]


def element(name: str, attributes: Attributes, *content: str) -> str:
    """
    An element around markup; attributes that are None are left out.
    """
    printed = "".join(
        f' {key}="{_print(value).translate(_ATTRIBUTE_ESCAPES)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(content)
    return f"<{name}{printed}>{inside}</{name}>" if inside else f"<{name}{printed}/>"


def nil(name: str, attributes: Attributes = MappingProxyType({})) -> str:
    """
    A null element.
    """
    return element(name, {**attributes, "xsi:nil": "true"})


def leaf(name: str, value: Any, attributes: Attributes = MappingProxyType({})) -> str:
    """
    An element around a value, or a null one.
    """
    if value is None:
        return nil(name, attributes)
    return element(name, attributes, _print(value).translate(_ESCAPES))


def leaves(record: Mapping[str, Any], names: Iterable[str]) -> str:
    """
    A leaf for each field, its name written with hyphens.
    """
    return "".join(leaf(name.replace("_", "-"), record.get(name)) for name in names)


def embedded(name: str, text: Any) -> str:
    """
    An element around a document; around its escaped text when it is none, or when another could not hold it.
    """
    document = _DECLARATION.sub("", text, count=1) if isinstance(text, str) else ""
    return element(name, {}, document) if _can_stand_inside(document) else leaf(name, text)


def _can_stand_inside(document: str) -> bool:
    if "<!DOCTYPE" in document:
        return False
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(document, True)
    except expat.ExpatError:
        return False
    return True


def _print(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return NOT_XML.sub("\ufffd", text)
