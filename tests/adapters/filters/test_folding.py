"""Case folding is RE2's, for every character there is."""

import re2

from adapters.filters.folding import build_variants, fold


def _every_character() -> list[str]:
    return [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]


def test_characters_with_case_are_those_re2_knows() -> None:
    """A character left out would be compared with its case here, and without it by RE2."""
    variants = build_variants()
    options = re2.Options()
    options.case_sensitive = False
    cased = re2.compile("[" + "".join(map(re2.escape, variants)) + "]", options)

    assert sorted(variants) == sorted(cased.findall("".join(_every_character())))


def test_no_character_outside_the_table_changes_when_folded() -> None:
    """The table stops at the last character with case; one above it would be forgotten."""
    variants = build_variants()

    assert [c for c in _every_character() if fold(c) != c and c not in variants] == []


def test_variants_are_exactly_the_characters_re2_takes_for_one() -> None:
    """Too few variants lose rows at the vendor, too many bring others."""
    variants = build_variants()
    options = re2.Options()
    options.case_sensitive = False
    everything = "".join(variants)

    for character, same in variants.items():
        found = re2.compile(re2.escape(character), options).findall(everything)
        assert sorted(same) == sorted(found), hex(ord(character))


def test_folding_is_equal_exactly_for_variants() -> None:
    """Residual equality that ignores case would differ from patterns that ignore it."""
    for character, same in build_variants().items():
        assert {fold(other) for other in same} == {fold(character)}


def test_folding_never_changes_the_number_of_characters() -> None:
    """Full folding would make two letters of one, and a vendor's pattern cannot."""
    assert fold("STRA\u1e9eE") == "stra\u00dfe"
    assert fold("\u0130") == "\u0130"
    assert fold("K\u212akS\u017fs") == "kkksss"
