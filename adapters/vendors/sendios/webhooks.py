"""
What Sendios tells by itself: an object whose numbered keys are events, and a `sign` that nobody explains.

`sent` proves that a message went out, `reject` that it never will; `lost` after `sent` that it did not arrive. That a
person was `created` or has opted out proves no write, but an open one about the person is looked at anew.
Source: vendors/facts.md, 4.5.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from adapters.contract import Outcome, TellingReader, ToldEvent, UnreadableTellingError, read_json
from adapters.records import Entity

from .message_words import Word, word_mail, word_meta, word_reader, word_user
from .settings import SendiosSettings
from .values import parse_time

SIGN: Final = "sign"
MOST_EVENTS: Final = 2_000

_OUTCOMES: Final[Mapping[str, Outcome]] = {
    "sent": Outcome.APPLIED,
    "reject": Outcome.REJECTED,
    "lost": Outcome.REJECTED,
}
_REASONS: Final[Mapping[str, str]] = {
    "reject": "Sendios rejected the message",
    "lost": "The message did not arrive",
}
_REASON_CHARS: Final = 200
_CREATED, _OUT = "created", "unsub"
"""The kind of event that tells that user data is there, and the part of those that tell of opt-outs."""

_PERSON: Final = frozenset({Entity.SUBSCRIBER})
_OPT_OUT: Final = frozenset({Entity.SUBSCRIBER, Entity.UNSUBSCRIBE})


def split_body(body: bytes) -> tuple[Mapping[str, Any], ...]:
    """
    Return the events of a body as they come.

    Raises:
        UnreadableTellingError: it is no object of numbered events.
    """
    told = read_json(body)
    if not isinstance(told, dict):
        raise UnreadableTellingError("This is no object of events.")
    events = [value for key, value in told.items() if key != SIGN]
    numbered = all(key.isascii() and key.isdigit() for key in told if key != SIGN)
    if not events or not numbered or len(events) > MOST_EVENTS or not all(isinstance(each, dict) for each in events):
        raise UnreadableTellingError("This is no object of numbered events.")
    return tuple(events)


def read_event(event: Mapping[str, Any], settings: SendiosSettings) -> ToldEvent:
    """Read one event; whatever it holds, it is one."""
    kind = event.get("event")
    kind = kind if isinstance(kind, str) else "request"
    reason = event.get("reject_reason")
    told = f": {reason[:_REASON_CHARS]}." if isinstance(reason, str) and reason.isprintable() else "."
    return ToldEvent(
        kind=kind,
        payload=event,
        known_by=tuple(_find_words(event)),
        own_word=_find_mail(event),
        outcome=_OUTCOMES.get(kind),
        error=_REASONS[kind] + told if kind in _REASONS else None,
        overrules=kind == "lost",
        occurred_at=parse_time(event.get("ts"), settings.zone),
        touches=_OPT_OUT if _OUT in kind else _PERSON,
        people=frozenset(_find_people(event)) if kind == _CREATED or _OUT in kind else frozenset(),
    )


def _find_words(event: Mapping[str, Any]) -> Iterator[Word]:
    """Yield by which words a message may be known: of the mail, of the caller's own object, the user, the address."""
    project_id, type_id = event.get("project_id"), event.get("type_id")
    if (mail := _find_mail(event)) is not None:
        yield mail
    if isinstance(meta := event.get("meta"), dict) and meta:
        yield word_meta(project_id, meta)
    if type_id is None:
        return
    if _names_user(event):
        yield word_user(project_id, type_id, event["user_id"])
    email = _find_email(event)
    if email is not None:
        yield word_reader(project_id, type_id, email)


def _find_mail(event: Mapping[str, Any]) -> Word | None:
    """Return the word of the mail an event is about: what is told of it later is about the same message."""
    mail_id = event.get("mail_id")
    return word_mail(mail_id) if isinstance(mail_id, int | str) and mail_id not in {0, "0", ""} else None


def _names_user(event: Mapping[str, Any]) -> bool:
    return event.get("user_id") not in (None, 0, "0")


def _find_people(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    email = _find_email(event)
    if email is not None:
        yield "email", email
    if _names_user(event):
        yield "id", str(event["user_id"])


def _find_email(event: Mapping[str, Any]) -> str | None:
    user = event.get("user")
    for holder in (event, user if isinstance(user, dict) else {}):
        if isinstance(holder.get("email"), str):
            return str(holder["email"])
    return None


TELLING: Final = TellingReader(split_body, read_event)
