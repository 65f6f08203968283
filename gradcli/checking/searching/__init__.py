"""The search for points at which a gradient is worth a check: corners, edges of the domain, extreme scales, lost digits."""
