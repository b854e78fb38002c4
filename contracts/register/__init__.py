"""Bringing in a contracts register as councils publish them: read, check, ask, apply, and again."""
