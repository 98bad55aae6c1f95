package pipelines

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"lockstep/internal/health"
	"lockstep/internal/project"
)

// Unread is a project that was changed and does not pass its check, so that a schedule goes on with the one before. It stands
// in a file beside the warehouse, where whoever asks for health finds it while runs go on.
type Unread struct {
	Digest string    `json:"digest"` // of the project that does not pass, as project.Freeze has it
	Since  time.Time `json:"since"`  // UTC
	Error  string    `json:"error"`  // file, line and what is wrong; no e-mail address
}

func unreadPath(p *project.Project) string { return p.Config.Paths.Warehouse + ".unread" }

// KeepUnread writes it down for health; nil takes it back.
func KeepUnread(p *project.Project, u *Unread) error {
	if u == nil {
		if err := os.Remove(unreadPath(p)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	text, err := json.Marshal(u)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(unreadPath(p)), 0o700); err != nil {
		return err
	}
	return os.WriteFile(unreadPath(p), text, 0o600)
}

// unread is the problem with p as it stands; nil: none is known. What was edited since the check is not known to be wrong.
func unread(p *project.Project) (*health.Problem, error) {
	text, err := os.ReadFile(unreadPath(p))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var u Unread
	if json.Unmarshal(text, &u) != nil {
		return nil, nil // it is being written
	}
	_, digest, err := p.Freeze()
	if err != nil || digest != u.Digest {
		return nil, err
	}
	one := health.NotRead(u.Error, u.Since)
	return &one, nil
}
