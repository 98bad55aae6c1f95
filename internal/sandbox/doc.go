// Package sandbox runs two simulated CRMs over real HTTP on loopback.
package sandbox
