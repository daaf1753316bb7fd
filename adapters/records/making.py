"""
Records that are made by the thousand.
"""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

T = TypeVar("T")

_HEAD: Final = "def __init__(self, {parameters}):\n unlock(self, '__class__', open)\n"
_LINE: Final = " self.{name} = {name}\n"
_TAIL: Final = " self.__class__ = closed\n"
_MAKER: Final = "def make({parameters}):\n self = new(open)\n{lines}{tail} return self\n"

_OPEN: Final[dict[type, type]] = {}
"""For each class of records, the one without a lock that its objects are of while their fields are set."""


class Rest(Protocol):
    """Reads fields of records that were made without them."""

    def read(self, record: Any, name: str) -> Any:
        """Return a field's value; raises `VendorContractError` where it cannot be read."""
        ...


def made_quickly(cls: type[T]) -> type[T]:
    """
    Make a frozen dataclass, whose fields are slots, as quick to make as one that is not frozen.

    Its own `__init__` passes the lock of a frozen object once for each field, which for a record of two dozen fields is
    most of the time of making it. Here an object is of a class without the lock while its fields are set, and of its
    own class from then on: nobody ever holds one that can be changed.
    """
    fields = dataclasses.fields(cls)  # type: ignore[arg-type] # a dataclass, as said above
    defaults = {f"default_{field.name}": field.default for field in fields}
    unlocked = type(cls.__name__, cls.__bases__, {"__slots__": cls.__slots__})  # type: ignore[attr-defined] # it has slots
    given = {"unlock": object.__setattr__, "open": unlocked, "closed": cls, **defaults}
    keywords = ["*"] if fields[0].kw_only else []
    head = _HEAD.format(parameters=", ".join([*keywords, *map(_to_parameter, fields)]))
    source = head + "".join(_LINE.format(name=field.name) for field in fields) + _TAIL
    exec(source, given)  # noqa: S102 - made of the names of fields alone, as dataclasses' own is
    setattr(cls, "__init__", given["__init__"])  # noqa: B010 - mypy rightly minds an assignment to a method
    _OPEN[cls] = unlocked
    return cls


def _to_parameter(field: "dataclasses.Field[Any]") -> str:
    return field.name if field.default is dataclasses.MISSING else f"{field.name}=default_{field.name}"


def build_maker(cls: type, names: tuple[str, ...]) -> Callable[..., Any]:
    """
    Return a function that makes a record of these fields, given in this order; others are not set at all.

    Where some are left out, `names` holds `rest`, by which the record comes by them (`ReadLater`).
    """
    given: dict[str, Any] = {"new": object.__new__, "open": _OPEN[cls], "closed": cls}
    lines = "".join(_LINE.format(name=name) for name in names)
    exec(_MAKER.format(parameters=", ".join(names), lines=lines, tail=_TAIL), given)  # noqa: S102 - as above
    make: Callable[..., Any] = given["make"]
    return make


class ReadLater:
    """
    A record that may be made without some of its fields, which are then read only when somebody asks for them.

    Its own field `rest`, which has no part in what the record is, is what they are read with.
    """

    __slots__ = ()

    if not TYPE_CHECKING:  # for a checker, a name that is wrong must stay wrong

        def __getattr__(self, name: str) -> Any:
            """
            Read a field that the record was made without, and keep it; Python asks for no others here.

            Raises:
                AttributeError: the record has no such field.
                VendorContractError: its value cannot be read.
            """
            rest: Rest | None = None if name == "rest" or name.startswith("__") else getattr(self, "rest", None)
            if rest is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            value = rest.read(self, name)
            object.__setattr__(self, name, value)
            return value
