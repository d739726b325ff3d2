"""The editor: commands, workspace, issues."""
