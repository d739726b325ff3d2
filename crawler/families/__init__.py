"""CMS families: one module each, with its list rule and its story rule."""
