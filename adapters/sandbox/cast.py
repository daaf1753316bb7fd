"""
People whom several vendors know: every sandbox that keeps people keeps some of these, each in its own way of writing.

They are invented. Sandboxes may write an address in other letters or with a plus-tag (which makes it another address),
and a number in any of the forms people enter it in; `mobile` is the number as E.164.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Member:
    """One invented person: the company's own key for them, and how they are reached."""

    ref: str
    email: str
    first_name: str
    last_name: str
    mobile: str


CAST: Final[tuple[Member, ...]] = (
    Member("crm-000001", "thomas_1@example.com", "Thomas", "Williams", "+61489701378"),
    Member("crm-000005", "harry_5@example.org", "Harry", "Smith-Jones", "+61467675436"),
    Member("crm-000025", "oliver_25@example.com", "Oliver", "Smith-Jones", "+61418825702"),
    Member("crm-000026", "ethan_26@example.com", "Ethan", "Campbell", "+61434874628"),
    Member("crm-000027", "emily_27@example.com", "Emily", "O'Brien", "+61486969572"),
    Member("crm-000043", "kate_43@example.org", "Kate", "Hughes", "+61413169462"),
    Member("crm-000046", "jessica_46@example.com", "Jessica", "Patel", "+61441179559"),
    Member("crm-000047", "noah_47@shop.example.net", "Noah", "Brown", "+61436998936"),
    Member("crm-000057", "zoe_57@example.net", "Zoe", "Smith-Jones", "+61483744267"),
    Member("crm-000062", "mia_62@example.com", "Mia", "Robinson", "+61453673834"),
    Member("crm-000069", "alice_69@example.org", "Alice", "Šimić", "+61432730791"),
    Member("crm-000080", "daniel_80@example.org", "Daniel", "Smith", "+61403804232"),
    Member("crm-000088", "lily_88@mail.example.com", "Lily", "Edwards", "+61460395687"),
    Member("crm-000092", "david_92@mail.example.com", "David", "White", "+61405513040"),
    Member("crm-000115", "grace_115@example.org", "Grace", "Nguyen", "+61492017648"),
    Member("crm-000131", "ava_131@example.com", "Ava", "Brown", "+61464810569"),
    Member("crm-000173", "chloe_173@shop.example.net", "Chloe", "Miller", "+61402973808"),
    Member("crm-000181", "grace_181@example.net", "Grace", "Taylor", "+61405009282"),
)
"""The cast, in the order of their keys."""
