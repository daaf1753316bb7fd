"""
Which roles a source's adapter fills, masked or not.

A masked adapter has every role's methods, so what it wraps is asked.
"""

from typing import cast

from adapters.contract import ChecksEmail, FindsPeople, ReadsParts, ReadsRecords, Source, WritesRecords
from resolvers.policy.masking import MaskedAdapter


def find_parts_reader(source: Source) -> ReadsParts | None:
    """Return a source's adapter as one that reads parts of records, or None."""
    return cast("ReadsParts", source.adapter) if isinstance(_unwrap(source), ReadsParts) else None


def find_people_finder(source: Source) -> FindsPeople | None:
    """Return a source's adapter as one that finds people, or None."""
    return cast("FindsPeople", source.adapter) if isinstance(_unwrap(source), FindsPeople) else None


def find_email_checker(source: Source) -> ChecksEmail | None:
    """Return a source's adapter as one that judges addresses, or None."""
    return cast("ChecksEmail", source.adapter) if isinstance(_unwrap(source), ChecksEmail) else None


def find_reader(source: Source) -> ReadsRecords:
    """Return a source's adapter with nothing masked: for rules that look and do not show."""
    return _unwrap(source)


def find_finder(source: Source) -> FindsPeople | None:
    """Return a source's adapter as one that finds people, with nothing masked, or None."""
    own = _unwrap(source)
    return own if isinstance(own, FindsPeople) else None


def find_writer(source: Source) -> WritesRecords | None:
    """Return a source's adapter as one that can write, or None; writes show nothing, so there is nothing to mask."""
    own = _unwrap(source)
    return own if isinstance(own, WritesRecords) else None


def _unwrap(source: Source) -> ReadsRecords:
    adapter = source.adapter
    return adapter.adapter if isinstance(adapter, MaskedAdapter) else adapter
