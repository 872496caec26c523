"""The server: who may come in, what may be sent, and the check of the day before."""
