"""A local Marketo: identity, REST and bulk extracts over real HTTP, with its limits and its moods.

``Marketo`` is the server; ``python -m tests.servers.marketo PORT_FILE`` starts one as a process.
"""

from tests.servers.marketo.server import CLIENT_ID, CLIENT_SECRET, Marketo

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "Marketo"]
