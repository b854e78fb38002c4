"""Section 52: how many KPIs a contract must have, and which three a notice names."""
