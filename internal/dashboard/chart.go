package dashboard

import (
	"fmt"
	"math"
	"time"
)

// Chart is a row of stacked bars. The picture is an SVG that stretches; what there is to read stands around it as text,
// in the page's own size, and the figures stand below it as a table.
type Chart struct {
	Title, Unit string
	Series      []Series
	Bars        []Bar
	Top         string // the largest bar's figure
	Said        string // the chart in a sentence, for who cannot see it
	From, To    string // under the first and the last bar
	Width       int
	Figures     Table
}

// Series is one part of every bar.
type Series struct {
	Label, Class string
	Total        string
}

// Bar is one column of the chart.
type Bar struct {
	X     int
	Label string // what its reader is told: the day and its figures
	Parts []Part
}

// Part is one series in one bar, in the SVG's units: 100 from top to bottom.
type Part struct {
	Y, Height float64
	Class     string
}

// The SVG's units from one bar to the next, and of a bar.
const (
	step  = 10
	thick = 7
)

// chart makes bars of a table's rows: the column of names gives their names, each of the others a part.
func chart(t Table, title, unit, names string, series ...Series) Chart {
	c := Chart{Title: title, Unit: unit, Series: series, Width: step * len(t.Rows), Figures: t}
	figures := make([][]int64, len(t.Rows))
	totals := make([]int64, len(series))
	var most int64
	best := ""
	for i, row := range t.Rows {
		var sum int64
		for j, s := range series {
			n, _ := row.value[s.Label].(int64)
			figures[i] = append(figures[i], n)
			totals[j] += n
			sum += n
		}
		if sum > most {
			most, best = sum, named(row.value[names])
		}
	}
	for i, row := range t.Rows {
		b := Bar{X: i*step + (step-thick)/2, Label: named(row.value[names]) + ":"}
		y := 100.0
		for j, s := range series {
			height := 0.0
			if most > 0 {
				height = 100 * float64(figures[i][j]) / float64(most)
			}
			if figures[i][j] > 0 {
				height = max(height, 1.5) // one of a million still shows
			}
			y -= height
			b.Parts = append(b.Parts, Part{Y: tenth(max(y, 0)), Height: tenth(height), Class: s.Class})
			b.Label += fmt.Sprintf(" %s %s", grouped(fmt.Sprint(figures[i][j])), spoken(s.Label))
			if j < len(series)-1 {
				b.Label += ","
			}
		}
		c.Bars = append(c.Bars, b)
	}
	for j := range c.Series {
		c.Series[j].Total = grouped(fmt.Sprint(totals[j]))
		c.Series[j].Label = spoken(c.Series[j].Label)
	}
	c.Top = grouped(fmt.Sprint(most))
	c.Said = title + ": none."
	if most > 0 {
		c.Said = fmt.Sprintf("%s: most on %s, %s %s.", title, best, c.Top, unit)
	}
	if n := len(t.Rows); n > 0 {
		c.From, c.To = named(t.Rows[0].value[names]), named(t.Rows[n-1].value[names])
	}
	return c
}

// named is a bar's name: a day as it is spoken of.
func named(v any) string {
	if t, ok := v.(time.Time); ok {
		return t.Format("2 Jan")
	}
	return fmt.Sprint(v)
}

// tenth is as fine as a bar needs to be.
func tenth(n float64) float64 { return math.Round(n*10) / 10 }
