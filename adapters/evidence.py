"""
What a check of a source has found out where its vendor's document is silent, and the form it is kept in.

Findings are of one account: they are kept with a fingerprint of its address, and are never used for another. They hold
counts and the shape of questions; no secret, no id and nothing about a person.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from pydantic import TypeAdapter, ValidationError

VERSION: Final = 1
"""Of the form; findings in another form are made anew."""


class Verdict(StrEnum):
    """What a check says of a fact."""

    PROVEN = "PROVEN"
    DISPROVED = "DISPROVED"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What a check says of one fact about a source.

    `fact` is the vendor code's word for it and `title` a sentence that is true or not; `asked` are the questions'
    shapes, `came` what the replies showed, `meaning` what follows for plans. `value` is a number that belongs to it.
    """

    fact: str
    title: str
    verdict: Verdict
    asked: tuple[str, ...]
    came: str
    meaning: str
    value: int | None = None


Findings = Mapping[str, Finding]
"""Findings by fact."""

NOTHING_FOUND: Final[Findings] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Evidence:
    """The findings of one check: of which vendor's account, and when."""

    vendor: str
    account: str
    checked_at: datetime
    findings: tuple[Finding, ...]

    def find(self, vendor: str, account: str) -> Findings:
        """Return the findings by fact if they are of this account, nothing otherwise."""
        if (self.vendor, self.account) != (vendor, account):
            return NOTHING_FOUND
        return {finding.fact: finding for finding in self.findings}


@dataclass(frozen=True, slots=True)
class _Kept:
    version: int
    sources: dict[str, Evidence]


_KEPT: Final = TypeAdapter(_Kept)


def fingerprint(account: str) -> str:
    """Build the mark by which findings are told to be of an account; it cannot be turned back into its address."""
    return hashlib.sha256(account.encode()).hexdigest()[:32]


def print_evidence(sources: Mapping[str, Evidence]) -> bytes:
    """Write the evidence of sources, by name, as JSON."""
    return _KEPT.dump_json(_Kept(VERSION, dict(sources)), indent=2) + b"\n"


def parse_evidence(text: bytes) -> Mapping[str, Evidence]:
    """
    Read what `print_evidence` wrote.

    Raises:
        ValueError: it is something else, or of another version.
    """
    try:
        kept = _KEPT.validate_json(text)
    except ValidationError:
        raise ValueError("it is not what a check writes") from None
    if kept.version != VERSION:
        raise ValueError("another version wrote it")
    return kept.sources
