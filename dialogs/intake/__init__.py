"""The intake (受理): a complaint is listened to, completed, confirmed and opened as a ticket."""
