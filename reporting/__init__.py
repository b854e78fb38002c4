"""The pages that look across floors: home, contract page, dashboards, search, downloads."""
