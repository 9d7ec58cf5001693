"""Servers of others, which tests start on this machine: real HTTP, as faithful as their documents are."""
