package pipelines

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// mappingDigest is over every file of sql/, the entities run and what becomes of values without a translation: two
// runs of the same digest, over the same mirrors, make the same plan. timed tells that some file asks for the time of
// the run, which makes that untrue.
func mappingDigest(files fs.FS, entities []string, unmapped map[string]Unmapped) (digest string, timed bool, err error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q\n%v\n", entities, unmapped)
	err = fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := fs.ReadFile(files, path)
		fmt.Fprintf(sum, "%q %d\n", path, len(text))
		sum.Write(text)
		timed = timed || !strings.HasPrefix(path, "report/") && strings.Contains(string(text), "run_at") // no plan is made of a report
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)), timed, err
}

// settled looks at the run before this one: whether it applied a plan and changed nothing by it, with the same mapping,
// and nothing it left is waiting. Its plan is then this run's, unless something moves. still: it saw nothing change either.
// A record changed twice within the precision of its stamp, before and after a read, shows in the read after that one.
func (r *run) settled(ctx context.Context) (planID string, still bool, err error) {
	j := r.job
	if j.Shadow {
		return r.shadowed(ctx)
	}
	if r.timed || j.Saved != nil || j.Sample > 0 || j.Undo != nil || len(j.Resync) > 0 || j.Until != Applied || j.Pipeline.RetryRefused {
		return "", false, nil
	}
	err = r.w.DB.QueryRowContext(ctx, `
		with before as (
			select * from history.run where run_id <> $1 order by started_at desc, run_id desc limit 1
		)
		select
			before.plan_id,
			-- a woken run asks for stamps alone, so what the one before it saw counts still
			not exists (
				select 1
				from history.run
				where run_id <> $1
					and coalesce(changed, 1) > 0
					and started_at >= coalesce((select max(started_at) from history.run where run_id <> $1 and pipeline <> $3), timestamptz '-infinity')
			)
		from before join plan.plan using (plan_id)
		where before.exit_code = 0 and before.mapping = $2 and before.planned = 0 and plan.state = 'applied'
			and not exists (select 1 from outbox)
			and not exists (select 1 from plan.change where plan_id = before.plan_id)
			and not exists (select 1 from plan.link where plan_id = before.plan_id)
			and not exists (select 1 from plan.settle where plan_id = before.plan_id)
			and not exists (select 1 from history.answer where answered_at >= before.started_at)
			-- what a sample, a saved plan or a pause left out is still to be done
			and before.pipeline <> 'apply'
			and not exists (select 1 from plan.notice where plan_id = before.plan_id and kind in ('sample', 'paused'))`,
		r.result.RunID, r.mapping, Woken).Scan(&planID, &still)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("looking at the run before: %w", err)
	}
	return planID, still, nil
}

// Woken is the name, in history, of a run that an event started earlier than its pipeline's cron.
const Woken = "wake"

// woken tells whether a run may read its named records and go by what stands for the rest: the run before it came to its
// end with the same mapping.
func (r *run) woken(ctx context.Context) (ok bool, err error) {
	if !r.job.Woken {
		return false, nil
	}
	err = r.w.DB.QueryRowContext(ctx, `
		select coalesce(exit_code in (0, 3) and mapping = $2, false)
		from history.run
		where run_id <> $1
		order by started_at desc, run_id desc
		limit 1`, r.result.RunID, r.mapping).Scan(&ok)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, fmt.Errorf("looking at the run before: %w", err)
	}
	return ok, nil
}

// idle tells whether the transform would come to an empty plan again: the run before is settled, and neither a record
// nor the metadata has changed since. It errs on the side of running.
func (r *run) idle(ctx context.Context) (bool, error) {
	if r.result.Changed > 0 || r.before == "" {
		return false, nil
	}
	catalog, err := r.catalogHash(ctx)
	if err != nil || catalog != r.catalog {
		return false, err
	}
	r.result.PlanID = r.before // the plan that still holds
	return true, nil
}

// catalogHash is over the metadata that a plan can depend on. Comparing it before and after extract tells
// whether a column, a picklist, an owner or a user has changed.
func (r *run) catalogHash(ctx context.Context) (hash string, err error) {
	var parts []string
	for _, rows := range []string{
		`(select * exclude (first_seen, changed_at) from catalog."column")`, "catalog.option", "catalog.users", "catalog.owners",
		"catalog.record_types", "catalog.currencies", "(select id, time_zone from catalog.account)", "hubspot.list_memberships",
	} {
		var part string
		if err := r.w.DB.QueryRowContext(ctx, `select coalesce(bit_xor(hash(t)), 0)::varchar || '/' || count(*) from `+rows+` t`).Scan(&part); err != nil {
			return "", fmt.Errorf("looking at the catalog: %w", err)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " "), nil
}
