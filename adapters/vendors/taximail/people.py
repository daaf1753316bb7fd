"""
Finding one person: the lists, then all of them searched for the address side by side.

Source: taximail-contacts.txt, Showing, keyword_search. That the search takes letters in any case is our reading; what
it finds is compared here. Taximail has neither a field for a telephone number nor one for a caller's own key.
"""

from adapters.calls import CallScope
from adapters.contract import MatchReason, PersonMatch, PersonQuery
from adapters.errors import CapabilityError
from adapters.identity import to_email_key

from .account import Account
from .field_types import choose_types
from .list_line import fetch_list_ids
from .lookups import search_lists


async def fetch_people(account: Account, query: PersonQuery, scope: CallScope, purpose: str) -> tuple[PersonMatch, ...]:
    """
    Find the contacts with an address, in whatever letters a list has it.

    Raises:
        CapabilityError: there is no address to look for.
        VendorError: a list cannot be searched.
    """
    if query.email is None:
        raise CapabilityError(
            f"The source {account.source} finds people by their e-mail address only.", hint="Look for an `email` too."
        )
    lists = await fetch_list_ids(account, scope, purpose)
    types = choose_types(account, query.parts, purpose)
    contacts = await search_lists(account, lists, query.email, scope, purpose, types)
    wanted = to_email_key(query.email)
    found = (each for each in contacts if each.email is not None and to_email_key(each.email) == wanted)
    return tuple(PersonMatch(each, (MatchReason.EMAIL,)) for each in {each.id: each for each in found}.values())
