"""Reports: council, directorate, measure and cohort, on the page and as files from the same rows."""
