"""Page Workshop: teams, guesses, results."""
