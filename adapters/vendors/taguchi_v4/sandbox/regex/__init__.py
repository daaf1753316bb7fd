"""
PostgreSQL's regular expressions ("advanced", ARE), parsed and matched as it does.

Source: PostgreSQL manual, 9.7.3 POSIX Regular Expressions. The pattern is parsed here, by PostgreSQL's rules, and
written again for a linear-time engine (RE2), or for Python's where it uses lookaround, word boundaries or
back-references. A test is only for the existence of a match, so greediness and longest matches do not matter.

Not supported, and refused with 400 although PostgreSQL takes them: lookbehind of varying length, the embedded options
`b`, `e`, `x`, and collating elements with names.
"""

from .matching import compile_regex
from .nodes import RegexError

__all__ = ["RegexError", "compile_regex"]
