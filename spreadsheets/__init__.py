"""Guessing, mapping, previewing and writing CSV and XLSX; knows nothing of councils."""
