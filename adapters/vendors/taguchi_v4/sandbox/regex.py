"""
PostgreSQL's regular expressions.
"""

from collections.abc import Callable

import re2


class RegexError(ValueError):
    """The pattern is not a regular expression."""


def compile_regex(pattern: str, *, ignore_case: bool, ascii_only: bool) -> Callable[[str], bool]:
    """Compile a pattern into a test for a match anywhere in a text."""
    options = re2.Options()
    options.dot_nl = True
    options.log_errors = False
    options.case_sensitive = not ignore_case
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        raise RegexError(f"invalid regular expression: {error}") from error
    return lambda text: compiled.search(text) is not None
