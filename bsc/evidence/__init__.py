"""Files that prove a figure: what may be given, and how they are kept."""
