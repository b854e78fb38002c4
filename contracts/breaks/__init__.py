"""Break points: the days on which a contract can be changed, and what came of them."""
