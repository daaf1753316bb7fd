"""Rules that no vendor owns: completeness, scan budget, masking."""
