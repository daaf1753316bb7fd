"""
Times as Taguchi V4's operands, and the second a printed time stands for.

Times are UTC by document and printed to the second; what is stored may be finer. So a printed `v` is any time in
`[v, v + 1 s)`, and no comparison with a time is ever sent with a fraction, save at the end of the calendar.
"""

from datetime import UTC, datetime, timedelta

_SECOND = timedelta(seconds=1)


def print_time(moment: datetime) -> str:
    """Print a time as the vendor does: UTC, to the second, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()


def print_next_second(moment: datetime) -> str:
    """Print the first moment after the second a printed time stands for."""
    try:
        return print_time(moment + _SECOND)
    except OverflowError:  # 9999-12-31T23:59:59: its last microsecond stands in for the next second
        return f"{print_time(moment)}.999999"


def at_or_after(wire: str, moment: datetime) -> str:
    """Select the printed times from this one on."""
    return f"{wire}-gte-{print_time(moment)}"


def after(wire: str, moment: datetime) -> str:
    """Select the printed times later than this one."""
    return f"{wire}-gte-{print_next_second(moment)}"


def at_or_before(wire: str, moment: datetime) -> str:
    """Select the printed times up to this one."""
    return f"{wire}-lt-{print_next_second(moment)}"


def before(wire: str, moment: datetime) -> str:
    """Select the printed times earlier than this one."""
    return f"{wire}-lt-{print_time(moment)}"


def during(wire: str, moment: datetime) -> tuple[str, str]:
    """Select the times that print as this one."""
    return at_or_after(wire, moment), at_or_before(wire, moment)
