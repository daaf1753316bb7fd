"""Vendors are found by their folders alone."""

import importlib
import pkgutil
import sys

import pytest

import adapters.vendors
from adapters.contract import VendorPackage
from adapters.errors import SettingsError
from adapters.registry import find_vendors

GOOD = """
from adapters.contract import SourceSettings, VendorPackage

ADAPTER = VendorPackage(
    name="{name}", title="X", settings=SourceSettings, build_capability=None, open=None, sandbox=None
)
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Make a package of vendor folders: folder name and what its __init__.py says."""

    def make(folders):
        root = tmp_path / "made_up_vendors"
        root.mkdir()
        (root / "__init__.py").write_text("")
        (root / "stray.py").write_text("raise RuntimeError('a module is no vendor')")
        for folder, text in folders.items():
            (root / folder).mkdir()
            (root / folder / "__init__.py").write_text(text)
        monkeypatch.syspath_prepend(str(tmp_path))
        return importlib.import_module("made_up_vendors")

    yield make
    for name in [name for name in sys.modules if name.startswith("made_up_vendors")]:
        del sys.modules[name]


def test_every_vendor_folder_is_found_and_declares_itself():
    """A vendor that is in the tree but not in the graph would be missed by nobody."""
    folders = sorted(found.name for found in pkgutil.iter_modules(adapters.vendors.__path__) if found.ispkg)

    vendors = find_vendors()

    assert "taguchi_v4" in vendors
    assert list(vendors) == folders
    assert [vendors[name].name for name in vendors] == folders


def test_a_new_folder_is_a_new_vendor(home):
    """A sixth vendor must need no edit anywhere else."""
    vendors = find_vendors(home({"beta": GOOD.format(name="beta"), "alpha": GOOD.format(name="alpha")}))

    assert list(vendors) == ["alpha", "beta"]
    assert len(vendors) == 2
    assert isinstance(vendors["alpha"], VendorPackage)
    assert "gamma" not in vendors
    with pytest.raises(KeyError):
        vendors["gamma"]


def test_folders_are_imported_when_they_are_asked_for(home):
    """A broken or heavy vendor that no source uses must not stop the start."""
    vendors = find_vendors(home({"alpha": GOOD.format(name="alpha"), "broken": "raise RuntimeError('boom')"}))

    assert vendors["alpha"].name == "alpha"
    assert "made_up_vendors.broken" not in sys.modules


@pytest.mark.parametrize(
    "text", ["", "ADAPTER = None", GOOD.format(name="other")], ids=["nothing", "not a package", "another name"]
)
def test_a_folder_without_its_adapter_says_what_to_write(home, text):
    """The author of a vendor must read what is missing and where."""
    vendors = find_vendors(home({"alpha": text}))

    with pytest.raises(SettingsError, match=r"'alpha' has no ADAPTER .* __init__\.py"):
        vendors["alpha"]
