"""What promises and figures come to in £: units times the proxies a KPI set was approved with."""
