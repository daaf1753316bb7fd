"""
From a pattern to a test of texts.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import re2

from .nodes import Node, RegexError
from .parsing import Flags, parse
from .writing import Writer, needs_python


@lru_cache(maxsize=64)
def compile_regex(pattern: str, *, ignore_case: bool, ascii_only: bool) -> Callable[[str], bool]:
    """
    Compile a pattern into a test for a match anywhere in a text.

    `ascii_only` gives classes and cases the meaning of the "C" locale.

    Raises:
        RegexError: PostgreSQL refuses the pattern, or the sandbox cannot match it.
    """
    node = parse(pattern, Flags(ignore_case=ignore_case, ascii_only=ascii_only))
    if needs_python(node):
        return _compile_python(node, ascii_only=ascii_only)
    return _compile_linear(node, ascii_only=ascii_only)


def _compile_python(node: Node, *, ascii_only: bool) -> Callable[[str], bool]:
    try:
        search = re.compile(Writer(python=True, ascii_only=ascii_only).write(node)).search
    except re.error as error:
        raise RegexError(f"the sandbox cannot match this: {error}") from error
    return lambda text: search(text) is not None


def _compile_linear(node: Node, *, ascii_only: bool) -> Callable[[str], bool]:
    options = re2.Options()
    options.log_errors = False
    try:
        search = re2.compile(Writer(python=False, ascii_only=ascii_only).write(node), options).search
    except re2.error as error:
        raise RegexError(f"regular expression is too complex: {error}") from error
    return lambda text: search(text) is not None
