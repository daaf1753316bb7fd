"""One GraphQL request as it arrives, checked to be one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """
    The parameters of a request, as GraphQL over HTTP names them.

    `explain` says that the caller asks for the plan, `executor` who is to execute the operation, `max_staleness_s` how
    old remembered answers may be; `extensions` is what a client sent along, and is not read. `values` counts the JSON
    values of all of it.
    """

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    explain: bool = False
    executor: str | None = None
    max_staleness_s: float | None = None
    values: int = 0

    @property
    def fingerprint(self) -> bytes:
        """What tells requests for different operations, or with different variables, apart."""
        asked = repr((self.query, self.operation_name, self.variables))
        return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).digest()
