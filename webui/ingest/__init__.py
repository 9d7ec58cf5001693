"""The write door: sources parse into records, and ``store.save`` alone writes them."""
