"""Sweeps: many design points of a study, run in batches, kept on disk as they come, read back as one table."""
