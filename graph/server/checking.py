"""`marketing-graph check`: asks one source what its vendor's document leaves open, and keeps what it found."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap
from typing import Final

from adapters.calls import CallScope
from adapters.contract import ChecksSource, Source
from adapters.errors import SettingsError
from adapters.evidence import Evidence, Finding
from graph.server.app import open_sources
from graph.server.evidence_file import write_evidence
from graph.settings import Settings, load_settings
from resolvers.principal import LOCAL

MOST_CALLS: Final = 100
DEADLINE_S: Final = 180.0
WIDTH: Final = 110


def check_source(name: str, sources: Path | None) -> str:
    """
    Check one source and return the report; its findings are kept beside the file of sources, if there is one.

    Raises:
        SettingsError: there is no such source, its vendor has nothing to check, or the findings cannot be kept.
        VendorError: the source cannot be asked; nothing is kept.
    """
    settings = load_settings(**({"sources": sources} if sources else {}))
    source, evidence, calls = asyncio.run(_fetch(name, settings))
    kept = None if settings.sources is None else write_evidence(settings.sources, name, evidence)
    return "\n".join(_report(source, evidence, calls, kept))


async def _fetch(name: str, settings: Settings) -> tuple[Source, Evidence, int]:
    opened = open_sources(settings)
    try:
        source = opened.by_name.get(name)
        if source is None:
            raise SettingsError(f"There is no source '{name}'. Check one of: {', '.join(opened.by_name)}.")
        if not isinstance(source.adapter, ChecksSource):
            raise SettingsError(
                f"The source '{name}' cannot be checked: nothing is known to find out about {source.package.title}."
            )
        now = asyncio.get_running_loop().time()
        scope = CallScope("check", LOCAL.tenant, now + DEADLINE_S, max_calls=MOST_CALLS, started_at=now)
        findings = await source.adapter.fetch_findings(scope)
        checked_at = datetime.now(UTC).replace(microsecond=0)
        return source, Evidence(source.vendor, source.account, checked_at, findings), len(scope.calls)
    finally:
        await opened.aclose()


def _report(source: Source, evidence: Evidence, calls: int, kept: Path | None) -> Iterator[str]:
    """Write what was asked, what came and what it means."""
    when = evidence.checked_at.isoformat().replace("+00:00", "Z")
    yield f"{source.name} ({source.package.title}), {when}: {calls} calls, all of them reads."
    for finding in evidence.findings:
        yield from ("", f"{finding.title}: {finding.verdict}", *_explain(finding))
    yield ""
    if kept is None:
        yield "Nothing is kept: the embedded sandbox has no file of sources."
    else:
        yield f"Kept in {kept}, for this account alone; the graph plans with it from its next start."


def _explain(finding: Finding) -> Iterator[str]:
    for word, lines in (("asked", finding.asked), ("came", (finding.came,)), ("means", (finding.meaning,))):
        text = [part for line in lines for part in wrap(line, WIDTH)]
        yield from (f"  {word if place == 0 else '':<7}{part}" for place, part in enumerate(text))
