"""Raw tables: the catalogue, checks of files and frames, reading, acceptance of an edit."""
