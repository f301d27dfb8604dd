"""The preview: what is made anew when a file is saved, and the server that shows it."""
