"""Users, project members and roles, API tokens."""
