"""
Parts that several resources have: values, references, links, embedded documents.
"""

from collections.abc import Callable, Mapping
from typing import Any

from .writing import element, embedded, leaf, leaves, nil

Record = Mapping[str, Any]
Part = Callable[[Record, str], str]
"""
Prints a piece of a record; the text given is the path of the organization.
"""


def values(names: str) -> Part:
    """
    Plain fields, in this order.
    """
    return lambda record, _root: leaves(record, names.split())


def set_values(names: str) -> Part:
    """
    Fields that no example shows: printed only when they hold something.
    """
    return lambda record, _root: leaves(record, (name for name in names.split() if record.get(name) is not None))


def document(name: str) -> Part:
    """
    A field whose text is XML.
    """
    return lambda record, _root: embedded(name, record.get(name))


def reference(name: str) -> Part:
    """
    Another record, with its address.
    """
    return lambda record, root: print_reference(name, record.get(f"{name.replace('-', '_')}_id"), root)


def organization(path: str | None = "/organization") -> Part:
    """
    The organization, whose address lacks its id; None for no address at all.
    """
    return lambda record, root: element(
        "organization", {"id": record.get("organization_id"), "href": "" if path is None else root + path}
    )


def link(name: str, path: str) -> Part:
    """
    The address of related records; `{}` in it stands for the record's id.
    """
    return lambda record, root: element(name, {"href": root + path.format(record.get("id"))})


def print_reference(name: str, key: Any, root: str, **attributes: Any) -> str:
    """
    A reference to a record, or a null one.
    """
    if key is None:
        return nil(name, {"href": ""})
    return element(name, {"id": key, **attributes, "href": f"{root}/{name}/{key}"})


def items_of(record: Record, name: str) -> list[Record]:
    """
    The objects in a list of a record; none when it is not a list.
    """
    items = record.get(name)
    return items if isinstance(items, list) else []


def print_fields(record: Record, name: str, attribute: str) -> str:
    """
    Custom fields, each an element of this name with its key in an attribute.
    """
    printed = (
        leaf(name, item.get("data"), {attribute: item.get("field")}) for item in items_of(record, "custom_fields")
    )
    return element("custom-fields", {}, *printed)
