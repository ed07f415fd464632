"""The conversation: state + what was said -> new state + what to do. Pure, always."""
