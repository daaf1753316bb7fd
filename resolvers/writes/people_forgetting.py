"""
What the ledger must forget of a person: everything the person is known by, as digests and as it stands in messages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.contract import Source
from adapters.errors import FacadeError
from adapters.identity import to_e164, to_email_key
from resolvers.writes.arguments import digest_person, digest_subscriber
from resolvers.writes.people_parts import Found

_KNOWN_BY: Final = ("email", "phone", "mobile", "ref")

_ABOUT_PEOPLE: Final = ("user", "subscriber", "contact", "person", "profile", "customer", "ref")
"""What the way to a value in a message says where a short word there is a person's key."""


_LEAST_DIGITS: Final = 7
"""A number with fewer signs may stand in any text by chance."""

_BETWEEN_DIGITS: Final = str.maketrans("", "", " \t()-./")


def _squeeze(text: str) -> str:
    return text.translate(_BETWEEN_DIGITS)


@dataclass(slots=True)
class Identity:
    """
    Everything one person is known by: addresses and numbers, references, and ids by source.

    `telling` are addresses and numbers, which say of any text they stand in whom it is about.
    """

    digests: set[str] = field(default_factory=set)
    telling: set[str] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)
    ids: set[tuple[str, str]] = field(default_factory=set)

    def add(self, name: str, value: str, region: str | None) -> None:
        """Note one thing a person is known by, in every form it may have been written."""
        forms = {value}
        if name in {"phone", "mobile"}:
            forms |= {form for form in (value.strip(), to_e164(value, region)) if form}
            self.telling |= {form for form in map(_squeeze, forms) if len(form) >= _LEAST_DIGITS}
        self.digests |= {digest_person(name, form) for form in forms}
        if name == "email" and "@" in value:
            self.telling.add(to_email_key(value))
        if name == "ref":
            self.refs.add(value)

    def is_about(self, source: str, payload: Any) -> bool:
        """Say whether what a source told is about the person."""
        return any(self._names(source, way, text) for way, text in _walk(payload, ()))

    def _names(self, source: str, way: tuple[str, ...], text: str) -> bool:
        said = (text.lower(), _squeeze(text))
        if any(each in form for each in self.telling for form in said):
            return True
        known = text in self.refs or (source, text) in self.ids
        return known and any(word in each for word in _ABOUT_PEOPLE for each in way)


def gather_identity(named: Mapping[str, str], sources: Sequence[Source], found: Sequence[Found]) -> Identity:
    """Return everything a person is known by: what was named, and what each source keeps."""
    identity = Identity()
    for name, value in named.items():
        for region in {source.region for source in sources} or {None}:
            identity.add(name, value, region)
    for source, records in zip(sources, found, strict=True):
        for record in () if isinstance(records, FacadeError) else records:
            identity.digests.add(digest_subscriber(source.name, record.id))
            identity.ids.add((source.name, record.id))
            for name in _KNOWN_BY:
                if value := getattr(record, name):
                    identity.add(name, value, source.region)
    return identity


def _walk(value: Any, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _walk(each, (*way, str(name).lower()))
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for each in value:
            yield from _walk(each, way)
    elif value is not None:
        yield way, str(value)
