"""Offers in kind and cash contributions that come with small contracts."""
