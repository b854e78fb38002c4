"""Approval of KPI sets by Strategic Directors, their deputies and delegates."""
