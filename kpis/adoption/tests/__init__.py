"""Tests of adopting KPIs as signed."""
