"""Who may see what: the secret, who is asking, the gate before every page and the headers on it."""
