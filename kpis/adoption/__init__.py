"""Adopting the KPIs of contracts signed already, with their past results, from one workbook."""
