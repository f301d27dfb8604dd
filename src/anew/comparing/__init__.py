"""What two states of a report say differently, and how that is told."""
