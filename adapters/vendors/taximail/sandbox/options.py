"""
What the documents leave open, as choices: the adapter must give the right rows under every one of them.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """
    How this vendor behaves where its documents are silent.

    `keyword` is what a keyword search looks at: every column, the address alone, the address with its letters as
    given, or the words of every column.
    `errors_in_200` sends refusals with HTTP status 200; `code_as_text` and `numbers_as_text` print the envelope's code
    and all numbers as text, as `/v2/status` prints its code (vendors/facts.md, 3.1). `basic_everywhere` takes Basic
    authentication for every call, not just for messages. A session lives for `session_s` seconds of the sandbox's
    clock and, where `session_calls` says so, for so many calls. `most_rows` is the most rows a page may have;
    `countless` leaves the counts out. `imports_rejoin` subscribes who had left a list and is imported into it again.
    """

    keyword: Literal["columns", "email", "exact_case", "words"] = "columns"
    errors_in_200: bool = False
    code_as_text: bool = False
    numbers_as_text: bool = False
    basic_everywhere: bool = True
    session_s: float = 3600.0
    session_calls: int | None = None
    most_rows: int = 100
    countless: bool = False
    imports_rejoin: bool = False
