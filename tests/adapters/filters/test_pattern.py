"""Patterns mean the same to RE2, to PostgreSQL and to the person who wrote them."""

import time

import psycopg
import pytest
import re2
from hypothesis import strategies as st

from adapters.errors import FilterError
from adapters.filters.pattern import any_of, check_pattern, literal_pattern, to_posix, to_re2
from adapters.filters.pattern_parser import MAX_PATTERN_LENGTH, MAX_SIZE, parse
from adapters.filters.pattern_tree import count_size
from tests.adapters.filters.strategies import patterns, run_examples, texts

_SOME_TEXTS = st.lists(texts, min_size=1, max_size=8)


def _ask_postgres(postgres: psycopg.Connection, pattern: str, candidates: list[str]) -> list[bool]:
    rows = postgres.execute(
        "select text ~ %s::text from unnest(%s::text[]) with ordinality as t (text, place) order by place",
        (pattern, candidates),
    )
    return [found for (found,) in rows.fetchall()]


def _ask_re2(pattern: str, candidates: list[str], *, ignore_case: bool) -> list[bool]:
    options = re2.Options()
    options.dot_nl = True
    options.case_sensitive = not ignore_case
    compiled = re2.compile(pattern, options)
    return [compiled.search(candidate) is not None for candidate in candidates]


def _check_same_answers(postgres: psycopg.Connection, pattern: str, candidates: list[str], ignore_case: bool) -> None:
    ours = [to_re2(pattern, ignore_case=ignore_case)(candidate) for candidate in candidates]

    assert _ask_re2(pattern, candidates, ignore_case=ignore_case) == ours
    assert _ask_postgres(postgres, to_posix(pattern, ignore_case=ignore_case), candidates) == ours


@pytest.mark.parametrize("count", [700, pytest.param(30_000, marks=pytest.mark.bars)])
def test_three_readings_of_a_pattern_agree(postgres: psycopg.Connection, count: int) -> None:
    """The caller's own text in RE2, our writing of it in RE2, and our writing of it in PostgreSQL must select alike."""

    def check(pattern: str, candidates: list[str], ignore_case: bool) -> None:
        _check_same_answers(postgres, pattern, candidates, ignore_case)

    run_examples(check, count, pattern=patterns, candidates=_SOME_TEXTS, ignore_case=st.booleans())


@pytest.mark.parametrize("count", [500, pytest.param(20_000, marks=pytest.mark.bars)])
def test_literals_survive_both_engines(postgres: psycopg.Connection, count: int) -> None:
    """Line breaks, quotes and metacharacters of a value are characters, never syntax."""

    def check(text: str, around: tuple[str, str], starts: bool, ends: bool) -> None:
        pattern = literal_pattern(text, starts=starts, ends=ends)
        candidates = [text, around[0] + text, text + around[1], around[0], "".join(around)]
        expected = [_holds(candidate, text, starts, ends) for candidate in candidates]

        assert [to_re2(pattern)(candidate) for candidate in candidates] == expected
        assert _ask_postgres(postgres, pattern, candidates) == expected

    both = st.tuples(texts, texts)
    run_examples(check, count, text=texts, around=both, starts=st.booleans(), ends=st.booleans())


def _holds(candidate: str, text: str, starts: bool, ends: bool) -> bool:
    if starts and ends:
        return candidate == text
    if starts:
        return candidate.startswith(text)
    return candidate.endswith(text) if ends else text in candidate


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.bars)])
def test_alternatives_select_exactly_their_texts(postgres: psycopg.Connection, count: int) -> None:
    """A pushed `in` on text is one alternation; a text more or less would be a wrong row."""

    def check(wanted: list[str], others: list[str]) -> None:
        pattern, candidates = any_of(wanted), wanted + others
        expected = [candidate in wanted for candidate in candidates]

        assert [to_re2(pattern)(candidate) for candidate in candidates] == expected
        assert _ask_postgres(postgres, pattern, candidates) == expected

    run_examples(check, count, wanted=st.lists(texts, min_size=1, max_size=6), others=st.lists(texts, max_size=4))


