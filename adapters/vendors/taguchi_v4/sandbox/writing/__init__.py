"""
Writes: records made, changed and removed, and the commands that send, approve, extract and import.

Source: taguchi-v4-api.txt, the operations of each resource; vendors/facts.md, 1.2, 1.3, 1.5 and 1.8.
"""

from .writer import Writer

__all__ = ["Writer"]
