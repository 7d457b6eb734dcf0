"""What text may hold: no control characters. PostgreSQL refuses NUL, and a line break in a name breaks tables."""

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
