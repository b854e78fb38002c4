"""Monthly returns: opened by the clock, filled in by contract managers, with evidence."""
