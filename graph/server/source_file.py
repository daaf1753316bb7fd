"""
`sources.toml` as text and as data, with the line of every key: an operator's mistake is shown where it stands.

`tomllib` keeps no positions, so headers and keys are found again by a small scan; a key inside a one-line table has the
line of that table.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from adapters.errors import SettingsError

_PART: Final = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEY: Final = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER: Final = re.compile(rf"\s*\[\[?\s*({_KEY})\s*\]")
_ASSIGNMENT: Final = re.compile(rf"\s*({_KEY})\s*=")
_AT_LINE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_MAX_BYTES: Final = 1_000_000

KeyPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A parsed `sources.toml`: where it is, what it holds, and on which line each key stands."""

    path: Path
    data: dict[str, Any]
    lines: dict[KeyPath, int]

    def refuse(self, at: KeyPath, what: str) -> SettingsError:
        """Build the error for the key at a path, or for the nearest table around it that has a line."""
        while at and at not in self.lines:
            at = at[:-1]
        return SettingsError(f"{self.path}:{self.lines.get(at, 1)}: {what}")


def read_source_file(path: Path) -> SourceFile:
    """
    Read and parse a file.

    Raises:
        SettingsError: it is missing, unreadable, too long, not UTF-8 or not TOML.
    """
    text = _read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
    else:
        return SourceFile(path, data, find_lines(text))
    place = _AT_LINE.search(message)
    line = place[1] if place and place[1] else len(text.splitlines())
    raise SettingsError(f"{path}:{line}: This is not TOML: {_AT_LINE.sub('', message)}. Correct this line.")


def find_lines(text: str) -> dict[KeyPath, int]:
    """Return the line of every table and key, counted from 1; of two with one name the first counts."""
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = found = _split_key(header[1])
        elif assignment := _ASSIGNMENT.match(line):
            found = table + _split_key(assignment[1])
        else:
            continue
        for end in range(1, len(found) + 1):
            lines.setdefault(found[:end], number)
    return lines


def _read_text(path: Path) -> str:
    """Read a file of bounded length."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise SettingsError(
            f"{path}:1: The sources file cannot be read ({reason}). Check its path and rights."
        ) from None
    if len(raw) > _MAX_BYTES:
        raise SettingsError(f"{path}:1: The sources file is longer than {_MAX_BYTES} bytes. Is it the right file?")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
    raise SettingsError(f"{path}:{line}: The sources file is not UTF-8. Save it as UTF-8.")


def _split_key(text: str) -> KeyPath:
    """Split a dotted key into its parts, without their quotes."""
    return tuple(part.strip("\"'") for part in re.findall(_PART, text))
