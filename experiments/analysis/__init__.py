"""Analyses of stored sweeps, each a function that returns tables, with its picture and its sentences."""
