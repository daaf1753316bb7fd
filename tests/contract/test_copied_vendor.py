"""
A vendor is one folder: copied under another name, with its tests beside it, it is served and keeps the contract.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
ORIGINAL: Final = "taximail"
COPY: Final = "mailtwin"
BASE_PATH: Final = ('BASE_PATH = "/v2"', 'BASE_PATH = "/twin/v3"')
FOLDERS: Final = ("adapters", "resolvers", "graph", "tests")
SKIPPED: Final = shutil.ignore_patterns("node_modules", "__pycache__", ".*_cache")


@pytest.mark.bars
def test_a_copied_folder_is_served_and_keeps_the_contract(tmp_path: Path):
    """A new vendor would need an edit somewhere else: a list, a registry, a test."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=SKIPPED)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in ("adapters/vendors", "tests/adapters/vendors"):
        shutil.copytree(tmp_path / folder / ORIGINAL, tmp_path / folder / COPY)
        _rename(tmp_path / folder / COPY)
    emulation = tmp_path / "adapters" / "vendors" / COPY / "emulation.py"
    assert BASE_PATH[0] in emulation.read_text(encoding="utf-8")
    emulation.write_text(emulation.read_text(encoding="utf-8").replace(*BASE_PATH), encoding="utf-8")

    chosen = ("-m", "not bars", "-k", f"{COPY} and not copied_folder", "tests/contract", "tests/test_layout.py")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    passed = re.search(r"(\d+) passed", ran.stdout)
    assert ran.returncode == 0, ran.stdout[-3_000:] + ran.stderr[-1_000:]
    assert passed
    assert int(passed[1]) > 100


def _rename(folder: Path) -> None:
    """Give a copied vendor a name of its own, in whatever letters it is written."""
    for file in folder.rglob("*"):
        if file.is_file():
            text = file.read_bytes().decode()
            for change in (str.lower, str.title, str.upper):
                text = text.replace(change(ORIGINAL), change(COPY))
            file.write_bytes(text.encode())
