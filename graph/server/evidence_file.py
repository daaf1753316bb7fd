"""The evidence of checks, kept beside the file of sources: `sources.toml` has `sources.evidence.json`."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from adapters.errors import SettingsError
from adapters.evidence import Evidence, parse_evidence, print_evidence


def find_evidence_path(sources: Path) -> Path:
    """Return where the evidence of a file of sources is kept."""
    return sources.with_suffix(".evidence.json")


def read_evidence(sources: Path) -> Mapping[str, Evidence]:
    """
    Read the evidence beside a file of sources; nothing where there is no such file.

    Raises:
        SettingsError: it cannot be read: plans must not differ from day to day without a word.
    """
    path = find_evidence_path(sources)
    try:
        return parse_evidence(path.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        reason = error.strerror or "it is no file"
    except ValueError as error:
        reason = str(error)
    raise SettingsError(
        f"{path}: The evidence cannot be used: {reason}. Delete it and run marketing-graph check again."
    )


def write_evidence(sources: Path, name: str, evidence: Evidence) -> Path:
    """
    Keep the evidence of one source beside those of the others, all or nothing; returns where.

    Raises:
        SettingsError: what is there cannot be read, or the file cannot be written.
    """
    path = find_evidence_path(sources)
    text = print_evidence({**read_evidence(sources), name: evidence})
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
            draft.write(text)
        os.replace(draft.name, path)  # noqa: PTH105 - of a name, not a Path
    except OSError as error:
        raise SettingsError(f"{path}: The evidence cannot be written: {error.strerror}.") from None
    return path
