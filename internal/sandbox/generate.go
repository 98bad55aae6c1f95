package sandbox

import "context"

func generate(ctx context.Context, o Options, hub, sf simulator) error { return nil }
