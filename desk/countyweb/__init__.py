"""A sample county web, served on loopback for the demo and the tests."""
