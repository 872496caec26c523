"""Page Programme: what is done, and when."""
