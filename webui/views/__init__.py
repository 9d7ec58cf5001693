"""HTTP: which record, which page, which template. No SQL and no rules."""
