"""Data only: change programmes (one small diff a file) and sample organisations (orgs/)."""
