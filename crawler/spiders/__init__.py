"""The spiders: how a source is walked."""
