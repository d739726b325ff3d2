"""The documents of an issue: Word, PDF, WeChat, Markdown and a table, all made of one :class:`Handout`."""
