"""Looking inside a network: what is asked of it, and what comes back."""
