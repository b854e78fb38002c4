"""What a unit of a measure is worth in £: proxies with source and range, deflators, adjustments."""
