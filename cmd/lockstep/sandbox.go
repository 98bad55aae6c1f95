package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"lockstep/internal/project"
	"lockstep/internal/sandbox"
)

func newSandbox(a *app) *cobra.Command {
	var o sandbox.Options
	var faults, automation, config, webhook string
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve both CRMs, simulated, on this machine",
		Long: `sandbox serves a HubSpot portal and a Salesforce org on loopback until interrupted, filled from CSV files in each
CRM's own column names or with generated people, and prints what to set to use them. Columns that the CRM's
metadata lacks become custom fields. Nothing is kept when it ends.

Both servers take orders below /__sandbox/ (GET it for a list): records, faults, automation, merges and more. --faults
takes a script of the same faults, --automation rules that rewrite fields as flows and workflows do.

` + strings.TrimSuffix(sandbox.NotSimulated(), "\n"),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if faults != "" {
				script, err := sandbox.ReadFaults(faults)
				if err != nil {
					return err
				}
				o.Faults = script
			}
			if automation != "" {
				rules, err := sandbox.ReadAutomation(automation)
				if err != nil {
					return err
				}
				o.Rules = rules
			}
			o.Now = a.now
			s, err := sandbox.Start(cmd.Context(), o)
			if err != nil {
				return err
			}
			defer s.Close()
			if webhook != "" {
				if err := s.Subscribe(sandbox.Webhook{URL: webhook, Secret: "sandbox"}); err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "export %s=sandbox\n", project.HubSpotClientSecret)
			}
			if config != "" {
				if err := os.WriteFile(config, []byte(sandboxConfig(s)), 0o644); err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "# settings written to %s\n", config)
			}
			for _, object := range s.Salesforce.Objects() {
				a.count("salesforce", object, len(s.Salesforce.All(object)))
			}
			for _, object := range s.HubSpot.Objects() {
				a.count("hubspot", object, len(s.HubSpot.All(object)))
			}
			fmt.Fprintf(a.stdout, "# salesforce %s\n# hubspot %s\n", s.SalesforceURL, s.HubSpotURL)
			for _, v := range sandboxVariables {
				fmt.Fprintf(a.stdout, "export %s=%s\n", v[0], v[1])
			}
			<-cmd.Context().Done()
			return nil // being interrupted is how a sandbox ends
		},
	}
	cmd.Flags().StringVar(&o.SalesforceDir, "salesforce", "", "folder of Contact.csv, Lead.csv, User.csv …")
	cmd.Flags().StringVar(&o.HubSpotDir, "hubspot", "", "folder of contacts.csv, owners.csv …")
	cmd.Flags().StringVar(&o.LoadDir, "load", "", "folder of <system>.<Object>.csv for both; columns.csv there defines custom objects and columns")
	cmd.Flags().IntVar(&o.People, "people", 0, "people to generate over both CRMs")
	cmd.Flags().BoolVar(&o.Companies, "companies", false, "with --people: their companies in HubSpot too, and deals and opportunities")
	cmd.Flags().BoolVar(&o.PersonAccounts, "person-accounts", false, "Salesforce has person accounts: an Account.csv may say IsPersonAccount")
	cmd.Flags().BoolVar(&o.StateCountryPicklists, "state-country-picklists", false, "Salesforce's addresses take only listed countries and states, and have their codes")
	cmd.Flags().Uint64Var(&o.Seed, "seed", 1, "of the generated people and of the faults' draws: the same seed, the same world")
	cmd.Flags().StringVar(&faults, "faults", "", "script of faults, YAML")
	cmd.Flags().StringVar(&automation, "automation", "", "rules that rewrite fields as flows and workflows do, YAML")
	cmd.Flags().StringVar(&webhook, "webhook", "", "address that HubSpot tells of what people make and change, as in http://127.0.0.1:8420/wake/hubspot")
	cmd.Flags().StringVar(&config, "write-config", "", "write a lockstep.yaml for the two to FILE")
	cmd.Flags().StringVar(&o.SalesforceAddr, "salesforce-addr", "", "host:port on loopback; empty: a free port")
	cmd.Flags().StringVar(&o.HubSpotAddr, "hubspot-addr", "", "host:port on loopback; empty: a free port")
	cmd.Flags().DurationVar(&o.SearchLag, "search-lag", 0, "how long HubSpot's search does not see a write, as in 5s")
	return cmd
}

// count prints how many records an object has, if it has any.
func (a *app) count(system, object string, n int) {
	if n > 0 {
		fmt.Fprintf(a.stdout, "# %s %s: %d\n", system, object, n)
	}
}

// sandboxVariables are the credentials every sandbox takes. They are no secrets.
var sandboxVariables = [][2]string{
	{project.HubSpotToken, "pat-na1-sandbox"},
	{project.SalesforceClientSecret, "sandbox"},
}

// sandboxEnv answers with a sandbox's credentials and knows no other variable.
func sandboxEnv(name string) (string, bool) {
	for _, v := range sandboxVariables {
		if v[0] == name {
			return v[1], true
		}
	}
	return "", false
}

// sandboxConfig is a lockstep.yaml for the sandbox.
func sandboxConfig(s *sandbox.Sandbox) string {
	return strings.Join([]string{
		"# Two simulated CRMs on this machine, written by `lockstep sandbox`. Keys left out keep their defaults.",
		"salesforce:",
		"  url: " + s.SalesforceURL,
		"  client_id: sandbox",
		"hubspot:",
		"  url: " + s.HubSpotURL,
		"",
	}, "\n")
}
