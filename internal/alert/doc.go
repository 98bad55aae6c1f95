// Package alert tells a webhook of what health calls a problem, once when it begins and once when it is over.
//
// What was told stands in history.alert: a run compares the problems of now with those that stand, writes down the
// difference, and posts what nobody has taken yet. An endpoint that is down costs a run at most Patience; what it did not
// take waits for a later run, at growing distances, and is noted in health. An alert holds no value of a CRM.
//
// The body is JSON: `text` for people, as Slack, Mattermost and Google Chat read it, and `alerts` with the same for
// programs (see Message).
package alert
