"""
The words by which an OpenAPI file is understood: what a path is about, what a parameter names, what reads.

Names are compared without case and without what joins their words, so `organization_id` is `organizationId`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from adapters.records import Entity

_JOINTS: Final = re.compile(r"[^a-z0-9]")
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_READING: Final = frozenset(
    {"get", "read", "find", "fetch", "lookup", "look", "retrieve", "retrieval", "search", "query"}
)
_WRITING: Final = frozenset(
    {"create", "update", "upsert", "write", "put", "post", "patch", "save", "add", "set", "send", "log", "import"}
    | {"delete", "remove", "erase", "anonymize", "anonymise", "subscribe", "unsubscribe", "merge", "replace"}
)
_ERASING: Final = frozenset({"anonymize", "anonymise", "anonymization", "anonymisation", "erase", "erasure", "forget"})
_IDENTITIES: Final[Mapping[str, frozenset[str]]] = {
    "ref": frozenset({"ref", "reference", "externalid", "external", "externalref"}),
    "email": frozenset({"email", "emailaddress"}),
    "phone": frozenset({"phone", "phonenumber", "mobile"}),
    "id": frozenset({"id", "taguchiid"}),
}
_ORGANIZATION: Final = frozenset({"organizationid", "organisationid", "orgid", "organization", "organisation"})


@dataclass(frozen=True, slots=True)
class Subject:
    """
    What an operation may be about: `words` name it in a path, `key` is the source's key for its operationId.

    `identities` are those a record of it may have; an answer may wrap it in a property named by one of `words`.
    """

    entity: Entity
    words: tuple[str, ...]
    identities: tuple[str, ...]
    key: str
    article: str

    def is_named_by(self, segment: str) -> bool:
        """Say whether a segment of a path is this word, in the plural, or with a word of reading before it."""
        *before, last = split_words(segment) or [""]
        return last.removesuffix("s") in self.words and all(word in _READING or word in self.words for word in before)


SUBJECTS: Final[Mapping[Entity, Subject]] = {
    Entity.SUBSCRIBER: Subject(
        Entity.SUBSCRIBER, ("subscriber", "profile"), ("ref", "email", "phone", "id"), "profile", "a profile"
    ),
    Entity.PARTITION: Subject(Entity.PARTITION, ("partition",), ("ref", "id"), "partition", "a partition"),
}


def split_words(text: str) -> list[str]:
    """Split `getSubscriber`, `get_subscriber` or `get-subscriber` into small words."""
    return [word.lower() for word in _WORDS.findall(text)]


def names_identity(name: str, subject: Subject) -> str | None:
    """Return which identity a parameter or property names, with or without the subject's word in front."""
    small = _JOINTS.sub("", name.lower())
    forms = {small, *(small.removeprefix(word) for word in subject.words)}
    return next((identity for identity in subject.identities if forms & _IDENTITIES[identity]), None)


def is_organization(name: str) -> bool:
    """Say whether a parameter, a property or an `X-…` header takes the organization's id."""
    return _JOINTS.sub("", name.lower().removeprefix("x-")) in _ORGANIZATION


def reads_by_name(name: str) -> bool:
    """Say whether a name says that something is read, and nothing that it is written."""
    words = set(split_words(name))
    return bool(words & _READING) and not words & _WRITING


def erases_by_name(name: str) -> bool:
    """Say whether a name says that what tells who somebody is is taken away."""
    return bool(set(split_words(name)) & _ERASING)
