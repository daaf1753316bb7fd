"""When the playground is built again: the rule that keeps wheels and checkouts from carrying an old page."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from graph import playground

FOLDER = Path(playground.__file__).parent
PLACE = Path("graph", "playground")
SOURCES = ("package.json", "package-lock.json", "build.mjs", "src", "examples", "static")


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_hook", FOLDER / "build_hook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / PLACE
    for name in SOURCES:
        source = FOLDER / name
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / name)
    return folder


def test_the_built_page_is_of_these_sources(hook: ModuleType) -> None:
    """Tests that look at an old page prove nothing."""
    assert not hook.is_stale(FOLDER)


@pytest.mark.parametrize("change", ["src/plan.jsx", "build.mjs", "package-lock.json", "examples/new.graphql"])
def test_any_changed_source_makes_the_page_stale(hook: ModuleType, copy: Path, change: str) -> None:
    """A source that does not count would leave an old page in the wheel."""
    assert not hook.is_stale(copy)

    with (copy / change).open("a") as source:
        source.write("\n")

    assert hook.is_stale(copy)


def test_an_interrupted_build_is_not_taken_for_a_finished_one(hook: ModuleType, copy: Path) -> None:
    """A page without its stamp may be half of one."""
    (copy / hook.STAMP).unlink()

    assert hook.is_stale(copy)


def test_without_node_the_build_says_what_is_missing(
    hook: ModuleType, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bare FileNotFoundError from a build back end helps nobody."""
    monkeypatch.setenv("PATH", "")

    with pytest.raises(RuntimeError, match="Node 20 or newer"):
        hook.build(copy)


def test_node_comes_by_package_only_where_there_is_none(
    hook: ModuleType, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An install on a machine without Node would fail; one on a machine with it would download 40 MB for nothing."""
    builder = hook.PlaygroundHook(str(tmp_path), {}, None, None, "", "wheel")
    (copy / hook.STAMP).write_text("older", encoding="ascii")

    assert builder.dependencies() == []
    monkeypatch.setenv("PATH", "")
    assert builder.dependencies() == [hook.NODE_BY_PACKAGE]


def test_the_lock_file_names_no_host_and_pins_everything() -> None:
    """A registry's address in the lock file would tie the build to that registry."""
    lock = (FOLDER / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in lock
    assert lock.count('"integrity"') > 50
