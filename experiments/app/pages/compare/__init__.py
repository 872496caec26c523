"""Page Compare: which plan does better."""
