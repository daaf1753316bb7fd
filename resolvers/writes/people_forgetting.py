"""
What the ledger must forget of a person: everything the person is known by, as digests and as it stands in messages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from adapters.contract import Source
from adapters.errors import FacadeError
from adapters.identity import to_e164, to_email_key
from adapters.records import SubscriberRecord
from resolvers.writes.arguments import digest_person, digest_subscriber
from resolvers.writes.people_parts import Found

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
    Everything one person is known by: addresses, references, and ids by source.

    `telling` are addresses, which say of any text they stand in whom it is about. A number may be a household's:
    `shared` are its digests and `numbers` itself, for what names nobody else. Both are empty where an address or a
    reference was named too, as who only shares the number is another person then.
    """

    digests: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    telling: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)
    ids: set[tuple[str, str]] = field(default_factory=set)

    def add(self, name: str, value: str) -> None:
        """Note an address or a reference."""
        self.digests.add(digest_person(name, value))
        if name == "email" and "@" in value:
            self.telling.add(to_email_key(value))
        if name == "ref":
            self.refs.add(value)

    def add_number(self, value: str, region: str | None) -> None:
        """Note a telephone number in every form it may have been written."""
        forms = {value, value.strip(), to_e164(value, region) or value}
        self.shared |= {digest_person("phone", form) for form in forms}
        self.numbers |= {form for form in map(_squeeze, forms) if len(form) >= _LEAST_DIGITS}

    def is_about(self, source: str, payload: Any) -> bool:
        """Say whether what a source told is about the person."""
        told = list(_walk(payload, ()))
        if any(self._names(source, way, text) for way, text in told):
            return True
        return any(map(self._holds_number, told)) and not any("@" in text.lstrip("@") for _, text in told)

    def _names(self, source: str, way: tuple[str, ...], text: str) -> bool:
        if any(_holds_address(text.lower(), each) for each in self.telling):
            return True
        known = text in self.refs or (source, text) in self.ids
        return known and any(word in each for word in _ABOUT_PEOPLE for each in way)

    def _holds_number(self, told: tuple[tuple[str, ...], str]) -> bool:
        return any(each in _squeeze(told[1]) for each in self.numbers)


def _holds_address(text: str, address: str) -> bool:
    """Say whether an address stands in a text as a whole: `ann@shop.example` does not in `joann@shop.example`."""
    at = text.find(address)
    while at != -1:
        before, after = text[:at][-1:], text[at + len(address) :][:1]
        if not (_is_of_address(before) or _is_of_address(after)):
            return True
        at = text.find(address, at + 1)
    return False


def _is_of_address(sign: str) -> bool:
    """Say whether a sign beside an address makes it another one; a full stop may end a sentence."""
    return sign.isalnum() or (sign != "" and sign in "_+-")


def gather_identity(named: Mapping[str, str], sources: Sequence[Source], found: Sequence[Found]) -> Identity:
    """
    Return everything a person is known by: what was named, and what each source keeps.

    A number counts only where it is all that was named, and then no other number that a source keeps.
    """
    identity = Identity()
    number = named["phone"] if named.keys() == {"phone"} else None
    for name in named.keys() - {"phone"}:
        identity.add(name, named[name])
    for source, records in zip(sources, found, strict=True):
        if number is not None:
            identity.add_number(number, source.region)
        for record in () if isinstance(records, FacadeError) else records:
            _add_record(identity, record, source, number)
    return identity


def _add_record(identity: Identity, record: SubscriberRecord, source: Source, number: str | None) -> None:
    identity.digests.add(digest_subscriber(source.name, record.id))
    identity.ids.add((source.name, record.id))
    for name in ("email", "ref"):
        if value := getattr(record, name):
            identity.add(name, value)
    for kept in (record.phone, record.mobile):
        if kept and number is not None and _is_same_number(kept, number, source.region):
            identity.add_number(kept, source.region)


def _is_same_number(one: str, other: str, region: str | None) -> bool:
    numbers = {to_e164(each, region) or _squeeze(each) for each in (one, other)}
    return len(numbers) == 1


def _walk(value: Any, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the texts of a message, its names too, each with the way to it; what an address quotes is read."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield way, str(name)
            yield from _walk(each, (*way, str(name).lower()))
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for each in value:
            yield from _walk(each, way)
    elif value is not None:
        yield way, str(value)
        if "%" in str(value):
            yield way, unquote(str(value))
