"""What tests of the library take from those of returns: a contract with figures of May."""

from kpis.returns.tests.conftest import kpi_set, local_spend, may, weeks

__all__ = ["kpi_set", "local_spend", "may", "weeks"]
