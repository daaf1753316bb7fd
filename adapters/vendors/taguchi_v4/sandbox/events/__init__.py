"""
What happened and what will: logged events, scheduled events, and the feeds that show them.

Source: taguchi-v4-api.txt, Event Feed Resource.
"""

from .feeds import OBJECT_FEED, SUBJECT_FEED, Feed, has_feed, merge
from .logged import EventLog
from .recording import record_event
from .scheduled import EventSchedule

__all__ = ["OBJECT_FEED", "SUBJECT_FEED", "EventLog", "EventSchedule", "Feed", "has_feed", "merge", "record_event"]
