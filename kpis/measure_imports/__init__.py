"""Measures in: a licensed framework's workbook, a table of unit costs, any list of measures."""
