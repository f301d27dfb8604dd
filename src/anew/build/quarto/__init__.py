"""The build with plain Quarto: its hooks, and the steps in which Quarto sets a document."""
