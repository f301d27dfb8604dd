"""Starting a report, and adding to one: files from templates, for their author to change."""
