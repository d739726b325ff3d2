"""The editor's desk 编辑台: a local web app over the functions of the desk. It decides nothing itself."""
