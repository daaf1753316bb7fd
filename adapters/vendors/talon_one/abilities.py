"""
What a source can be asked to write by the CDP API, and by what read it is found again.

Source: talon-one-cdp.txt; vendors/facts.md, 5.2.
"""

from collections.abc import Mapping
from typing import Final

from adapters.contract import WriteCapability, WriteScope
from adapters.filters.capability import Evidence
from adapters.records import Entity

from .gateway import MAX_CHANGES
from .settings import TalonOneSettings

_PEOPLE: Final = frozenset({Entity.SUBSCRIBER, Entity.AUDIENCE})
_CUSTOMER, _AUDIENCE = "POST /v1/customer_search/no_total", "GET /v1/audiences"
_PROFILE: Final = "PUT /cdp/customer_profile/{customerProfileId}"


def build_writes(settings: TalonOneSettings) -> Mapping[str, WriteCapability]:
    """
    Tell what one source can write, by mutation.

    Talon.One makes whom it does not know, so making or changing a person that must be new, or be there, needs the
    Management key.
    """
    readable = settings.management is not None
    customer, audience = (_CUSTOMER, _AUDIENCE) if readable else (None, None)
    writes = {
        "updateCustomerProfile": _build(_PROFILE, customer, repeatable=False),  # may run the rules
        "changeCustomerAudiences": _build(f"{_PROFILE}/audiences", customer, repeatable=False),  # runs them
        "changeAudiences": _build("PUT /cdp/customer_profiles/audiences", customer, bulk=MAX_CHANGES),
        "upsertSubscriber": _build(_PROFILE, customer),
        "createAudience": _build("POST /cdp/audiences", audience, repeatable=False),
        "updateAudience": _build("PUT /cdp/audiences/{audienceId}", audience),
        "deleteAudience": _build("DELETE /cdp/audiences/{audienceId}", audience),
    }
    if readable:
        writes |= {
            "createSubscriber": _build(_PROFILE, customer, repeatable=False),
            "updateSubscriber": _build(_PROFILE, customer),
        }
    return writes


def _build(call: str, read_back: str | None, *, repeatable: bool = True, bulk: int = 1) -> WriteCapability:
    return WriteCapability(
        call=call,
        repeatable=repeatable,
        read_back=read_back,
        scope=WriteScope.WRITE,
        evidence=Evidence.DOCUMENTED,
        section="vendors/facts.md, 5.2",
        touches=_PEOPLE,
        bulk=bulk,
        reads_nothing=bulk > 1,
        by_key=True,
    )
