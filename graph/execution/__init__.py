"""How an operation meets the batch functions: what it selects, and the collector that joins calls of one tick."""
