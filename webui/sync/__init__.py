"""Reading Marketo by itself: one round after another, each going on where the last one stopped.

``round`` says what is read in which order, a module each reads one thing. What was read goes through the
write door in the transaction that also notes how far it was read, so a crash loses and doubles nothing.
"""
