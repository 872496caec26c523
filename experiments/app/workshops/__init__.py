"""Workshops: their rules, where they are kept, what comes of them."""
