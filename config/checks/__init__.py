"""What `make check` looks at besides the usual tools; each prints one line when good."""
