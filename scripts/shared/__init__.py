"""What programs share: options, progress, messages."""
