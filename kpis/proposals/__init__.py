"""KPI sets as proposed: numbered, versioned, frozen at each submission."""
