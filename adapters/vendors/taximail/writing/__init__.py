"""
Writes to a Taximail account: one module a noun, `writer.py` puts them together.

Bodies are forms, as in every example of the document. What takes two steps has its effect with the second one, whose
token works once. Source: taximail-contacts.txt; vendors/facts.md, 3.2.
"""
