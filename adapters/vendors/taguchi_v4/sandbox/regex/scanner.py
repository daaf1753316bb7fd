"""
A place in a pattern.
"""

from .nodes import RegexError


class Scanner:
    """
    Walks through a pattern character by character.
    """

    def __init__(self, pattern: str) -> None:
        """Start at the first character."""
        self._pattern = pattern
        self._at = 0

    @property
    def at_end(self) -> bool:
        """Whether nothing is left."""
        return self._at >= len(self._pattern)

    def sees(self, text: str) -> bool:
        """Whether this text comes next."""
        return self._pattern.startswith(text, self._at)

    def take(self, text: str) -> bool:
        """Step over this text if it comes next."""
        found = self.sees(text)
        if found:
            self._at += len(text)
        return found

    def peek(self, ahead: int = 0) -> str:
        """The character so many places ahead; empty past the end."""
        return self._pattern[self._at + ahead : self._at + ahead + 1]

    def next(self) -> str:
        """Step over one character."""
        character = self.peek()
        self._at += 1
        return character

    def take_while(self, allowed: str, most: int) -> str:
        """Step over as many of these characters as come next, up to a number."""
        start = self._at
        while self._at < start + most and not self.at_end and self.peek() in allowed:
            self._at += 1
        return self._pattern[start : self._at]

    def back(self, steps: int) -> None:
        """Step back."""
        self._at -= steps

    def skip_comments(self) -> None:
        """Step over comments; one that is not closed reaches to the end."""
        while self.take("(?#"):
            stop = self._pattern.find(")", self._at)
            self._at = len(self._pattern) if stop < 0 else stop + 1

    def take_until(self, end: str, reason: str) -> str:
        """Step over everything up to and with this text, and return what came before it."""
        stop = self._pattern.find(end, self._at)
        if stop < 0:
            raise RegexError(reason)
        taken = self._pattern[self._at : stop]
        self._at = stop + len(end)
        return taken
