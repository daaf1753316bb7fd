"""
The one HTTP transport under every vendor: deadline, retry budget, breaker, body limit, secrets, redaction.

A vendor's code builds a `VendorRequest` and hands it to its source's `VendorClient`; everything that can go wrong on
the wire comes back as one of the `VendorError` classes.
"""
