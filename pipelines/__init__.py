"""hedui (核对, "check against"): reads articles about the US economy and holds their figures against official data."""
