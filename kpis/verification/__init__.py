"""Verification: the lead checks a sample, sends back, closes and reopens."""
