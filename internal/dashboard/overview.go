package dashboard

// overview is the first page.
func (s *Server) overview(r *request) (any, error) {
	runs, err := r.table("runs", "Last runs")
	return struct{ Runs Table }{runs}, err
}
