"""
From nodes to a pattern for an engine.
"""

from functools import singledispatchmethod

from .charsets import CharSet, named_class
from .nodes import BackReference, Choice, Group, Look, Node, One, Place, Repeat, Sequence

LOOKS = {(True, True): "(?=", (True, False): "(?!", (False, True): "(?<=", (False, False): "(?<!"}
# RE2 reads the set of a letter and its capital as "this letter in any case", and then takes the Kelvin sign for a `k`.
# A third character stops it, and no text holds this one.
NUL = (0, 0)
_NEEDS_PYTHON = (Place.WORD_START, Place.WORD_END, Place.WORD_EDGE, Place.NO_WORD_EDGE)


def needs_python(node: Node) -> bool:
    """Whether a pattern uses what a linear-time engine cannot do."""
    match node:
        case BackReference() | Look():
            return True
        case Place():
            return node in _NEEDS_PYTHON
        case Sequence(parts) | Choice(parts):
            return any(needs_python(part) for part in parts)
        case Repeat(part) | Group(part):
            return needs_python(part)
    return False


class Writer:
    """
    Writes nodes in the syntax both engines share; `python` says where they differ.
    """

    def __init__(self, *, python: bool, ascii_only: bool) -> None:
        """`ascii_only` decides what a word is made of."""
        self._python = python
        self._word = named_class("word", ascii_only=ascii_only)

    @singledispatchmethod
    def write(self, node: Node) -> str:
        """The node as a pattern."""
        raise AssertionError(node)

    @write.register
    def _(self, node: One) -> str:
        return self._write_set(node.characters)

    @write.register
    def _(self, node: Sequence) -> str:
        return "".join(self.write(part) for part in node.parts)

    @write.register
    def _(self, node: Choice) -> str:
        return f"(?:{'|'.join(self.write(branch) for branch in node.branches)})"

    @write.register
    def _(self, node: Repeat) -> str:
        return f"(?:{self.write(node.part)}){{{node.least},{'' if node.most is None else node.most}}}"

    @write.register
    def _(self, node: Group) -> str:
        return f"({self.write(node.part)})"

    @write.register
    def _(self, node: BackReference) -> str:
        return f"(?{'i' if node.ignore_case else ''}:\\{node.number})"

    @write.register
    def _(self, node: Look) -> str:
        return f"{LOOKS[node.ahead, node.wanted]}{self.write(node.part)})"

    @write.register
    def _(self, node: Place) -> str:
        return self._write_place(node)

    def _write_set(self, characters: CharSet) -> str:
        if not characters:
            return self._write_set((NUL,)) + self._write_place(Place.TEXT_START)  # nothing stands before the start
        if not self._python and len(characters) == len("Kk"):
            characters = (NUL, *characters)
        ranges = "".join(f"{self._write_code(first)}-{self._write_code(last)}" for first, last in characters)
        return f"[{ranges}]"

    def _write_code(self, code: int) -> str:
        return f"\\U{code:08x}" if self._python else f"\\x{{{code:x}}}"

    def _write_place(self, place: Place) -> str:
        word = self._write_set(self._word)
        start, end = f"(?<!{word})(?={word})", f"(?<={word})(?!{word})"
        inside, outside = f"(?<={word})(?={word})", f"(?<!{word})(?!{word})"
        return {
            Place.TEXT_START: r"\A",
            Place.TEXT_END: r"\Z" if self._python else r"\z",
            Place.LINE_START: "(?m:^)",
            Place.LINE_END: "(?m:$)",
            Place.WORD_START: start,
            Place.WORD_END: end,
            Place.WORD_EDGE: f"(?:{start}|{end})",
            Place.NO_WORD_EDGE: f"(?:{inside}|{outside})",
        }[place]
