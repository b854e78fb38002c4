"""What promises and readings are worth in £: one arithmetic, exact, each £ traceable to its proxy."""
