"""What differs between two states of a report, and how that is told."""
