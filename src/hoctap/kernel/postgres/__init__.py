"""The embedded database: a private PostgreSQL in the data folder, started and stopped by Hoctap itself.

Knows nothing of Django. See docs/decisions for why, and ``server`` for how.
"""

from hoctap.kernel.postgres.server import Server, address, launch, named_outside, opened, temporary

__all__ = ["Server", "address", "launch", "named_outside", "opened", "temporary"]
