"""What a report says, of an edition or of a site, and what follows when that becomes another."""
