"""The demo council: fictional, coherent and alive, the same each time for the same day."""
