"""Raw tables: the catalogue, validation, reading, acceptance of an edit."""
