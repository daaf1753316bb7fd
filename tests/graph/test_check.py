"""`marketing-graph check`: what an operator sees of it, what is kept, and who believes it."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.contract import Source
from adapters.errors import SettingsError
from adapters.filters.capability import Support
from adapters.records import Entity
from graph.cli import main
from graph.server.evidence_file import find_evidence_path
from graph.server.sources import load_sources
from tests.graph.test_cli import _running

TOKEN = "sandbox-token"
DOCUMENT = '{ subscribers(first: 5, filter: {state: {eq: "VIC"}, email: {contains: "a"}}) { nodes { email } } }'


@dataclass(frozen=True)
class Place:
    """A folder with a file of sources."""

    sources: Path

    @property
    def evidence(self) -> Path:
        return find_evidence_path(self.sources)

    def open(self) -> Source:
        """Open the source as the server would, and close it."""

        async def run() -> Source:
            opened = load_sources(self.sources, {"TOKEN": TOKEN})
            await opened.aclose()
            (source,) = opened.by_name.values()
            return source

        return asyncio.run(run())

    def is_trusted(self) -> bool:
        """Say whether the evidence is used."""
        return self.open().capability.entities[Entity.SUBSCRIBER].conjunction.support is Support.EXACT

    def rewrite(self, old: str, new: str) -> None:
        text = self.sources.read_text()
        assert old in text
        self.sources.write_text(text.replace(old, new))


def write_sources(folder: Path, url: str) -> Place:
    path = folder / "sources.toml"
    path.write_text(
        f'[sources.retail]\nvendor = "taguchi_v4"\nbase_url = "{url}"\norganization_id = 1\n'
        'auth = { token = { env = "TOKEN" } }\n'
    )
    return Place(path)


@pytest.fixture(scope="module")
def vendor() -> Iterator[str]:
    """Run the vendor's sandbox in a process of its own, and yield its address."""
    with _running("sandbox", "--port", "0") as (_, announced):
        found = re.search(r"http://127\.0\.0\.1:\d+", announced)
        assert found
        yield f"{found[0]}/taguchi_v4"


@pytest.fixture
def place(vendor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("TOKEN", TOKEN)
    return write_sources(tmp_path, vendor)


def test_a_check_reports_and_keeps_what_the_graph_then_uses(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The operator would read of proofs that change nothing."""
    document = tmp_path / "people.graphql"
    document.write_text(DOCUMENT)
    explain = ["explain", str(document), "--sources", str(place.sources)]
    before = place.is_trusted()
    main(explain)
    doubted = capsys.readouterr().out

    status = main(["check", "retail", "--sources", str(place.sources)])
    report = capsys.readouterr()
    main(explain)
    believed = capsys.readouterr().out

    assert (status, report.err) == (0, "")
    assert "Rows must satisfy every repeated predicate: PROVEN" in report.out
    assert "  asked  subscriber all sort=id order=asc limit=3" in report.out
    assert "  came   9 of 9 replies held exactly the rows" in report.out
    assert "  means  Filters of several comparisons" in report.out
    assert str(place.evidence) in report.out
    assert (before, place.is_trusted()) == (False, True)
    assert "the document does not say that repeated predicates are ANDed" in doubted
    assert "the document does not say that repeated predicates are ANDed" not in believed
    assert place.open().capability.entities[Entity.SUBSCRIBER].max_page == 1000
    assert TOKEN not in place.evidence.read_text() + report.out
    assert "127.0.0.1" not in place.evidence.read_text()


def test_evidence_of_another_account_is_not_used(place: Place) -> None:
    """One server's proof would be believed of another, whose pages nobody checks any more."""
    main(["check", "retail", "--sources", str(place.sources)])
    assert place.is_trusted()

    place.rewrite("organization_id = 1", "organization_id = 2")
    assert not place.is_trusted()
    place.rewrite("organization_id = 2", "organization_id = 1")
    place.rewrite("[sources.retail]", "[sources.other]")
    assert not place.is_trusted()
    place.rewrite("[sources.other]", "[sources.retail]")
    place.rewrite("127.0.0.1", "localhost")
    assert not place.is_trusted()


def test_other_credentials_are_the_same_account(place: Place) -> None:
    """A new token would quietly bring back every doubt."""
    main(["check", "retail", "--sources", str(place.sources)])

    place.rewrite('{ token = { env = "TOKEN" } }', '{ username = "me", password = { env = "TOKEN" } }')

    assert place.is_trusted()


def test_checks_of_several_sources_are_kept_together(place: Place) -> None:
    """The second check would wipe out the first."""
    place.sources.write_text(
        place.sources.read_text() + place.sources.read_text().replace("[sources.retail]", "[sources.shop]")
    )

    assert [main(["check", name, "--sources", str(place.sources)]) for name in ("retail", "shop", "retail")] == [0] * 3

    assert list(json.loads(place.evidence.read_text())["sources"]) == ["retail", "shop"]
    assert not list(place.evidence.parent.glob(".*")), "a draft was left behind"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "it is not what a check writes"),
        ("[]", "it is not what a check writes"),
        ('{"version": 1, "sources": {"retail": {"vendor": 7}}}', "it is not what a check writes"),
        ('{"version": 2, "sources": {}}', "another version wrote it"),
    ],
)
def test_evidence_that_cannot_be_read_stops_the_start(place: Place, text: str, reason: str) -> None:
    """Plans would differ from yesterday's, and nobody would know why."""
    place.evidence.write_text(text)

    with pytest.raises(SettingsError, match=f"{re.escape(str(place.evidence))}: .*{reason}.*check again"):
        place.open()


def test_a_source_that_cannot_be_asked_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A vendor that is down would be recorded as having no habits."""
    monkeypatch.setenv("TOKEN", TOKEN)
    place = write_sources(tmp_path, "http://127.0.0.1:9")

    assert main(["check", "retail", "--sources", str(place.sources)]) == 1

    complaint = capsys.readouterr().err
    assert "retail" in complaint
    assert TOKEN not in complaint
    assert not place.evidence.exists()


def test_refused_credentials_keep_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A check with a wrong secret would find that nothing is ever found."""
    monkeypatch.setenv("TOKEN", "wrong-secret")

    assert main(["check", "retail", "--sources", str(place.sources)]) == 1
    assert "credentials" in capsys.readouterr().err
    assert not place.evidence.exists()


def test_a_source_nobody_knows_is_refused(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip in the name would check nothing and say so nowhere."""
    assert main(["check", "retial", "--sources", str(place.sources)]) == 2
    assert "There is no source 'retial'. Check one of: retail." in capsys.readouterr().err


def test_the_embedded_sandbox_can_be_checked_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever tries the command first, without any account, would get an error or a stray file."""
    monkeypatch.chdir(tmp_path)

    assert main(["check", "taguchi_v4"]) == 0
    assert "Nothing is kept" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