@pytest.mark.parametrize(
    ("pattern", "ignore_case", "written"),
    [
        ("a.b", False, "a.b"),
        (r"\d\w\s", False, "[0-9][0-9A-Z_a-z][\t-\n\x0c-\r ]".replace("\t-\n", "\t\n").replace("\x0c-\r", "\x0c\r")),
        (r"\D", False, "[^0-9]"),
        ("Max", True, "[Mm][Aa][Xx]"),
        ("s", True, "[Ss\u017f]"),
        ("[^k]", True, "[^Kk\u212a]"),
        ("(a|b)c", False, "(?:a|b)c"),
        ("(ab)+", False, "(?:ab)+"),
        ("a|", False, "a|"),
        (r"[a\-\]\\\[]", False, r"[\-\[-\]a]"),
        (r"\.\*\@", False, r"\.\*@"),
        ("a{2}b{2,}c{1,3}", False, "a{2}b{2,}c{1,3}"),
    ],
)
def test_written_form(pattern: str, ignore_case: bool, written: str) -> None:
    """The plan shows this text, and the sandbox and the vendor read it."""
    assert written == to_posix(pattern, ignore_case=ignore_case)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"(a)\1", "backslash"),
        (r"\bword", "backslash"),
        (r"\pL", "backslash"),
        (r"\x41", "backslash"),
        ("\\", "backslash"),
        ("(?=a)", "look-around"),
        ("(?i)a", "inline flags"),
        ("(?P<n>a)", "named groups"),
        ("a*?", "two repetitions"),
        ("a**", "two repetitions"),
        ("a{2}{3}", "two repetitions"),
        ("*a", "nothing to repeat"),
        ("***=a", "nothing to repeat"),
        ("a|+", "nothing to repeat"),
        ("{2}", "nothing to repeat"),
        ("^*", "repeated anchor"),
        ("(a$)+", "repeated anchor"),
        ("a{,3}", "without a number"),
        ("a{x}", "without a number"),
        ("a{2", "unfinished"),
        ("a{256}", "up to 255"),
        ("a{3,2}", "wrong way round"),
        ("(a", "without its ')'"),
        ("a)", "without its '('"),
        ("[a", "brackets"),
        ("[]", "brackets"),
        ("[[:alpha:]]", "brackets"),
        ("[[.a.]]", "brackets"),
        ("[a-z-9]", "brackets"),
        ("[z-a]", "upwards"),
        (r"[a-\d]", "upwards"),
        (r"[\D]", "backslash"),
        ("(" * 31 + ")" * 31, "deeper"),
        ("(a{200}){200}", "too many"),
        ("a" * (MAX_PATTERN_LENGTH + 1), "longer"),
    ],
)
def test_what_the_engines_disagree_on_is_refused(pattern: str, words: str) -> None:
    """A pattern one engine reads differently would select other rows at the vendor than here."""
    with pytest.raises(FilterError) as caught:
        check_pattern(pattern)

    assert caught.value.reason == "PATTERN_INVALID"
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("count", [1_000, pytest.param(20_000, marks=pytest.mark.bars)])
def test_any_text_is_taken_or_refused(postgres: psycopg.Connection, count: int) -> None:
    """A pattern that passes the check must be one PostgreSQL compiles, with the same answer; others are refused."""

    def check(pattern: str, candidates: list[str]) -> None:
        try:
            check_pattern(pattern)
        except FilterError:
            return
        _check_same_answers(postgres, pattern, candidates, ignore_case=False)

    wild = st.text("ab1^$.*+?(){}[]|\\-,:=dws", max_size=7)
    run_examples(check, count, pattern=wild, candidates=_SOME_TEXTS)


def test_largest_patterns_are_cheap_for_both_engines(postgres: psycopg.Connection) -> None:
    """A bound that lets a pattern stall the vendor's database or our loop is no bound."""
    hostile = [
        f"(.{{40}}){{{MAX_SIZE // 100}}}",
        "(a|aa|aaa)*" * 30 + "b",
        "(\\w+\\w+)+$",
        "[^a]{255}",
        "(a?){255}a{255}",
    ]

    for pattern in hostile:
        started = time.perf_counter()
        _check_same_answers(postgres, pattern, ["a" * 2_000, "a" * 300 + "\n!"], ignore_case=True)
        assert time.perf_counter() - started < 3, pattern


def test_size_counts_written_out_repetitions() -> None:
    """Nested bounds multiply; a count that forgot one would let a huge automaton through."""
    assert count_size(parse("a")) == 2
    assert count_size(parse("(ab){10}")) == 1 + 3 * 10


def test_half_a_surrogate_pair_in_a_row_does_not_stop_the_check() -> None:
    """Vendor JSON can hold one; a row must then be judged, not raise."""
    assert to_re2("^..$")("a\ud800")


def test_wide_classes_that_ignore_case_are_written_quickly() -> None:
    """Looking at every cased character for each of 395 classes held the event loop for half a second."""
    different = "".join(f"[{chr(0x100 + place)}-\uffff]" for place in range(395))
    to_posix("[!-\uffff]", ignore_case=True)
    started = time.process_time()

    to_posix(different, ignore_case=True)

    assert time.process_time() - started < 0.2
