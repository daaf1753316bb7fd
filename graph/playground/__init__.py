"""
The playground: GraphiQL with the plan panel, served from files built by npm into `static/` (see `build_hook.py`).
"""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"

# the editor positions its text by style attributes, hence 'unsafe-inline' for styles alone
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src data:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The header to send with the page: nothing runs and nothing is asked for but this server's own files."""

_CONTENT_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
_ASSET_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", re.ASCII)
"""No longer than every file system takes."""

_NOT_BUILT: Final = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Marketing Graph</title>
<h1>The playground is not built</h1>
<p>Run <code>make setup</code> in the checkout, then load this page again. The graph itself answers at this address.</p>
</html>
"""


def page() -> bytes:
    """
    Return the page's HTML; before `make setup` has built it, a page that says so.

    It asks for its parts under `graphql/assets/`, relative to the address it is served at, `/graphql`.
    """
    try:
        return _read("page.html")
    except FileNotFoundError:
        return _NOT_BUILT


def asset(path: str) -> tuple[bytes, str] | None:
    """
    Return a built file's content and content type, or None when there is no such file.

    `path` is what follows `/graphql/assets/`. File names carry a hash of the content, so answers may be kept for ever.
    """
    content_type = _CONTENT_TYPES.get(Path(path).suffix)
    if content_type is None or not _ASSET_NAME.fullmatch(path):
        return None
    try:
        return _read(f"assets/{path}"), content_type
    except FileNotFoundError:
        return None


@lru_cache(maxsize=128)
def _read(name: str) -> bytes:
    return (STATIC / name).read_bytes()
