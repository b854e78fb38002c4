"""The stages of a contract, the checklist of each, and the statement suppliers are given."""
