"""Suppliers, contracts, and the import of registers."""
