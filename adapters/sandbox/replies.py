"""
What a simulator answers, before it becomes bytes on a socket.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

Row = dict[str, Any]
Render = Callable[[Sequence[Row]], bytes]
Stream = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Reply:
    """
    A status, headers and a body.

    A reply made of rows keeps them, with the function that prints them, so that faults can drop, repeat or bend rows
    without knowing the vendor's envelope. A `stream` replaces the body for replies too large to hold; it is sent
    without a length.
    """

    status: int
    body: bytes = b""
    media_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] | None = None
    render: Render | None = None
    stream: Stream | None = None

    @classmethod
    def of_rows(cls, rows: Sequence[Row], render: Render, media_type: str, status: int = 200) -> "Reply":
        """A reply that prints these rows."""
        return cls(status, render(rows), media_type, rows=tuple(rows), render=render)

    def with_rows(self, rows: Sequence[Row]) -> "Reply":
        """The same reply printing other rows; a reply that holds no rows stays as it is."""
        if self.render is None:
            return self
        return replace(self, rows=tuple(rows), body=self.render(rows))

    def build_headers(self) -> list[tuple[bytes, bytes]]:
        """The header block, with the length unless the body is streamed or the status forbids one."""
        block = [(name.lower(), value) for name, value in self.headers]
        if self.media_type is not None:
            block.append(("content-type", self.media_type))
        if self.stream is None and self.status != NO_CONTENT:
            block.append(("content-length", str(len(self.body))))
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in block]


NO_CONTENT = 204


def html_page(title: str, text: str) -> bytes:
    """
    A well-formed XHTML page with one line of text after a line break, without a namespace.

    Source: vendors/facts.md, 1.1: the official client parses a refusal as XML and prints what follows the first
    `body/br`.
    """
    head = f"<head><title>{_escape(title)}</title></head>"
    body = f"<body><h1>{_escape(title)}</h1><br/>{_escape(text)}</body>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<html>{head}{body}</html>\n'.encode()


def _escape(text: str) -> str:
    printable = "".join(character if character.isprintable() else "?" for character in text)
    return printable.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
