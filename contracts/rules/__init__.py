"""Proportionate rules, value bands and tiers: what is asked of a contract of its size."""
