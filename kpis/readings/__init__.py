"""Figures: what a KPI came to in a month, reported and verified, and how it rates to date."""
