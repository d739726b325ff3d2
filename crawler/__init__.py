"""The outside world → stories."""
