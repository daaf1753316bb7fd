"""
Secrets of `sources.toml`: `{ env = "NAME" }` or `{ file = "path" }`, never the text itself.

Which keys hold secrets is read from the vendor's settings model: those whose type is `SecretStr`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, SecretStr

from graph.server.source_file import KeyPath, SourceFile

_MAX_BYTES: Final = 64 * 1024
_FIX: Final = 'Write it as {{ env = "NAME" }} or {{ file = "path" }}: {key} = {{ env = "NAME" }}.'

Models = tuple[type[BaseModel], ...]


@dataclass(frozen=True, slots=True)
class SecretReader:
    """Puts the secrets into a source's table; `environ` is the process's environment."""

    file: SourceFile
    environ: Mapping[str, str]

    def fill(self, table: Mapping[str, Any], models: Models, at: KeyPath) -> dict[str, Any]:
        """
        Return a table with every reference to a secret replaced by the secret, as `SecretStr`.

        Raises:
            SettingsError: a secret stands there as plain text, or its reference leads nowhere.
        """
        return {key: self._fill_value(key, value, models, (*at, key)) for key, value in table.items()}

    def _fill_value(self, key: str, value: Any, models: Models, at: KeyPath) -> Any:
        types = tuple(_types_of(key, models))
        if SecretStr in types:
            return self._read_each(value, at) if isinstance(value, list) and tuple in types else self._read(value, at)
        inner = tuple(each for each in types if issubclass(each, BaseModel))
        secret = [name for model in inner for name in model.model_fields if SecretStr in _types_of(name, (model,))]
        if secret and isinstance(value, str):
            fix = f'{key} = {{ {secret[0]} = {{ env = "NAME" }} }}'
            raise self.file.refuse(at, f"The secret '{key}' stands here as plain text. Write it as {fix}.")
        return self.fill(value, inner, at) if inner and isinstance(value, dict) else value

    def _read_each(self, values: list[Any], at: KeyPath) -> tuple[SecretStr, ...]:
        return tuple(self._read(value, at) for value in values)

    def _read(self, value: Any, at: KeyPath) -> SecretStr:
        """Read one secret from where its reference points."""
        if not isinstance(value, dict):
            raise self.file.refuse(at, f"The secret '{at[-1]}' stands here as plain text. {_FIX.format(key=at[-1])}")
        if len(value) != 1 or not all(isinstance(name, str) and name for name in value.values()):
            raise self.file.refuse(at, f"The secret '{at[-1]}' must name one place. {_FIX.format(key=at[-1])}")
        kind, name = next(iter(value.items()))
        if kind == "env":
            return self._read_variable(name, at)
        if kind == "file":
            return self._read_file(name, at)
        raise self.file.refuse(at, f"The secret '{at[-1]}' cannot come from '{kind}'. {_FIX.format(key=at[-1])}")

    def _read_variable(self, name: str, at: KeyPath) -> SecretStr:
        text = self.environ.get(name)
        if not text:
            state = "not set" if text is None else "empty"
            raise self.file.refuse(at, f"The environment variable {name} is {state}. Set it to the secret '{at[-1]}'.")
        return SecretStr(text)

    def _read_file(self, name: str, at: KeyPath) -> SecretStr:
        """Read a secret from a file beside `sources.toml`; line breaks at its end are not part of it."""
        path = self.file.path.parent / Path(name)
        try:
            with path.open("rb") as file:
                text = file.read(_MAX_BYTES).decode().rstrip("\r\n")
        except (OSError, UnicodeDecodeError, ValueError):
            text = ""
        if not text:
            what = f"The file {name} cannot be read, or holds no text"
            raise self.file.refuse(at, f"{what}. Put the secret '{at[-1]}' there, readable for the server.")
        return SecretStr(text)


def _types_of(key: str, models: Models) -> Iterator[type]:
    """Yield the plain classes a key may hold in any of the models a table may be."""
    for model in models:
        field = model.model_fields.get(key)
        if field is not None:
            yield from _flatten(field.annotation)


def _flatten(annotation: Any) -> Iterator[type]:
    """Yield the classes inside a union or another composed type, and what composes them."""
    if isinstance(origin := get_origin(annotation), type):
        yield origin
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for part in get_args(annotation):
        yield from _flatten(part)
