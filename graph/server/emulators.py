"""Serves the vendors' sandboxes by real HTTP, for people and programs that want to talk to a vendor without one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.contract import SandboxParts
from adapters.registry import find_vendors

_SECRETS: Final = frozenset(
    {"token", "password", "key", "secret", "api_key", "secret_key", "jwt_secret", "private_key"}
)


@dataclass(frozen=True, slots=True)
class Emulator:
    """One vendor's sandbox, with the prefix of its paths and the table of `sources.toml` that reaches it."""

    vendor: str
    prefix: str
    parts: SandboxParts

    def describe(self, origin: str) -> Iterator[str]:
        """Yield the lines of the source's table, secrets as names of environment variables."""
        yield f"[sources.{self.vendor}]"
        table = {
            "vendor": self.vendor,
            **self.parts.table,
            "base_url": f"{origin}{self.prefix}{self.parts.table.get('base_url', '')}",
        }
        for key, value in table.items():
            yield f"{key} = {_to_toml(value, self.variable)}"

    def exports(self) -> Iterator[str]:
        """Yield the shell lines that set those variables."""
        for name, value in _find_secrets(self.parts.table):
            yield f"export {self.variable(name)}='{value}'"

    def variable(self, key: str) -> str:
        """Return the name of the environment variable that holds one secret of this source."""
        return f"SANDBOX_{self.vendor}_{key}".upper()


class Emulators:
    """Several sandboxes as one ASGI app, told apart by the first part of the path."""

    def __init__(self, emulators: tuple[Emulator, ...]) -> None:
        """Take the sandboxes; each answers below its own prefix."""
        self.all = emulators
        self._apps: Mapping[str, ASGIApp] = {each.prefix: each.parts.app for each in emulators}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the sandbox whose prefix its path has."""
        if scope["type"] == "lifespan":
            await next(iter(self._apps.values()))(scope, receive, send)
            return
        prefix = "/" + scope["path"].split("/", 2)[1]
        app = self._apps.get(prefix)
        if app is None:
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": f"Sandboxes: {', '.join(self._apps)}\n".encode()})
            return
        cut = len(prefix)
        inner = {**scope, "path": scope["path"][cut:], "raw_path": scope["raw_path"][cut:]}
        await app(inner, receive, send)

    def close(self) -> None:
        """Let go of what the sandboxes keep."""
        for each in self.all:
            if each.parts.close is not None:
                each.parts.close()


def open_emulators() -> Emulators:
    """Build every vendor's sandbox."""
    return Emulators(tuple(Emulator(name, f"/{name}", package.sandbox()) for name, package in find_vendors().items()))


def _to_toml(value: Any, variable: Any, key: str = "") -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{name} = {_to_toml(each, variable, name)}" for name, each in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_to_toml(each, variable, key) for each in value)}]"
    if key in _SECRETS:
        return f'{{ env = "{variable(key)}" }}'
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else f'"{value}"'


def _find_secrets(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _find_secrets(value)
        elif key in _SECRETS:
            yield key, value
