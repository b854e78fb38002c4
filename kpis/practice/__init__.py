"""What worked elsewhere: good practice notes on measures and contracts, and the council's guidance pages."""
