// Package dashboard is the web page: what analysts and operators look at, rendered on the server.
//
// Nothing runs in the browser: a page is one html/template, one style sheet and no script. Everything it shows is read
// from the newest publication (Source), so a page never blocks a run and never waits for one. What a person may do
// goes through Actions, which the command line implements.
//
// # A page
//
// A page is one Go file, one template and its queries:
//
//	runs.go              func (s *Server) runs(r *request) (any, error), and nothing that SQL can say
//	templates/runs.html  {{define "content"}} … {{end}}; its data is what that function returned, as .Data
//	queries/runs.sql     one select per table of the page
//
// and one line in pages (pages.go): path, title, menu. Query values are r.value("name") (trimmed, bounded in length);
// a part of the path is r.PathValue("run"), which stands for a parameter of that name, too. errNotFound is a 404, and
// a problem{…} tells the reader what was wrong with the question.
//
// # A table
//
// r.table("runs", "Runs") runs queries/runs.sql and is shown by {{template "table" .Data.Runs}}, paged, with its CSV
// at /csv/runs. The query's first line states its grain; its second, `-- key: started desc, run desc`, the columns that
// order it, all in one direction, which makes it paged: a page begins behind the last key of the one before, so page 1,000
// costs as much as page 1; a key is never null, and `-- ties: …` orders rows that share one. Where the first is an instant, the
// last days are looked through before all the rest. A query without a key is short by nature and shown whole (up to 500 rows).
// A parameter $name is the request's value of that name, and a line that ends in `-- if name` counts only where that value
// is set. since and until are instants, every other parameter is text; $now is the time of the request.
//
// How a column is shown follows from its name (cell.go): run links to the run, record to its history, state and outcome are badges, instants are <time>, numbers stand right. A column whose name begins with
// an underscore is for links, keys and the CSV, and is not shown; nor is one in which no row of the page has anything.
//
// # An action
//
// An action is a line in deeds (deeds.go): its name, and the function that reads the form and calls Actions. A form is
//
//	<form method="post" action="/do/retry">{{csrf . "retry"}} … <button>Retry</button></form>
//
// where . is the page (inside range or with: $), and only rendered {{if .Acting}}. The server has checked by then that a
// person has given the token, that the form is one of this session and this action, and where the request came from. What the
// function returns is told on the page that the form came from.
package dashboard
