package dashboard

// page is one page of the site.
type page struct {
	path     string // a path of net/http's patterns
	Title    string
	Menu     string // its word in the menu; empty: it is reached from another page
	template string // a file of templates/
	show     func(*Server, *request) (any, error)
	bare     bool // it needs no publication
}

// pages are all of them, in the order of the menu.
var pages = []page{
	{path: "/", Title: "Overview", Menu: "Overview", template: "overview.html", show: (*Server).overview},
	{path: "/runs", Title: "Runs", Menu: "Runs", template: "runs.html", show: (*Server).runs},
	{path: "/runs/{run}", Title: "Run", template: "run.html", show: (*Server).run},
	{path: "/history", Title: "History", Menu: "History", template: "history.html", show: (*Server).history},
	{path: "/person", Title: "One record's story", Menu: "Story", template: "person.html", show: (*Server).person},
	{path: "/health", Title: "Health", Menu: "Health", template: "health.html", show: (*Server).health},
	{path: "/duplicates", Title: "Duplicates", Menu: "Duplicates", template: "duplicates.html", show: (*Server).duplicates},
	{path: "/decide", Title: "To decide", Menu: "To decide", template: "decide.html", show: (*Server).decide},
	{path: "/mappings", Title: "Mappings", Menu: "Mappings", template: "mappings.html", show: (*Server).mappings},
	{path: "/mappings/{folder}/{file}", Title: "A file of the mapping", template: "mapping_file.html", show: (*Server).mappingFile},
	{path: "/actions", Title: "Actions", Menu: "Actions", template: "actions.html", show: (*Server).actions, bare: true},
	{path: "/actions/plans/{plan}", Title: "Saved plan", template: "plan.html", show: (*Server).savedPlan, bare: true},
}

// Pages that stand outside of the table: they have paths of their own, or none.
var (
	loginPage   = page{path: "/login", Title: "Log in", template: "login.html"}
	problemPage = page{Title: "Not done", template: "problem.html"}
	emptyPage   = page{Title: "Nothing published yet", template: "empty.html"}
)

// Path is where the menu leads.
func (p page) Path() string { return p.path }
