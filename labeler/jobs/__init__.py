"""Background jobs: row, state machine, progress, events, websocket consumer."""
