"""Questions asked of the model: comparisons, their words and figures, and the command line."""
