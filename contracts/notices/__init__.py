"""Published notices (OCDS) brought into the register."""
