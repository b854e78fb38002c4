"""Contracts without KPIs or with weak ones: why, who, and the next chance."""
