"""Hostile and unlucky cases: whatever a stranger hands over or a tired user does, and how the command must end."""
