"""Who the council buys from: found by name and number, kept apart or merged, with their standing."""
