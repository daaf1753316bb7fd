"""
The shapes of what is asked of each source: a person, an address, parts of records, members of audiences; and of writes.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from adapters.contract import PlannedCall
from adapters.errors import FacadeError
from adapters.records import Entity
from adapters.shapes import PlansEmailCheck, PlansMembers, PlansParts, PlansPeople
from resolvers.audience import SIZE
from resolvers.context import RequestContext
from resolvers.email_check import EmailCheckArgs, check_address, choose_checking
from resolvers.pages import ConnectionArgs, build_page_request
from resolvers.person import PersonArgs, build_person_query
from resolvers.writes.arguments import WriteArgs


def plan_person(asked: PersonArgs, request: RequestContext) -> Iterator[PlannedCall | FacadeError]:
    """Yield the calls of a look-up of a person at each source, or why one makes none; raises where it is refused."""
    query = build_person_query(asked, request)
    for source in request.sources.values():
        try:
            yield from source.adapter.plan_people(query) if isinstance(source.adapter, PlansPeople) else ()
        except FacadeError as error:
            yield error


def plan_email_check(asked: EmailCheckArgs, request: RequestContext) -> Iterator[PlannedCall]:
    """Yield the calls about an address; raises where the question is refused."""
    email = check_address(asked.email)
    adapters = (source.adapter for source in choose_checking(asked, request))
    yield from (each.plan_email_check(email) for each in adapters if isinstance(each, PlansEmailCheck))


def plan_sizes(_asked: None, request: RequestContext) -> Iterator[PlannedCall]:
    """Yield the call for the sizes of audiences at each source that counts them by a call of its own."""
    for adapter in (source.adapter for source in request.sources.values()):
        call = adapter.plan_part(Entity.AUDIENCE, SIZE) if isinstance(adapter, PlansParts) else None
        if call is not None:
            yield call


def plan_members(asked: ConnectionArgs, request: RequestContext) -> Iterator[PlannedCall]:
    """Yield the first call for an audience's members at each source that tells them."""
    page = build_page_request(asked, request.limits.default_first, request.limits.max_first)
    adapters = (source.adapter for source in request.sources.values())
    yield from (each.plan_members(page.size + 1) for each in adapters if isinstance(each, PlansMembers))


ASKED: Final[Mapping[tuple[str, str], Callable[[Any, RequestContext], Iterator[PlannedCall | FacadeError]]]] = {
    ("Query", "person"): plan_person,
    ("Query", "checkEmail"): plan_email_check,
    ("Audience", "size"): plan_sizes,
    ("Audience", "members"): plan_members,
}
"""What is planned from its arguments alone, by type and field."""


def describe_write(name: str, asked: Any, request: RequestContext) -> Iterator[str]:
    """Name method and path of a mutation at each source that it may go to; what is sent, a dry run shows."""
    named = asked.command.source if isinstance(asked, WriteArgs) else None
    for source in request.sources.values():
        if name in source.writes and named in (None, source.name):
            yield f"{source.name}: {source.writes[name].call}"
