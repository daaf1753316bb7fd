"""Everything that can be written: one mutation a module, or one noun's create, update and delete."""
