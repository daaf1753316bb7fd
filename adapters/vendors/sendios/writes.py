"""
What Sendios can be told: every mutation, the call it becomes, and what can be promised of it.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from adapters.contract import PreparedWrite, WriteCapability, WriteScope
from adapters.errors import CapabilityError
from adapters.filters.capability import Evidence
from adapters.recipes import Recipe, Step, plan_requests
from adapters.records import Entity

from .drafts import Draft
from .field_values import to_word
from .messages import prepare_message
from .settings import SendiosSettings
from .targets import Work
from .write_fields import prepare_fields
from .write_opt_outs import prepare_opt_in, prepare_opt_out, prepare_types
from .write_people import prepare_confirmation, prepare_erasure, prepare_link, prepare_payment, prepare_visit

PERSON: Final = frozenset({Entity.SUBSCRIBER})
OPT_OUT: Final = frozenset({Entity.SUBSCRIBER, Entity.UNSUBSCRIBE})
REFUSED: Final = "Sendios makes people only by sending to them, so nobody can be made there without a mail."

PREPARE: Final[Mapping[str, Callable[[Work], Awaitable[Draft]]]] = {
    "sendMessage": prepare_message,
    "updateSubscriber": prepare_fields,
    "unsubscribe": prepare_opt_out,
    "resubscribe": prepare_opt_in,
    "unsubscribeFromTypes": prepare_types,
    "eraseSubscriber": prepare_erasure,
    "recordPayment": prepare_payment,
    "linkClientUser": prepare_link,
    "confirmUser": prepare_confirmation,
    "markOnline": prepare_visit,
}


def _write(
    call: str,
    read_back: str | None,
    *,
    repeatable: bool,
    touches: frozenset[Entity] = PERSON,
    scope: WriteScope = WriteScope.WRITE,
    by_email: bool = True,
    evidence: Evidence = Evidence.OBSERVED,
) -> WriteCapability:
    return WriteCapability(
        call=call,
        repeatable=repeatable,
        read_back=read_back,
        scope=scope,
        evidence=evidence,
        section="facts.md, 4.2 and 4.6",
        touches=touches,
        by_email=by_email,
    )


WRITES: Final[Mapping[str, WriteCapability]] = {
    "sendMessage": _write(
        "POST push/system, push/trigger",
        None,
        repeatable=False,
        scope=WriteScope.SEND,
        by_email=False,
        evidence=Evidence.DOCUMENTED,
    ),
    "updateSubscriber": _write(
        "PUT userfields/user/{id}, userfields/project/{project}/emailhash/{base64}",
        "GET userfields/user/{id}, user/id/{id}",
        repeatable=True,
        evidence=Evidence.DOCUMENTED,
    ),
    "unsubscribe": _write(
        "POST unsub/{id}/source/{source}, unsub/admin/{project}/email/{base64}",
        "GET unsub/isunsub/{id}",
        repeatable=True,
        touches=OPT_OUT,
    ),
    "resubscribe": _write(
        "DELETE unsub/{id}", "GET unsub/isunsub/{id}", repeatable=True, touches=OPT_OUT, scope=WriteScope.CONSENT
    ),
    "unsubscribeFromTypes": _write(
        "POST unsubtypes/{id}, POST and DELETE unsubtypes/nodiff/{id}, DELETE unsubtypes/all/{id}",
        "GET unsubtypes/{id}",
        repeatable=True,
        touches=OPT_OUT,
    ),
    "eraseSubscriber": _write("POST user/erase", "GET user/id/{id}", repeatable=False, touches=OPT_OUT),
    "recordPayment": _write("POST lastpayment", "GET user/id/{id}", repeatable=False),
    "linkClientUser": _write("POST clientuser/create", "GET userfields/user/{id}", repeatable=False),
    "confirmUser": _write("PUT v3 users/project/{project}/email/{base64}/confirm", "GET user/id/{id}", repeatable=True),
    "markOnline": _write(
        "PUT v3 users/{id}/online, users/project/{project}/email/{base64}/online", "GET user/id/{id}", repeatable=True
    ),
}

REFUSED_WRITES: Final[Mapping[str, str]] = {"createSubscriber": REFUSED, "upsertSubscriber": REFUSED}


def build_writes(settings: SendiosSettings) -> Mapping[str, WriteCapability]:  # noqa: ARG001 - every account can do all
    """Tell what an account can write."""
    return WRITES


TAKES: Final[Mapping[str, frozenset[str]]] = {
    "sendMessage": frozenset({"recipients", "skipped", "content", "sendios"}),
    "updateSubscriber": frozenset({"by_email", "fields", "if_unchanged"}),
    "unsubscribe": frozenset({"by_email", "cause"}),
    "resubscribe": frozenset({"by_email"}),
    "unsubscribeFromTypes": frozenset({"by_email", "change", "type_ids"}),
    "eraseSubscriber": frozenset({"by_email", "force"}),
    "recordPayment": frozenset({"by_email", "starts_at", "expires_at", "payment_type", "amount", "mail_id"}),
    "linkClientUser": frozenset({"by_email", "client_user_id"}),
    "confirmUser": frozenset({"by_email", "reacted_at"}),
    "markOnline": frozenset({"by_email", "seen_at"}),
}
"""What of each mutation's input means something here; the rest is for other vendors."""


def check_taken(work: Work) -> None:
    """Refuse what would be left out silently; raises `CapabilityError`."""
    for name, value in work.values.items():
        if value is not None and name not in TAKES[work.command.kind]:
            word = to_word(name)
            raise CapabilityError(
                f"Sendios takes no `{word}` for `{work.command.kind}`.", hint="Leave it out.", path=("input", word)
            )


async def prepare_write(work: Work) -> PreparedWrite:
    """Check a write, read what it must, and build its request; raises as the contract says."""
    check_taken(work)
    draft = await PREPARE[work.command.kind](work)
    step = Step(
        name=draft.request.operation, build=lambda _found: draft.request, read=draft.read, known_by=draft.known_by
    )
    ability = WRITES[work.command.kind]
    recipe = Recipe(steps=(step,), touches=frozenset(map(str, ability.touches)), check=_build_check(ability))
    return PreparedWrite(
        command=work.command,
        requests=plan_requests(work.reader.client, recipe),
        recipe=recipe,
        before=draft.before,
        after=draft.after,
        warnings=draft.warnings,
    )


def _build_check(ability: WriteCapability) -> str:
    if ability.read_back is None:
        return "Look at the person's sent mails (`sendios { sentMails }`), or wait for the webhook."
    return f"Look whether the person shows it ({ability.read_back})."
