"""The explorer: what a strategy workshop runs on (``uptake explore``)."""
