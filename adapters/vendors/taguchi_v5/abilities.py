"""
What an endpoint can be asked to write: as its page allows it, and as its OpenAPI file lets it be checked.

Source: taguchi-v5-integration.txt, Configuration, the "Allow …" switches; vendors/facts.md, 2.2.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from adapters.contract import WriteCapability, WriteScope
from adapters.filters.capability import Evidence
from adapters.records import Entity

from .drafts import CHUNK
from .settings import TaguchiV5Settings

_PEOPLE: Final = frozenset({Entity.SUBSCRIBER, Entity.LIST})
_EVENTS: Final = frozenset({Entity.FEED_EVENT})
_PROFILE: Final = "POST {endpoint}/subscriber, profile"


def build_writes(settings: TaguchiV5Settings) -> Mapping[str, WriteCapability]:
    """Tell what one endpoint can write, by mutation."""
    return dict(_list_writes(settings))


def _list_writes(settings: TaguchiV5Settings) -> Iterator[tuple[str, WriteCapability]]:
    yield from _list_people(settings)
    if settings.erasure is not None:
        method, path = settings.erasure.method, settings.erasure.path
        read, mailed = _read_back(settings), settings.identify_by == "email"
        ability = _build(f"{method} {{endpoint}}/{path}", _PEOPLE, read_back=read, inferred=True, by_email=mailed)
        yield "anonymizeSubscriber", ability
    if settings.allow_messages:
        yield "sendMessage", _build("POST {endpoint}/subscriber, message", _EVENTS, scope=WriteScope.SEND, bulk=CHUNK)
    if settings.allow_events:
        call = "POST {endpoint}/subscriber, event"
        yield "logEvent", _build(call, _EVENTS, repeatable=settings.drops_repetitions)
        yield "logEvents", _build(call, _EVENTS, repeatable=settings.drops_repetitions, bulk=CHUNK)
    if settings.partition_path is not None:
        touched = frozenset({Entity.PARTITION})
        read = "partition" if Entity.PARTITION in settings.reads else None
        yield (
            "upsertPartition",
            _build("POST {endpoint}/partition", touched, repeatable=True, read_back=read, inferred=True),
        )


def _list_people(settings: TaguchiV5Settings) -> Iterator[tuple[str, WriteCapability]]:
    """
    Tell what can be written of people.

    A person is made only where nobody is changed by it, so the endpoint must refuse known people, or tell who is known.
    """
    read = _read_back(settings)
    if settings.allow_creation and (read is not None or not settings.allow_updates):
        yield "createSubscriber", _build(_PROFILE, _PEOPLE, read_back=read)
    if settings.allow_updates and read is not None:
        mailed = settings.identify_by == "email"
        yield "updateSubscriber", _build(_PROFILE, _PEOPLE, repeatable=True, read_back=read, by_email=mailed)
    if settings.allow_creation or settings.allow_updates:
        yield "upsertSubscriber", _build(_PROFILE, _PEOPLE, repeatable=True, read_back=read)
        yield "upsertSubscribers", _build(_PROFILE, _PEOPLE, repeatable=True, bulk=CHUNK)
    if settings.allow_updates:
        mailed = settings.identify_by == "email"
        by_time = settings.unsubscribe_rule is None and settings.unsubscribe_mode == "global"
        call = f"{_PROFILE}.lists"
        yield "setListMembership", _build(call, _PEOPLE, repeatable=True, read_back=read, by_email=mailed)
        ability = _build(_PROFILE, _PEOPLE, repeatable=True, read_back=read, inferred=by_time, by_email=mailed)
        yield "unsubscribe", ability


def _read_back(settings: TaguchiV5Settings) -> str | None:
    operation = settings.reads.get(Entity.SUBSCRIBER)
    return "subscriber" if operation is not None and operation.takes(settings.identify_by) else None


def _build(
    call: str,
    touches: frozenset[Entity],
    *,
    repeatable: bool = False,
    read_back: str | None = None,
    scope: WriteScope = WriteScope.WRITE,
    bulk: int = 1,
    inferred: bool = False,
    by_email: bool = False,
) -> WriteCapability:
    return WriteCapability(
        call=call,
        repeatable=repeatable,
        read_back=read_back,
        scope=scope,
        evidence=Evidence.INFERRED if inferred or "message" in call else Evidence.DOCUMENTED,
        section="vendors/facts.md, 2.2",
        touches=touches,
        bulk=bulk,
        reads_nothing=bulk > 1,
        by_email=by_email,
        by_key=True,
    )
