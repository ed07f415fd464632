"""Stand-ins for providers, so that everything runs without an account: they sign and post real webhooks to real adapters."""
