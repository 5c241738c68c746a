"""Files: read, decompressed and decoded, recognised, saved whole and restored with checks."""
