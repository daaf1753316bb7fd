"""What a document costs before anything of it runs: the first time, and every time after."""

import time
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from graphql import Executor

from graph.execution.compiled.operations import Operations
from graph.execution.document import Documents
from graph.execution.limits import DocumentLimits
from graph.schema import schema
from tests.bench.load import QUERY

TIMES: Final = 60


@dataclass(frozen=True, slots=True)
class DocumentTimes:
    """Milliseconds of the processor to parse, validate and compile a document, and to find one that was."""

    new_ms: float
    known_ms: float


def measure_documents() -> DocumentTimes:
    """Measure the page's document under many names, each one new and then known."""
    core = schema._schema
    documents, operations = Documents(core, DocumentLimits()), Operations()

    def prepare(text: str) -> None:
        executor: Any = Executor.build(core, documents.load(text), None, None, {"first": 100})
        operations.find(text, None, executor)

    def find(text: str, executor: Any) -> None:
        documents.load(text)
        operations.find(text, None, executor)

    texts = [QUERY.replace("Page", f"Page{number}") for number in range(TIMES)]
    prepare(QUERY)
    new_ms = [_time_ms(lambda text=text: prepare(text)) for text in texts]
    built: Any = Executor.build(core, documents.load(QUERY), None, None, {"first": 100})
    known_ms = [_time_ms(lambda: find(QUERY, built)) for _ in texts]
    return DocumentTimes(median(new_ms), median(known_ms))


def _time_ms(call: Any) -> float:
    started = time.process_time()
    call()
    return (time.process_time() - started) * 1000
