"""
What a vendor is known not to keep of the contract, each gap with its reason: a strict expected failure.

A gap names a test and its cases, with `*` for any; it stands in the vendor's `contract.toml`.
"""

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

import pytest

from adapters.errors import CapabilityError

Kind = Literal["never", "notyet", "notimpl"]
"""NEVER: the vendor cannot. NOTYET: it could be had, with more calls or settings. NOTIMPL: we have not written it."""

NOTES: Final = Path(__file__).parent.parent / "adapters" / "vendors"


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: the test it is in, the case by its id, why there is one and what says so."""

    vendor: str
    test: str
    kind: Kind
    reason: str
    source: str
    case: str = "*"

    def covers(self, test: str, case: str) -> bool:
        """Say whether a test of this vendor, with this case, is expected to fail."""
        return self.test == test and fnmatch(case, self.case)

    def to_mark(self) -> pytest.MarkDecorator:
        """Build the mark of a test that must fail as long as the gap is there."""
        return pytest.mark.xfail(
            reason=f"{self.vendor}, {self.kind}: {self.reason} ({self.source})",
            raises=(AssertionError, CapabilityError),
            strict=True,
        )


def gap(vendor: str, *, test: str, kind: str, reason: str, source: str, case: str = "*") -> Gap:
    """Build a gap; everything but the case must be said."""
    assert kind in get_args(Kind), f"a gap is one of {get_args(Kind)}"
    assert reason, "a gap says why"
    assert source, "a gap says what says so"
    return Gap(vendor, test, kind, reason, source, case)  # type: ignore[arg-type] # checked above


@cache
def read_notes(vendor: str) -> dict[str, Any]:
    """Read what a vendor's tests tell this suite; nothing where they tell nothing."""
    file = NOTES / vendor / "contract.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


@cache
def list_gaps(vendor: str) -> tuple[Gap, ...]:
    """Return the gaps of a vendor."""
    return tuple(gap(vendor, **each) for each in read_notes(vendor).get("gaps", ()))


def mark_gaps(test: str, cases: list[Any], *, name: Any = lambda case: "-".join(map(str, case[1:]))) -> list[Any]:
    """
    Build the parameters of a test from its cases, each a vendor first; those that are known to fail are marked.

    `name` tells a case's id from what follows the vendor in it.
    """
    return [
        pytest.param(
            *case,
            id="-".join(filter(None, (case[0], name(case)))),
            marks=[each.to_mark() for each in list_gaps(case[0]) if each.covers(test, name(case))],
        )
        for case in cases
    ]
