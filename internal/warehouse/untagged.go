//go:build !duckdb_arrow

package warehouse

// Without the tag the DuckDB driver has no Arrow, and records cannot land. The compiler prints the next line.
var _ = lockstep_needs_the_build_tag_duckdb_arrow__run_go_build_with__tags_duckdb_arrow__or_make
