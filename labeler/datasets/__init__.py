"""Projects, images, imports, stored arrays."""
