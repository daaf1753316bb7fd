"""
Writes to a Taguchi V4 account: one module a noun, `writer.py` puts them together.

Every write goes out as HTTP POST with `_method`, and brings an array of one record: the document allows it for PUT and
DELETE and wants it for the commands, it is what every public client is seen to send (vendors/facts.md, 1.2 and 1.3),
so it is the way these servers are known to take, and nothing between here and there repeats a POST by itself.
"""
