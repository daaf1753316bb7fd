"""
Filters to the endpoint's grammar: it has none, so its tables take no operator and nothing is ever pushed.
"""

from collections.abc import Mapping
from typing import Final

from adapters.filters.compiler import FilterCompiler
from adapters.records import Entity

from .capability import TABLES


class V5Compiler(FilterCompiler[str], tables=tuple(TABLES.values())):
    """The handlers of the operators in the capability table, of which there are none."""


COMPILERS: Final[Mapping[Entity, V5Compiler]] = {entity: V5Compiler(table) for entity, table in TABLES.items()}
