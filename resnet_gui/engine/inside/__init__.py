"""Looking inside a network: what its blocks do with a picture, and without each other."""
