"""What only one vendor says: its types are built from its own dataclasses, for any vendor that is found."""

import dataclasses
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import strawberry

from graph.types.extension import build_extension_type, to_graphql_hint

ROOT = Path(__file__).parents[2]

SIXTH = '''
"""A vendor that nobody else knows of."""
from dataclasses import dataclass, field
from datetime import date, datetime

from adapters.contract import Extension, SourceSettings, VendorPackage
from adapters.records import Entity


@dataclass(frozen=True)
class AcmeSubscriber:
    """What Acme says."""

    tier_id: str | None = field(default=None, metadata={"description": "The tier.", "id": True})
    points: int = field(default=0, metadata={"description": "Points collected."})
    joined_on: date | None = field(default=None, metadata={"description": "The first day."})
    seen_at: datetime | None = field(default=None, metadata={"description": "The last visit.", "filter": False})
    tags: tuple[str, ...] = field(default=(), metadata={"description": "Tags."})


ADAPTER = VendorPackage(
    name="acme", title="Acme", settings=SourceSettings, build_capability=None, open=None, sandbox=None,
    extensions={Entity.SUBSCRIBER: Extension("acme", AcmeSubscriber, "What only Acme knows of this person.")},
)
'''

PRINT = """
import sys
import adapters.vendors
adapters.vendors.__path__.append(sys.argv[1])
from graph.schema import print_sdl
print(print_sdl())
"""


def test_a_further_vendor_needs_no_edit(tmp_path: Path) -> None:
    """Broken, a sixth vendor would mean changes all over the schema."""
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "__init__.py").write_text(SIXTH, encoding="utf-8")

    sdl = subprocess.run(
        [sys.executable, "-c", PRINT, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    lines = {line.strip() for line in sdl.splitlines()}
    assert {"type AcmeSubscriber {", "acme: AcmeSubscriber", "tierId: ID", "points: Int!", "tags: [String!]!"} <= lines
    assert {"input AcmeSubscriberFilter {", "acme: AcmeSubscriberFilter", "tierId: IdFilter"} <= lines
    assert {"points: NumberFilter", "joinedOn: DateFilter", "ACME_TIER_ID", '"""Points collected."""'} <= lines
    assert not {"seenAt: TimeFilter", "tags: TextFilter", "ACME_TAGS"} & lines
    assert "taguchi: TaguchiSubscriber" in lines


@dataclasses.dataclass(frozen=True)
class Sample:
    """A sample."""

    name: str


(FIELD,) = dataclasses.fields(Sample)
ID_FIELD = dataclasses.field(metadata={"id": True})


@pytest.mark.parametrize(
    ("marks", "hint", "expected"),
    [
        pytest.param(FIELD, str, str, id="text"),
        pytest.param(FIELD, str | None, str | None, id="text or nothing"),
        pytest.param(ID_FIELD, str | None, strawberry.ID | None, id="id or nothing"),
        pytest.param(FIELD, int, int, id="whole number"),
        pytest.param(FIELD, float | None, float | None, id="number or nothing"),
        pytest.param(FIELD, bool, bool, id="flag"),
        pytest.param(FIELD, datetime | None, datetime | None, id="time or nothing"),
        pytest.param(FIELD, date, date, id="day"),
        pytest.param(FIELD, tuple[str, ...], list[str], id="texts"),
        pytest.param(ID_FIELD, tuple[str, ...] | None, list[strawberry.ID] | None, id="ids or nothing"),
    ],
)
def test_a_python_type_becomes_its_graphql_type(marks: Any, hint: Any, expected: Any) -> None:
    """Broken, a vendor's ids would be texts or numbers, or its lists single values."""
    assert to_graphql_hint(marks, hint) == expected


@pytest.mark.parametrize("hint", [dict, dict[str, str], object, bytes], ids=str)
def test_a_type_without_a_graphql_type_stops_the_start(hint: Any) -> None:
    """Broken, a field would be shown as Python's own text."""
    with pytest.raises(TypeError, match="name"):
        to_graphql_hint(FIELD, hint)


def test_an_undescribed_field_stops_the_start() -> None:
    """Broken, a vendor's field would come without a word of explanation."""
    with pytest.raises(KeyError, match="description"):
        build_extension_type(Sample, "A sample.")
