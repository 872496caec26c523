"""Page Organisation: whom programmes are tried on."""
