'use strict';
// A program of its own, for jsforce may throw where nobody can catch: the query of argument 2 through
// jsforce's Bulk 2.0, its records as JSON.
const { connect } = require('./salesforce');

connect()
  .then((conn) => conn.bulk2.query(process.argv[2]))
  .then((stream) => stream.toArray())
  .then((records) => console.log(JSON.stringify(records)));
