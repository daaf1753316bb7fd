"""
Opens the configured sources: reads `sources.toml`, checks every table, fetches the secrets, builds the adapters.

Nothing is sent to a vendor here. A mistake stops the start with the file, the line, what is wrong and the fix.
"""

import difflib
import re
import ssl
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import httpx
from pydantic import ValidationError

from adapters.contract import Source, SourceSettings, VendorPackage, Webhook
from adapters.errors import SettingsError
from adapters.evidence import NOTHING_FOUND, Evidence, Findings, fingerprint
from adapters.registry import find_vendors
from adapters.transport.network import build_transport
from graph.server.evidence_file import read_evidence
from graph.server.source_file import KeyPath, SourceFile, read_source_file
from graph.server.source_secrets import SecretReader

SANDBOX: Final = "sandbox"
SANDBOX_ORIGIN: Final = "http://127.0.0.1"

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}", re.ASCII)
_EXAMPLE: Final = "Write a table as [sources.retail] with vendor, base_url and the vendor's own keys."

Transports = Mapping[str, httpx.AsyncBaseTransport]
Vendors = Mapping[str, VendorPackage]


@dataclass(frozen=True, slots=True)
class OpenSources:
    """The sources by name, in the order of their file, and what must be closed with them."""

    by_name: Mapping[str, Source]
    transports: tuple[httpx.AsyncBaseTransport, ...] = field(default=(), repr=False)
    closers: tuple[Callable[[], None], ...] = field(default=(), repr=False)

    async def aclose(self) -> None:
        """Close every transport, then every sandbox."""
        for transport in self.transports:
            await transport.aclose()
        for close in self.closers:
            close()


def load_sources(
    path: Path,
    environ: Mapping[str, str],
    transports: Transports | None = None,
    vendors: Vendors | None = None,
) -> OpenSources:
    """
    Open every source of a file.

    `transports` replaces the network of the sources it names (tests), `vendors` the vendors found by folder.

    Raises:
        SettingsError: the first mistake, as `file:line: what. fix.`; never with a secret in it.
    """
    file = read_source_file(path)
    loader = _Loader(
        file,
        SecretReader(file, environ),
        transports or {},
        find_vendors() if vendors is None else vendors,
        read_evidence(path),
    )
    opened = {name: loader.open(name, table) for name, table in _tables_of(file).items()}
    return OpenSources(
        MappingProxyType({name: source for name, (source, _) in opened.items()}),
        tuple(transport for _, transport in opened.values()),
    )


def embedded_sandbox(vendors: Vendors | None = None) -> OpenSources:
    """
    Open the vendors' sandboxes inside this process, over made-up data.

    One vendor's source is named `sandbox`; several are named after their vendors.
    """
    found = find_vendors() if vendors is None else vendors
    sources, transports, closers = {}, [], []
    for vendor, package in found.items():
        parts = package.sandbox()
        table = {"vendor": vendor, **parts.table}
        table["base_url"] = SANDBOX_ORIGIN + str(table.get("base_url", ""))
        transport = httpx.ASGITransport(app=parts.app, raise_app_exceptions=False)
        name = SANDBOX if len(found) == 1 else vendor
        sources[name] = _build_source(name, package, package.settings.model_validate(table), transport)
        transports.append(transport)
        closers += [parts.close] if parts.close else []
    return OpenSources(MappingProxyType(sources), tuple(transports), tuple(closers))


@dataclass(frozen=True, slots=True)
class _Loader:
    """Opens the sources of one file."""

    file: SourceFile
    secrets: SecretReader
    transports: Transports
    vendors: Vendors
    evidence: Mapping[str, Evidence]

    def open(self, name: str, table: Any) -> tuple[Source, httpx.AsyncBaseTransport]:
        """Check one table and open its source."""
        at = ("sources", name)
        if not _NAME.fullmatch(name):
            fix = "Use a small letter first, then small letters, digits, '-' and '_', at most 63."
            raise self.file.refuse(at, f"The source name {name[:80]!r} cannot be used. {fix}")
        if not isinstance(table, dict):
            raise self.file.refuse(at, f"The source '{name}' is not a table. {_EXAMPLE}")
        package = self._find_package(table, at)
        settings = self._validate(package, table, at)
        transport = self.transports.get(name) or _build_network(settings)
        try:
            return _build_source(name, package, settings, transport, self._find(name, settings)), transport
        except ValueError as error:
            what = str(error)
        raise self.file.refuse(at, f"The source '{name}' cannot be opened: {what}")

    def _find(self, name: str, settings: SourceSettings) -> Findings:
        """Return what a check has found of this very account."""
        known = self.evidence.get(name)
        return known.find(settings.vendor, fingerprint(settings.account)) if known else NOTHING_FOUND

    def _find_package(self, table: Mapping[str, Any], at: KeyPath) -> VendorPackage:
        """Return the vendor a table names."""
        known = ", ".join(self.vendors)
        if "vendor" not in table:
            raise self.file.refuse(at, f"The source '{at[-1]}' names no vendor. Add vendor = one of: {known}.")
        vendor = table["vendor"]
        if not isinstance(vendor, str) or vendor not in self.vendors:
            hint = _closest(str(vendor), self.vendors) or f"Use one of: {known}."
            raise self.file.refuse((*at, "vendor"), f"There is no vendor {str(vendor)[:80]!r}. {hint}")
        return self.vendors[vendor]

    def _validate(self, package: VendorPackage, table: Mapping[str, Any], at: KeyPath) -> SourceSettings:
        """Fetch the secrets of a table and check it against the vendor's settings."""
        filled = self.secrets.fill(table, (package.settings,), at)
        try:
            return package.settings.model_validate(filled, context={"folder": self.file.path.parent})
        except ValidationError as error:
            # Neither the input nor the context is asked for: both may hold the secret.
            found = error.errors(include_url=False, include_input=False, include_context=False)
        raise self._build_refusal(found, package, table, at)

    def _build_refusal(
        self, found: list[Any], package: VendorPackage, table: Mapping[str, Any], at: KeyPath
    ) -> SettingsError:
        """Build the error for the most telling complaint: a key nobody knows explains one that is missing."""
        found = _likely(found)
        first = min(found, key=lambda each: each["type"] != "extra_forbidden")
        where = _keys_in(first)
        message = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            named = _closest(where[-1], _known_keys(found, first, package.settings))
            what = f"There is no key '{where[-1]}' for {package.name}. {named or 'Remove it.'}"
        elif first["type"] == "missing":
            what = f"The key '{'.'.join(where)}' is missing. Add it."
        else:
            where = where or tuple(key for key in table if message.startswith(key))[:1]
            what = f"{'.'.join(where) or at[-1]}: {message}"
            what = what if what.endswith(".") else f"{what}. Correct it."
        return self.file.refuse((*at, *where), what)


