"""What the pages of entry show: one function a page, frozen dataclasses out."""
