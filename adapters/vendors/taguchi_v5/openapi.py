"""
An endpoint's own OpenAPI file: read, bounded, and its references followed inside the file only.

Source: taguchi-v5-integration.txt, Details: each integration has a "Test OpenAPI Spec File" and a "Production OpenAPI
Spec File". No copy of one is public, so nothing is taken for granted but OpenAPI 3 itself.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

Json = Mapping[str, Any]

MAX_BYTES: Final = 5_000_000
MAX_HOPS: Final = 20
_KEY: Final = "openapi"
_ABSENT: Final[Json] = {}
_PATH: Final = re.compile(r"(?:/(?:[A-Za-z0-9\-._~]+|\{[^{}/]+\}))+/?")


def refuse(what: str) -> ValueError:
    """Build the error of an unusable file; the message begins with the key, by which its line is found."""
    return ValueError(f"{_KEY}: {what}")


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed OpenAPI file."""

    data: Json

    def follow(self, node: Any) -> Json:
        """
        Return an object of the file, its `$ref` replaced by what it points at; an empty one for anything else.

        Raises:
            ValueError: it points outside the file, nowhere, or in circles.
        """
        for _ in range(MAX_HOPS):
            if not isinstance(node, dict):
                return _ABSENT
            if "$ref" not in node:
                return node
            node = self._find(node["$ref"])
        raise refuse("its references run in circles; download the file anew.")

    def _find(self, reference: Any) -> Any:
        """Find what a JSON pointer within the file names. Source: RFC 6901."""
        if not isinstance(reference, str) or not reference.startswith("#/"):
            raise refuse("it refers to another file, which is not read; put everything into one file.")
        found: Any = self.data
        for part in reference[2:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, dict) or name not in found:
                raise refuse("it refers to a part that it does not hold; download the file anew.")
            found = found[name]
        return found

    @property
    def paths(self) -> Iterator[tuple[str, Json]]:
        """Yield each path's template with what can be done there."""
        for template, item in self.data["paths"].items():
            yield str(template), self.follow(item)

    @property
    def server_paths(self) -> tuple[str, ...]:
        """The path of each server, its variables at their defaults; the root where none is named."""
        servers = self.data.get("servers")
        listed = [self.follow(each) for each in servers] if isinstance(servers, list) else []
        return tuple(_to_server_path(each) for each in listed) or ("",)

    def to_relative(self, template: str, base_path: str) -> str:
        """
        Return a path as it stands below the source's base URL.

        The server's path and the path's template together begin with the base URL's path; or, where a proxy puts
        something in front, the base URL's path ends with the server's.

        Raises:
            ValueError: neither is so: the file is another endpoint's, or the other stage's.
        """
        if not _PATH.fullmatch(template):
            raise refuse("one of its paths cannot stand in an address; download the file anew.")
        for server in self.server_paths:
            whole = server + template
            if whole.startswith(f"{base_path}/"):
                return whole[len(base_path) + 1 :]
            if base_path.endswith(server):
                return template.lstrip("/")
        raise refuse(
            "it describes another endpoint, or the test one, since its server's path is not that of base_url; "
            "download the Production OpenAPI Spec File of this endpoint."
        )


def _to_server_path(server: Json) -> str:
    url = str(server.get("url", ""))
    variables = server.get("variables")
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        default = variable.get("default", "") if isinstance(variable, dict) else ""
        url = url.replace(f"{{{name}}}", str(default))
    try:
        path = urlsplit(url).path
    except ValueError:
        raise refuse("its server's address is none; download the file anew.") from None
    return "/" + path.strip("/") if path.strip("/") else ""


def read_document(path: Path) -> Document:
    """
    Read an OpenAPI file.

    Raises:
        ValueError: it cannot be read, is too long, or is no OpenAPI 3 file in JSON.
    """
    data = _parse(_read(path))
    version = data.get(_KEY) if isinstance(data, dict) else None
    if not isinstance(version, str) or not version.startswith("3."):
        raise refuse("the file is not of OpenAPI 3; download the endpoint's OpenAPI Spec File.")
    if not isinstance(data.get("paths"), dict) or not data["paths"]:
        raise refuse("the file names no paths; download the endpoint's OpenAPI Spec File anew.")
    return Document(data)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise refuse(f"the file {path} cannot be read ({reason}); correct its path and rights.") from None
    if len(raw) > MAX_BYTES:
        raise refuse(f"the file is longer than {MAX_BYTES} bytes; is it the right one?")
    return raw


def _parse(raw: bytes) -> Any:
    try:
        return orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise refuse("the file is not JSON; a YAML file must be converted to JSON first.") from None
