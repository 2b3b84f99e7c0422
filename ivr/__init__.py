"""Call flows: a project's YAML, read and checked, and the interpreter that walks a caller through it."""
