"""
What a vendor's failures become: a stable code for each, never an empty answer, and never a word of a secret.
"""

import asyncio
import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

import pytest
from pydantic import BaseModel, SecretStr

from adapters.errors import FacadeError, NotFoundError, VendorError
from adapters.sandbox.calls import REDACTED
from tests.contract.accounts import VENDORS, Account, build_scope
from tests.contract.gaps import mark_gaps
from tests.contract.reads import READS, list_reads
from tests.graph.leaks import describe_error, find_leaks, listening, print_all

Fault = Mapping[str, Any]

BAD: Final = frozenset({"VENDOR_BAD_RESPONSE"})
FAILURES: Final[Mapping[str, tuple[Fault, frozenset[str]]]] = {
    "400": ({"kind": "status", "status": 400}, frozenset({"VENDOR_REJECTED"})),
    "401": ({"kind": "status", "status": 401}, frozenset({"VENDOR_AUTH"})),
    "403": ({"kind": "status", "status": 403}, frozenset({"VENDOR_AUTH"})),
    "404": ({"kind": "status", "status": 404}, frozenset({"VENDOR_BAD_RESPONSE", "VENDOR_REJECTED"})),
    "409": ({"kind": "status", "status": 409}, frozenset({"CONFLICT", "VENDOR_REJECTED"})),
    "429": ({"kind": "status", "status": 429}, frozenset({"RATE_LIMITED"})),
    "500": ({"kind": "status", "status": 500}, frozenset({"VENDOR_UNAVAILABLE"})),
    "503": ({"kind": "status", "status": 503, "retry_after": "30"}, frozenset({"VENDOR_UNAVAILABLE"})),
    "a web page": ({"kind": "html"}, BAD),
    "an empty body": ({"kind": "empty"}, BAD),
    "half a body": ({"kind": "truncate"}, BAD),
    "null": ({"kind": "json", "body": "null"}, BAD),
    "a text": ({"kind": "json", "body": '"nothing"'}, BAD),
    "numbers": ({"kind": "json", "body": "[1, 2]"}, BAD),
    "another object": ({"kind": "json", "body": '{"weather": "fine"}'}, BAD),
    "no end": ({"kind": "hang"}, frozenset({"VENDOR_TIMEOUT"})),
    "a way elsewhere": ({"kind": "redirect", "location": "https://elsewhere.example/"}, BAD),
}
FEW: Final = ("403", "a web page", "an empty body", "half a body")


def _list_cases() -> Iterator[tuple[str, str, str]]:
    """Yield every failure of one read of each way, and a few of the other kinds of record, which are read alike."""
    seen = set()
    for vendor, name in READS:
        way = (vendor, re.sub("list of .*|.* (?=by id)", "", name))
        yield from ((vendor, name, failure) for failure in (FEW if way in seen else FAILURES))
        seen.add(way)


CASES: Final = list(_list_cases())
SHORT_S: Final = 0.2
MAY_FIND_NOTHING: Final = {"404"}


@pytest.mark.parametrize(("vendor", "name", "failure"), mark_gaps("test_a_failure_has_its_code", CASES))
async def test_a_failure_has_its_code(account: Account, name: str, failure: str):
    """A vendor's failure would look like an empty account, or like a mistake of ours."""
    read, (fault, codes) = list_reads(account.vendor)[name], FAILURES[failure]
    await read(account, build_scope())
    await account.misbehave(fault)

    try:
        found = await read(account, build_scope(deadline_s=SHORT_S if fault["kind"] == "hang" else 30))
    except NotFoundError:
        assert failure in MAY_FIND_NOTHING
    except VendorError as error:
        assert error.code in codes, f"{error.reason}: {error.message}"  # noqa: PT017 - which error is the point
        assert (error.source, error.vendor) == (account.vendor, account.vendor)  # noqa: PT017 - likewise
    else:
        assert failure in MAY_FIND_NOTHING, f"it is taken for an answer: {found!r}"[:300]
        assert not found
        assert not name.startswith("list of")


@pytest.mark.parametrize(("vendor", "name"), mark_gaps("test_after_a_failure_all_is_well", READS))
async def test_after_a_failure_all_is_well(account: Account, name: str):
    """One bad answer would leave a session, a pause or a remembered failure behind."""
    read = list_reads(account.vendor)[name]
    before = await read(account, build_scope())
    for kind in ("html", "empty", "truncate"):
        await account.misbehave({"kind": kind})
        with suppress(FacadeError):
            await read(account, build_scope())
        await account.behave()

    assert await read(account, build_scope()) == before


@pytest.mark.parametrize("vendor", VENDORS)
async def test_no_secret_is_told_or_logged(account: Account):
    """A key would stand in a log, an error or a plan, where many people read."""
    texts: list[str] = []
    with listening() as lines:
        for fault, _ in ({}, frozenset()), *FAILURES.values():
            await account.behave()
            if fault:
                await account.misbehave(fault)
            await asyncio.gather(*(_try(account, name, texts) for name in list_reads(account.vendor)))
    secrets = {*_list_secrets(account.settings), *await _list_sent(account)}

    assert secrets
    assert lines or texts
    assert find_leaks([*lines, *texts, *print_all(account.source.adapter, account.settings)], secrets) == []


async def _try(account: Account, name: str, texts: list[str]) -> None:
    """Read, and keep what is told of it: the calls of the plan, and everything an error says."""
    scope = build_scope(deadline_s=SHORT_S)
    try:
        await list_reads(account.vendor)[name](account, scope)
    except FacadeError as error:
        texts.extend(describe_error(error))
    texts.extend(print_all(*scope.calls))


def _list_secrets(value: Any) -> Iterator[str]:
    """Yield every secret in settings, in the form they were given."""
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _list_secrets(getattr(value, name))


async def _list_sent(account: Account) -> set[str]:
    """Return what travelled to let calls in: the header of authorisation, and what the sandbox's log leaves out."""
    found = set()
    hidden = {key for call in await account.received() for key, value in call["query"] if value == REDACTED}
    for request in account.wire.sent:
        found |= {value for key, value in request.url.params.multi_items() if key in hidden}
        scheme, _, credential = request.headers.get("authorization", "").partition(" ")
        found |= {credential or scheme} - {""}
        if scheme == "Basic":
            found.add(base64.b64decode(credential).decode())
    return found
