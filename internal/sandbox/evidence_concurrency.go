/*
# Evidence: concurrency, fuzzing and scale

	endpoint | behaviour | evidence | test
	every of HubSpot | parallel clients get answers that some serial order of their requests gives: create, batch create, upsert, update, archive, read, search, list | spec | TestHubSpotIsLinearizable
	every of Salesforce | parallel clients get answers that some serial order gives: create, upsert, collections with and without allOrNone, composite, Bulk upserts, update, delete, query | spec | TestSalesforceIsLinearizable
	every of HubSpot | X-HubSpot-RateLimit-Daily-Remaining falls by one per call, whoever calls at once | spec | TestHubSpotIsLinearizable
	every of Salesforce | Sforce-Limit-Info rises by one per call, whoever calls at once | spec | TestSalesforceIsLinearizable
	every | no two live records have one unique value, and the store is whole, after parallel writes | spec | TestHubSpotIsLinearizable, TestSalesforceIsLinearizable, TestCheckFindsContradictions
	every | any request to any route has a well-formed answer whose body fits its status, and leaves the store whole | spec | FuzzRequest, TestSeedsReachEveryRoute
	SOQL | any text is parsed or refused with a code; what is found by an index is what is found by reading all | spec | FuzzParse, FuzzQuery
	Bulk ingest | any upload ends in results that are CSV and add up | spec | FuzzIngest
	POST /services/oauth2/token | any form and any JWT is answered in OAuth's shape | spec | FuzzLogin
	CSV files | any text is loaded or refused with file, line and hint | spec | FuzzLoad
	orders | any order is answered with JSON and leaves the stores whole | spec | FuzzOrders
	fault scripts | any YAML is taken or refused with its line | spec | FuzzParseFaults
	generated people | each company has a registrable domain of its own below .example | spec | TestCompaniesHaveDomainsOfTheirOwn
	generated people | the same seed gives the same people, a greater number adds to them, companies change none of them | spec | TestSameSeedSamePeople, TestCompaniesOnDemand
*/
package sandbox
