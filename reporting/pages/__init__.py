"""Home, search, the contract page and the pages about this service."""
