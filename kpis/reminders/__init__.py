"""Reminders: steps that are owed, claimed once, and sent as one digest a person."""
