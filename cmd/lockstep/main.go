// Command lockstep keeps HubSpot and Salesforce in step.
package main

func main() {}
