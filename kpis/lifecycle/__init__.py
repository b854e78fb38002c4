"""What happens to a contract and reaches into its KPI sets and returns."""
