"""Page What matters: which levers decide."""
