"""The read door: plain values in, frozen rows out, one narrow SELECT each.

No ORM objects leave it, so a template cannot start a query. Nothing here commits, reads a request,
checks access or words a label.
"""
