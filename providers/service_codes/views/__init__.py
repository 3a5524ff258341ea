"""Pages of service codes: for whoever scans one, for its holder, for the enterprise, for an officer."""
