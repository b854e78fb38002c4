"""What tests of checking begin with: the fixtures of returns."""

from kpis.returns.tests.conftest import kpi_set, local_spend, may, weeks

__all__ = ["kpi_set", "local_spend", "may", "weeks"]
