"""The vendor-neutral filter tree and its passes: bind, normalize, split, compile, evaluate. No I/O, no vendor."""
