"""
Ways to read an account that every vendor has some of: a list, records by id, a person by e-mail address.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import httpx

from adapters.calls import CallScope
from adapters.contract import ChecksEmail, FindsPeople, PersonQuery, SliceQuery
from adapters.errors import FacadeError
from adapters.records import Entity
from adapters.registry import find_vendors
from tests.contract.accounts import (
    VENDORS,
    Account,
    build_capability,
    build_settings,
    list_read_by_id,
    list_tables,
)
from tests.contract.gaps import read_notes

Read = Callable[[Account, CallScope], Awaitable[Any]]

EMAIL: Final = "thomas_1@example.com"
"""Of the first of the cast; some sandboxes write it in other letters."""


def read_list(entity: Entity) -> Read:
    """Return the reading of a list's first rows."""

    async def read(account: Account, scope: CallScope) -> Any:
        query = SliceQuery(entity, limit=5, feed=await account.find_feed(entity))
        return await account.source.adapter.fetch_slice(query, scope)

    return read


def read_ids(entity: Entity) -> Read:
    """Return the reading of one record by its id; its error is raised."""

    async def read(account: Account, scope: CallScope) -> Any:
        known = await account.fetch_known(entity, 1)
        ids = [known[0].id if known else "1"]
        found = await account.source.adapter.fetch_by_ids(entity, ids, scope, parts=frozenset(), purpose="contract")
        return _raise_error(found[ids[0]])

    return read


async def read_person(account: Account, scope: CallScope) -> Any:
    """Find a person by address."""
    finder = account.source.adapter
    assert isinstance(finder, FindsPeople)
    return await finder.fetch_people(PersonQuery(email=EMAIL), scope, purpose="contract")


async def read_check(account: Account, scope: CallScope) -> Any:
    """Ask what the vendor makes of an address."""
    checker = account.source.adapter
    assert isinstance(checker, ChecksEmail)
    return await checker.fetch_email_check(EMAIL, scope, purpose="contract")


def _raise_error(loaded: Any) -> Any:
    if isinstance(loaded, FacadeError):
        raise loaded
    return loaded


def list_reads(vendor: str) -> dict[str, Read]:
    """Return the ways to read a vendor's account, by name."""
    listed = {f"list of {entity.plural}": read_list(entity) for entity in list_tables(vendor)}
    by_id = {f"{entity} by id": read_ids(entity) for entity in list_read_by_id(vendor) if _is_readable(vendor, entity)}
    roles = {"person": (FindsPeople, read_person), "address": (ChecksEmail, read_check)}
    filled = {name: read for name, (role, read) in roles.items() if _fills(vendor, role)}
    return {**listed, **by_id, **filled}


def _is_readable(vendor: str, entity: Entity) -> bool:
    """Say whether anything of the kind is there to be read."""
    able = build_capability(vendor).entities[entity]
    return able.listable or entity is Entity.SUBSCRIBER or entity in read_notes(vendor).get("known", {})


def _fills(vendor: str, role: type) -> bool:
    """Say whether a vendor's adapter fills a role."""
    adapter = find_vendors()[vendor].open(vendor, build_settings(vendor), httpx.MockTransport(_never))
    return isinstance(adapter, role)


def _never(_request: httpx.Request) -> httpx.Response:
    raise AssertionError("opening a source sends nothing")


READS: Final = [(vendor, name) for vendor in VENDORS for name in list_reads(vendor)]
"""Every way to read every vendor's account."""
