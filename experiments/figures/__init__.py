"""Figures: described once as panels and marks, then drawn alike for a file, a page and the explorer."""
