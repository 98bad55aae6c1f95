// Package hubspot simulates a HubSpot portal behind HubSpot's own HTTP API.
package hubspot
