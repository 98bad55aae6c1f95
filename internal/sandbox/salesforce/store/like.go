package store

// like compiles a pattern: % is any text, _ one character, a backslash takes either literally.
func like(pattern string) func(string) bool {
	type step struct {
		r    rune
		any  bool // _
		many bool // %
	}
	var steps []step
	escaped := false
	for _, r := range fold(pattern) {
		switch {
		case escaped:
			steps, escaped = append(steps, step{r: r}), false
		case r == '\\':
			escaped = true
		default:
			steps = append(steps, step{r: r, any: r == '_', many: r == '%'})
		}
	}
	return func(s string) bool {
		text := []rune(fold(s))
		i, j := 0, 0
		star, mark := -1, 0 // where the last % stands, and how much of the text it has taken
		for i < len(text) {
			switch {
			case j < len(steps) && steps[j].many:
				star, mark = j, i
				j++
			case j < len(steps) && (steps[j].any || steps[j].r == text[i]):
				i++
				j++
			case star >= 0:
				mark++
				i, j = mark, star+1
			default:
				return false
			}
		}
		for j < len(steps) && steps[j].many {
			j++
		}
		return j == len(steps)
	}
}
