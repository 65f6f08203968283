"""Points of checks: given, drawn, and made simple where one fails."""
