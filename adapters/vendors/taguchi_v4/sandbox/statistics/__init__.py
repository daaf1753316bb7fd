"""
Statistics: how many events there were and how lists changed, by day, week, month or altogether.

Source: taguchi-v4-api.txt, Statistics Resource. Where it is silent: only logged events that are no tests count, those
of deleted records included; memberships count for visible subscribers and visible lists.
"""

from .answering import KINDS, read_statistics

__all__ = ["KINDS", "read_statistics"]
