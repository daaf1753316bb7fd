"""Descriptions, taken from where the words already stand."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T", bound=type)


def read_description(described: type) -> str:
    """Return a class's docstring as a GraphQL description: one line a paragraph."""
    paragraphs = inspect.cleandoc(described.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)


def described(make: Callable[..., Any], **options: Any) -> Callable[[T], T]:
    """Make a class a GraphQL type by one of Strawberry's decorators, described by its docstring."""

    def decorate(cls: T) -> T:
        made: T = make(cls, description=read_description(cls), **options)
        return made

    return decorate
