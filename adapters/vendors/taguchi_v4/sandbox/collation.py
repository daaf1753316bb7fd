"""
How text is ordered and compared.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

CollationKey = Callable[[str], Any]


def by_code_point(text: str) -> str:
    """The order of PostgreSQL's "C" collation: UTF-8 bytes, which is the order of code points."""
    return text


@lru_cache(maxsize=8192)
def by_language(text: str) -> tuple[str, str, str]:
    """
    An order as natural languages have it: letters first, then accents, then case with the small letter first.

    It is no real locale, on purpose: nobody knows the vendor's, so nothing may rely on more than its being some order
    in which only equal texts tie.
    """
    if text.isascii():
        return (text.lower(), "", text.swapcase())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return (letters, decomposed, text.swapcase() + text)


COLLATIONS: dict[str, CollationKey] = {"C": by_code_point, "locale": by_language}
