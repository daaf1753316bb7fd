"""What a simulator is told of a request."""

import pytest

from adapters.sandbox.requests import path_of, raw_path_of


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"path": "/a/b c", "raw_path": b"/a%2Fb%20c"}, "/a%2Fb%20c"),
        ({"path": "/a/b", "raw_path": b"/a%2Fb?x=%2F"}, "/a%2Fb"),
        ({"path": "/a b"}, "/a%20b"),
        ({"path": "/a b", "raw_path": None}, "/a%20b"),
        ({"path": "/here/x/y", "raw_path": b"/here/x%2Fy", "root_path": "/here"}, "/x%2Fy"),
        ({"path": "/here", "raw_path": b"/here", "root_path": "/here"}, "/"),
    ],
)
def test_a_slash_inside_an_id_is_told_from_one_between_segments(scope: dict[str, object], expected: str) -> None:
    """Decoded, `a%2Fb` is two segments: a simulator would answer for another record, or for none."""
    assert raw_path_of(scope) == expected
    assert path_of(scope).startswith("/")
