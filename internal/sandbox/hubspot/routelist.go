package hubspot

// Routes lists every endpoint that is simulated, as "POST /crm/objects/{type}/search": paths are written
// without their version, {type} and the like stand for one segment. The order is the one in which a
// request looks for its endpoint.
func Routes() []string {
	var list []string
	for _, r := range routes {
		list = append(list, r.method+" "+r.path)
	}
	return list
}
