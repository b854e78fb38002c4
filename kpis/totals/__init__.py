"""Totals by directorate, month and measure: exact, never stale, cheap to read."""
