package salesforce

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"lockstep/internal/wire"
)

// Limit is one of the org's limits. All systems and users of the org share it.
type Limit struct {
	Max       int64 `json:"Max"`
	Remaining int64 `json:"Remaining"`
}

// Limits reads what is left of the org's limits ("Limits"): DailyApiRequests,
// DailyBulkApiBatches, DailyBulkV2QueryJobs, DataStorageMB and others. One call.
func (c *Client) Limits(ctx context.Context) (map[string]Limit, error) {
	var answer map[string]json.RawMessage
	if err := c.get(ctx, "/limits", "limits", nil, &answer); err != nil {
		return nil, err
	}
	limits := make(map[string]Limit, len(answer))
	for name, raw := range answer {
		var l Limit
		if json.Unmarshal(raw, &l) != nil {
			return nil, c.wire.Fail(http.MethodGet, "limits", http.StatusOK, wire.Verdict{
				Kind: wire.Stop, Detail: "the answer has a form this program does not know",
			}, false)
		}
		limits[name] = l
	}
	return limits, nil
}

// RecordCount is about how many records each object has ("Record Count"). An object with none
// may be missing from the answer. One call.
func (c *Client) RecordCount(ctx context.Context, objects ...string) (map[string]int64, error) {
	var answer struct {
		SObjects []struct {
			Name  string `json:"name"`
			Count int64  `json:"count"`
		} `json:"sObjects"`
	}
	err := c.get(ctx, "/limits/recordCount", "limits/recordCount", url.Values{"sObjects": {strings.Join(objects, ",")}}, &answer)
	if err != nil {
		return nil, err
	}
	counts := make(map[string]int64, len(answer.SObjects))
	for _, o := range answer.SObjects {
		counts[o.Name] = o.Count
	}
	return counts, nil
}
