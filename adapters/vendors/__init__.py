"""
The vendors: one folder each, all of the same shape, none importing another.
"""
