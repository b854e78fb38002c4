"""Social value KPIs: the library, KPI sets, approval, monthly returns, verification, reminders and totals."""
