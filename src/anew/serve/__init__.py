"""The preview that rebuilds on save."""