def _tables_of(file: SourceFile) -> dict[str, Any]:
    """Return the tables under `sources`, of which there must be one at least, with nothing beside them."""
    others = [key for key in file.data if key != "sources"]
    if others:
        raise file.refuse((others[0],), f"There is no setting '{others[0][:80]}' in this file. {_EXAMPLE}")
    tables = file.data.get("sources")
    if not isinstance(tables, dict) or not tables:
        raise file.refuse(("sources",), f"The file names no source. {_EXAMPLE}")
    return tables


def _build_source(
    name: str,
    package: VendorPackage,
    settings: SourceSettings,
    transport: httpx.AsyncBaseTransport,
    findings: Findings = NOTHING_FOUND,
) -> Source:
    """Build a source from checked settings; a vendor that is never checked need not know of findings."""
    known = {"findings": findings} if findings else {}
    capability = package.build_capability(settings, **known)
    return Source(
        name,
        package,
        capability,
        package.open(name, settings, transport, **known),
        account=fingerprint(settings.account),
        region=settings.region,
        writes=package.build_writes(settings),
        webhook=_build_webhook(package, settings),
    )


def _build_webhook(package: VendorPackage, settings: SourceSettings) -> Webhook | None:
    """Build where the vendor may tell of the source; raises `ValueError` where it never would."""
    if settings.webhook is None:
        return None
    if package.telling is None:
        raise ValueError(f"{package.title} sends no webhooks. Remove webhook.")
    telling = package.telling
    return Webhook(
        settings.webhook.secret,
        lambda body: telling.read_body(body, settings),
        lambda payload: telling.read(payload, settings),
    )


def _build_network(settings: Any) -> httpx.AsyncBaseTransport:
    """Build the network of a source; its settings may allow private addresses and bound its connections."""
    return build_transport(
        settings.base_url,
        allow_private=getattr(settings, "allow_private", False),
        connections=getattr(settings, "concurrency", 16),
        ssl_context=_trust(),
    )


@cache
def _trust() -> ssl.SSLContext:
    """Read whom sources trust, once for all of them: it takes a moment and a megabyte."""
    return httpx.create_ssl_context(trust_env=False)


def _likely(found: list[Any]) -> list[Any]:
    """Keep, where a table may be one of several kinds, the complaints of the kind that has the fewest."""
    kinds = Counter(filter(None, map(_kind_of, found)))
    meant = min(kinds, key=kinds.__getitem__, default=None)
    return [each for each in found if _kind_of(each) in {None, meant}]


def _kind_of(complaint: Any) -> str | None:
    """Return the class name that a union puts into a complaint's location; keys of ours begin with small letters."""
    return next((part for part in complaint["loc"] if str(part)[:1].isupper()), None)


def _keys_in(complaint: Any) -> KeyPath:
    """Return the keys of a complaint's location, without the class names that unions put between them."""
    keys = tuple(str(part) for part in complaint["loc"])
    inner, last = keys[:-1], keys[-1:]
    certain = complaint["type"] in {"extra_forbidden", "missing"}
    return tuple(key for key in inner if not key[0].isupper()) + tuple(
        key for key in last if certain or not key[:1].isupper()
    )


def _known_keys(found: list[Any], first: Any, settings: type[SourceSettings]) -> list[str]:
    """Return the keys that may stand beside an unknown one: the model's own, or those a sub-table lacks."""
    if len(first["loc"]) == 1:
        return list(settings.model_fields)
    return [str(each["loc"][-1]) for each in found if each["type"] == "missing"]


def _closest(name: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the closest known word, if one is close."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean '{close[0]}'?" if close else None
