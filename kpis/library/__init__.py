"""The library of measures: frameworks, themes, measures, units and cohorts."""
