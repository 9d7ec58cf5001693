"""Marketo over HTTP: its REST calls and bulk extracts, read and never written.

A ``Connection`` signs in, keeps Marketo's limits, tries again where that helps and tells failures apart;
``calls``, ``bulk`` and ``download`` say what is asked. Nothing here knows the database or Flask.
"""
