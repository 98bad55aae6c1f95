//go:build !duckdb_arrow

package main

// Without the tag DuckDB has no Arrow interface and the landing cannot be compiled. The next line says so.
var _ = build_with_the_tag__go_build_dash_tags_duckdb_arrow
