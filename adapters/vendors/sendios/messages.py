"""
Sending one system or trigger mail, which also makes its reader a user where the vendor knew none.

The vendor has no key by which it would know a repeated sending: it is sent once and never again. The body has the
newest of three shapes in use. Source: vendors/facts.md, 4.3; sendios-faq.txt, 6 to 9.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from adapters.errors import CapabilityError, InputError
from adapters.identity import to_email_key

from .drafts import Draft
from .email_check import fetch_email_check
from .field_values import to_own_fields
from .message_words import word_meta, word_reader, word_user
from .targets import Path, Work, fetch_person, read_email, read_number, read_project
from .write_endpoints import build_push

PART: Final[Path] = ("input", "sendios")
_RESERVED: Final = frozenset({"user", "meta"})
_PUSH_NAMES: Final[Mapping[str, str]] = {"language": "language_id", "country": "country_id"}
"""The push call's own spelling. Source: sendios-faq.txt, 8."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a mail: where the vendor is to look, and the user it knows."""

    project_id: int
    email: str
    user_id: str | None = None
    warnings: tuple[str, ...] = ()


async def prepare_message(work: Work) -> Draft:
    """
    Send one mail to one person.

    Raises:
        InputError: the mail is not described as Sendios wants it, or would go to another address than was said.
        NotFoundError: the person named by id is not there.
    """
    part = work.values.get("sendios")
    if part is None:
        raise InputError("Sendios must be told the mail's kind and type.", hint="Say `sendios { … }`.", path=PART)
    kind, type_id = part["kind"], read_number(part["type_id"], (*PART, "typeId"))
    settings, user, data = _read_settings(part), _read_user(part.get("user") or {}), _read_content(work, part)
    reader = await _find_reader(work, part)
    body: dict[str, Any] = {
        "type_id": type_id,
        "project_id": reader.project_id,
        "email": reader.email,
        "data": {**data, "user": user},
    }
    if settings:
        body["transactional_mail_settings"] = settings
    return Draft(
        request=build_push(kind, body, work.purpose),
        id=reader.user_id,
        warnings=reader.warnings,
        known_by=_build_words(reader, type_id, part.get("meta")),
        confirmed="queued",
    )


def _read_settings(part: Mapping[str, Any]) -> dict[str, int]:
    named = {"template_id": (*PART, "templateId"), "subject_id": (*PART, "subjectId")}
    return {name: read_number(part[name], path) for name, path in named.items() if part.get(name) is not None}


def _read_user(user: Mapping[str, Any]) -> dict[str, Any]:
    fields = to_own_fields(user, (*PART, "user"))
    return {_PUSH_NAMES.get(name, name): value for name, value in fields.items()}


def _read_content(work: Work, part: Mapping[str, Any]) -> dict[str, Any]:
    content, meta = work.values.get("content"), part.get("meta")
    for value, path in ((content, ("input", "content")), (meta, (*PART, "meta"))):
        if value is not None and not isinstance(value, dict):
            raise InputError("This must be an object.", hint='Give it as { "name": "value" }.', path=path)
    taken = sorted(_RESERVED & set(content or {}))
    if taken:
        raise InputError(
            f"The name '{taken[0]}' is Sendios' own.", hint=f"Say it as `sendios {{ {taken[0]} }}`.", path=PART
        )
    return {**(content or {}), **({} if meta is None else {"meta": meta})}


async def _find_reader(work: Work, part: Mapping[str, Any]) -> Reader:
    """Return who gets the mail; raises `InputError` unless that is one person by id or address."""
    recipients = work.values["recipients"]
    if len(recipients) != 1:
        raise InputError("Sendios takes one person a message.", path=("input", "recipients"))
    named = recipients[0]
    if "content" in named:
        raise CapabilityError(
            "Sendios takes one content a message.",
            hint="Say it as `content`.",
            path=("input", "recipients", 0, "content"),
        )
    others = sorted(set(named) - {"id", "email"})
    if others or len(named) != 1:
        raise CapabilityError(
            f"Sendios cannot send by {', '.join(others) or 'id and email at once'}.",
            hint="Name the person by `id` or `email`.",
            path=("input", "recipients", 0),
        )
    if "id" in named:
        return await _find_known(work, part, named["id"])
    email = read_email(named["email"], ("input", "recipients", 0))
    return await _check_reader(work, read_project(work, part, PART), email)


async def _find_known(work: Work, part: Mapping[str, Any], user_id: str) -> Reader:
    person = await fetch_person(replace(work, command=replace(work.command, target=user_id)))
    if part.get("project_id") not in {None, str(person.project_id)}:
        raise InputError(
            "The person belongs to another project.", hint="Leave the project out.", path=(*PART, "projectId")
        )
    return Reader(person.project_id, person.email, person.id)


async def _check_reader(work: Work, project_id: int, email: str) -> Reader:
    """
    Ask the vendor what it makes of an address: a mail must not go to a corrected one that nobody has named.

    Raises:
        InputError: the vendor would correct it.
        VendorError: it could not be asked, so nothing is sent.
    """
    verdict = await fetch_email_check(work.reader, email, work.scope, purpose=work.purpose)
    if to_email_key(verdict.corrected or email) != to_email_key(email):
        raise InputError(
            "Sendios would send this to a corrected address.",
            hint=f"Say {verdict.corrected} if that is meant.",
            path=("input", "recipients", 0, "email"),
        )
    warning = f"Sendios judges the address as '{verdict.reason}' and may reject it."
    return Reader(project_id, email, warnings=() if verdict.valid else (warning,))


def _build_words(reader: Reader, type_id: int, meta: Mapping[str, Any] | None) -> dict[str, str]:
    words = [word_reader(reader.project_id, type_id, reader.email)]
    if reader.user_id is not None:
        words.append(word_user(reader.project_id, type_id, reader.user_id))
    if meta:
        words.append(word_meta(reader.project_id, meta))
    return dict(words)
