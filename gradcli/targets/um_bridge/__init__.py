"""Models behind UM-Bridge servers: what the protocol asks and answers, over HTTP."""
