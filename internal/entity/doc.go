// Package entity reads the sql/ folder that a data engineer edits: entities, macros, crosswalks, lists, reports.
//
// An entity is a folder, and its files are the configuration: systems and objects come from the file names
// (from_salesforce.Lead.sql), so a new object is a new file and a custom object a new folder. Each file holds
// one select. DuckDB's own parser reads it (json_serialize_sql), never a parser of ours: from its tree come
// the tables and columns a file mentions, which columns a field is made of, and where a mirror's name stands,
// so that a from file can be run over other rows than the mirror's.
//
// extract asks which columns the SQL mentions, transform runs the files, load runs the from files over rows
// as they were read back. The three meet here and in the warehouse only.
package entity
