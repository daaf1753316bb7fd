"""
What the numbers of `platform_id` mean: two published tables that contradict each other.

Source: sendios-faq.txt, 8 (`faq`); vendors/facts.md, 4.3, the vendor's pages and SDK (`sdk`).
"""

from collections.abc import Mapping
from typing import Final, Literal

PlatformTable = Literal["faq", "sdk"]

PLATFORMS: Final[Mapping[PlatformTable, Mapping[int, str]]] = {
    "faq": {0: "Unknown", 1: "Desktop", 3: "Mobile", 4: "Android App", 5: "iOS App"},
    "sdk": {0: "Unknown", 1: "Desktop", 2: "Mobile", 3: "Android", 4: "iOS"},
}


def find_platform(number: int | None, table: PlatformTable | None) -> str | None:
    """Return a platform's word; None where no table was chosen, or the chosen one has no such number."""
    return None if number is None or table is None else PLATFORMS[table].get(number)
