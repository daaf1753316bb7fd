"""
Requests for what is not known yet, built as those that are sent, with a sign in the place of each key.
"""

from adapters.calls import CallNote
from adapters.contract import PersonQuery
from adapters.records import Entity
from adapters.shapes import UNKNOWN
from adapters.transport.requests import VendorRequest

from .account import Account
from .compiler import build_keyword
from .endpoints import DATE, ContactSearch, PageCall, build_contacts, build_fields
from .extensions import COUNT_PART, FIELDS_PART
from .list_line import ONE_SECTION, build_list_line
from .people import find_address
from .segments import ONE_ROW, SIZE_PART


def build_person_shapes(account: Account, query: PersonQuery) -> tuple[VendorRequest, ...]:
    """
    Build the read of the lists, and the search of one of them, which is made of each.

    Raises:
        CapabilityError: there is no address to look for.
    """
    keyword = build_keyword(find_address(account, query))
    lists = build_list_line(account, CallNote()).build_request(*ONE_SECTION, 1)
    note = CallNote(pushed=(f"keyword_search={keyword}",))
    return lists, build_contacts(ContactSearch(UNKNOWN, keyword=keyword), PageCall(DATE, limit=account.size), note)


def build_members_shape(account: Account) -> VendorRequest:
    """Build the read of an unknown segment's first page."""
    return build_contacts(ContactSearch(UNKNOWN, UNKNOWN), PageCall(DATE, limit=account.size), CallNote())


def build_part_shape(entity: Entity, part: str) -> VendorRequest | None:
    """Build the read of one part of an unknown record; None for a part that is none of this vendor's."""
    shapes = {
        (Entity.AUDIENCE, SIZE_PART): build_contacts(ContactSearch(UNKNOWN, UNKNOWN), ONE_ROW, CallNote()),
        (Entity.LIST, COUNT_PART): build_contacts(ContactSearch(UNKNOWN), ONE_ROW, CallNote()),
        (Entity.LIST, FIELDS_PART): build_fields(UNKNOWN, CallNote()),
    }
    return shapes.get((entity, part))
