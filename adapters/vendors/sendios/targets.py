"""
Whom a write is about: somebody by id, or by project and e-mail address, read before anything is sent.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from adapters.calls import CallNote, CallScope
from adapters.contract import WriteCommand
from adapters.errors import IdError, InputError, NotFoundError
from adapters.identity import to_email_key
from adapters.transport.client import VendorRequest

from .endpoints import build_user, build_user_by_email
from .mapping import Account, find_user
from .opt_outs import read_opt_out
from .people import is_user_id
from .reading import Reader
from .values import ID_DIGITS, read_required_id, read_required_text
from .wire import Row

_ADDRESS: Final = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")
Path = tuple[str | int, ...]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Work:
    """One write being prepared: what is asked, and how to read what it must know."""

    reader: Reader
    command: WriteCommand
    scope: CallScope
    purpose: str

    @property
    def values(self) -> Mapping[str, Any]:
        """The write's input by our names."""
        return self.command.values

    async def fetch(self, request: VendorRequest, read: Callable[[Any], Value | None]) -> Value | None:
        """Read something as the vendor shows it now, whatever is remembered; None where it knows none."""
        found, _ = await self.reader.fetch_known(replace(request, remembered_as=None), read, self.scope)
        return found


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody Sendios knows, with the row of user info that tells it."""

    id: str
    project_id: int
    email: str
    opted_out: bool
    row: Row


async def fetch_person(work: Work) -> Person:
    """
    Read whom a write is about.

    Raises:
        InputError: the id or the address can be nobody's.
        NotFoundError: the vendor knows no such person.
        VendorError: the vendor could not be asked, or showed somebody else.
    """
    person = await find_person(work)
    if person is None:
        raise NotFoundError(
            f"Source '{work.command.source}' knows no such person.",
            reason="PERSON_UNKNOWN",
            hint="Sendios makes people only by sending to them, and shows them some seconds later: see `sendMessage`.",
        )
    return person


async def find_person(work: Work) -> Person | None:
    """Read whom a write is about, or None where the vendor knows no such person."""

    def read(data: Any) -> Person | None:
        row = find_user(data)
        return None if row is None else _to_person(work.reader.account, row)

    person = await work.fetch(build_person_request(work), read)
    if person is not None and not _is_same(work, person):
        raise NotFoundError(
            f"Source '{work.command.source}' knows another person under this name.", reason="RECORD_OTHER"
        )
    return person


def _to_person(account: Account, row: Row) -> Person:
    return Person(
        id=read_required_id(row),
        project_id=int(read_required_id(row, "project_id")),
        email=read_required_text(row, "email"),
        opted_out=read_opt_out(row, "unsubscribe", account.zone).unsubscribed,
        row=row,
    )


def build_person_request(work: Work) -> VendorRequest:
    """Build the read of user info of whom a write is about."""
    note = CallNote(work.purpose)
    named = work.values.get("by_email")
    if named is None:
        return build_user(read_user_id(work.command), note)
    return build_user_by_email(read_project(work, named), read_email(named["email"], ("input", "byEmail")), note)


def _is_same(work: Work, person: Person) -> bool:
    """Say whether somebody is who was asked for: the vendor corrects addresses."""
    named = work.values.get("by_email")
    if named is None:
        return person.id == work.command.target
    return to_email_key(person.email) == to_email_key(named["email"])


def read_user_id(command: WriteCommand) -> str:
    """Return the id a write names; raises `IdError` where it can be nobody's."""
    if command.target is None or not is_user_id(command.target):
        raise IdError("Sendios' people have numbers as ids.", path=("input", "id"))
    return command.target


def read_project(work: Work, named: Mapping[str, Any], path: Path = ("input", "byEmail")) -> int:
    """Return the project that is meant: the one that is named, or the only one of the source."""
    projects, given = work.reader.account.projects, named.get("project_id")
    if given is None and len(projects) == 1:
        return next(iter(projects))
    known = ", ".join(map(str, projects))
    if given is None or given not in map(str, projects):
        what = "The project must be named." if given is None else "The source has no such project."
        raise InputError(what, hint=f"Its projects: {known}.", path=(*path, "projectId"))
    return int(given)


def read_email(email: str, path: Path) -> str:
    """Return an address that can be one; raises `InputError`."""
    if not (_ADDRESS.fullmatch(email) and email.isprintable()):
        raise InputError("This is no e-mail address.", path=(*path, "email"))
    return email


def read_number(value: Any, path: Path) -> int:
    """Return one of the vendor's ids as the number it is sent as; raises `IdError`."""
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < ID_DIGITS):
        raise IdError("Sendios' ids are whole numbers.", path=path)
    return int(text)


def read_seconds(value: str) -> int:
    """Return a time, as commands hold it, in seconds since 1970."""
    return int(datetime.fromisoformat(value).timestamp())
