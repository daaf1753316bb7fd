"""
SQL LIKE as PostgreSQL has it.
"""

import re
from collections.abc import Callable


def compile_like(pattern: str) -> Callable[[str], bool]:
    """
    Compile a LIKE pattern: `%` any text, `_` any character, a backslash takes the next character as it is.

    Raises:
        ValueError: the pattern ends with a lone backslash. PostgreSQL says so only when a row's text gets that far; the
            sandbox always does, since a caller cannot know the rows.
    """
    parts: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            escaped = next(characters, None)
            if escaped is None:
                raise ValueError("LIKE pattern must not end with escape character")
            parts.append(re.escape(escaped))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    matches = re.compile("".join(parts), re.DOTALL).fullmatch
    return lambda text: matches(text) is not None
