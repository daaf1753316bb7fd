"""
Credentials inside texts: what imports read is named by URIs, and those may hold a password.

They are taken out before a record is made or a write is kept, so nothing that shows either can show them.
Source: taguchi-v4-api.txt, Import Resource, Manifest: "with inline authentication credentials if necessary".
"""

import html
import re
from collections.abc import Mapping
from typing import Any, Final

REDACTED: Final = "REDACTED"

_START = r"\b[a-z][a-z0-9+.-]{0,20}:[/\\]{2}"
_WHOLE = re.compile(rf"(?is)(?P<start>\s*(?:{_START}|[/\\]{{2}}))(?P<rest>.*)")
_WITHIN = re.compile(rf"(?is)(?P<start>{_START}|(?<![:/\\])[/\\]{{2}})(?P<rest>(?:(?!{_START}).)*)")
_VALUE = re.compile(r"(?<==)[^&;#\s]+")
_END_OF_HOST = re.compile(r"[/\\?#]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|[^\"'<>]+")


def hide_credentials(text: str) -> str:
    """
    Return a text whose URIs show neither user and password nor the values of their parameters.

    A text that begins as a URI is one to its end, whatever its password holds.
    """
    pattern = _WHOLE if _WHOLE.match(text) else _WITHIN
    return pattern.sub(lambda found: found["start"] + _hide_in_uri(found["rest"]), text)


def hide_credentials_in_xml(text: str) -> str:
    """Return an XML text without credentials, also where they were written with character references."""
    return _QUOTED.sub(lambda found: _hide_in_segment(found[0]), text)


def hide_in_plain(value: Any) -> Any:
    """Return plain JSON without credentials in any of its texts, XML or not; the names in it stay."""
    if isinstance(value, Mapping):
        return {name: hide_in_plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [hide_in_plain(each) for each in value]
    if not isinstance(value, str):
        return value
    return hide_credentials_in_xml(value) if value.lstrip().startswith("<") else hide_credentials(value)


def _hide_in_uri(rest: str) -> str:
    """
    Hide what stands before the host, and what follows the question mark.

    A password may hold unescaped slashes, question marks, blanks and more: what looks like a host and its port, with an
    `@` anywhere behind it, is taken as the beginning of one.
    """
    host = _END_OF_HOST.split(rest, maxsplit=1)[0]
    if "@" in rest and ("@" in host or ":" in host):
        rest = f"{REDACTED}@{rest.rpartition('@')[2]}"
    path, mark, query = rest.partition("?")
    return path + mark + _VALUE.sub(REDACTED, query)


def _hide_in_segment(segment: str) -> str:
    quote = segment[0] if segment[0] in "\"'" else ""
    plain = html.unescape(segment[1:-1] if quote else segment)
    hidden = hide_credentials(plain)
    return segment if hidden == plain else f"{quote}{html.escape(hidden)}{quote}"
