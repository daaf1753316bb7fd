"""Finds the vendors by their folders: a new one is a new folder in `adapters/vendors/`, and no list is edited."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType

import adapters.vendors
from adapters.contract import VendorPackage
from adapters.errors import SettingsError


class VendorTable(Mapping[str, VendorPackage]):
    """The vendors by name; a folder is imported when its vendor is first asked for."""

    def __init__(self, home: ModuleType) -> None:
        self._home = home.__name__
        self._names = tuple(sorted(found.name for found in pkgutil.iter_modules(home.__path__) if found.ispkg))

    def __getitem__(self, name: str) -> VendorPackage:
        if name not in self._names:
            raise KeyError(name)
        module = importlib.import_module(f"{self._home}.{name}")
        package = getattr(module, "ADAPTER", None)
        if not isinstance(package, VendorPackage) or package.name != name:
            raise SettingsError(
                f"The vendor folder '{name}' has no ADAPTER of that name; "
                f'write `ADAPTER: Final[VendorPackage] = VendorPackage(name="{name}", …)` in its __init__.py.'
            )
        return package

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@cache
def find_vendors(home: ModuleType = adapters.vendors) -> Mapping[str, VendorPackage]:
    """
    Return the vendors whose folders are in a package, by name, in the order of the alphabet.

    Raises:
        SettingsError: on the look-up of a folder that declares no vendor of its name.
    """
    return VendorTable(home)
