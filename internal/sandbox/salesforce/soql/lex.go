package soql

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

type kind string

const (
	word    kind = "word"    // a keyword, a path, TRUE, TODAY, LAST_N_DAYS:7
	text    kind = "text"    // 'quoted', already unescaped
	literal kind = "literal" // starts with a digit or a sign: a number, a date, a datetime
	sign    kind = "sign"    // ( ) , = != <> < <= > >=
	end     kind = "end"
)

type token struct {
	kind kind
	text string // unescaped for text, as written otherwise
	at   int
}

// lex splits a query into tokens, the last of which is the end.
func lex(q *Query) ([]token, *Error) {
	var out []token
	s := q.Text
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '\'':
			value, next, err := quoted(q, i)
			if err != nil {
				return nil, err
			}
			out = append(out, token{text, value, i})
			i = next
		case c == '(' || c == ')' || c == ',' || c == '=':
			out = append(out, token{sign, s[i : i+1], i})
			i++
		case c == '<' || c == '>' || c == '!':
			n := 1
			if i+1 < len(s) && (s[i+1] == '=' || c == '<' && s[i+1] == '>') {
				n = 2
			}
			if c == '!' && n == 1 {
				return nil, q.Malformed(i, "unexpected token: '!'")
			}
			out = append(out, token{sign, s[i : i+n], i})
			i += n
		case letter(c):
			j := i
			for j < len(s) && (letter(s[j]) || digit(s[j]) || s[j] == '.' || s[j] == ':') {
				j++
			}
			out = append(out, token{word, s[i:j], i})
			i = j
		case digit(c) || c == '-' || c == '+' || c == '.':
			j := i + 1
			for j < len(s) && (letter(s[j]) || digit(s[j]) || strings.IndexByte("+-:.", s[j]) >= 0) {
				j++
			}
			out = append(out, token{literal, s[i:j], i})
			i = j
		default:
			_, n := utf8.DecodeRuneInString(s[i:])
			return nil, q.Malformed(i, "unexpected token: '%s'", strings.ToValidUTF8(s[i:i+n], "?"))
		}
	}
	return append(out, token{end, "<EOF>", len(s)}), nil
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// quoted reads the literal that opens at i. SOQL knows ten escapes and refuses every other backslash;
// \% and \_ keep theirs, since only LIKE can tell what they mean.
func quoted(q *Query, i int) (value string, next int, err *Error) {
	var b strings.Builder
	s := q.Text
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case '\'':
			return strings.ToValidUTF8(b.String(), "?"), j + 1, nil
		case '\\':
			j++
			if j == len(s) {
				return "", 0, q.Malformed(i, "unexpected end of string literal")
			}
			switch e := s[j]; e {
			case '\\', '\'', '"':
				b.WriteByte(e)
			case 'n', 'N':
				b.WriteByte('\n')
			case 'r', 'R':
				b.WriteByte('\r')
			case 't', 'T':
				b.WriteByte('\t')
			case 'b', 'B':
				b.WriteByte('\b')
			case 'f', 'F':
				b.WriteByte('\f')
			case '%', '_':
				b.WriteByte('\\')
				b.WriteByte(e)
			case 'u':
				if j+4 >= len(s) {
					return "", 0, q.Malformed(j-1, "Illegal Unicode sequence in string literal")
				}
				n, bad := strconv.ParseUint(s[j+1:j+5], 16, 16)
				if bad != nil {
					return "", 0, q.Malformed(j-1, "Illegal Unicode sequence in string literal")
				}
				b.WriteRune(rune(n))
				j += 4
			default:
				return "", 0, q.Malformed(j-1, "Invalid string literal '%s'. Illegal character sequence '\\%c' in string literal.",
					strings.ToValidUTF8(s[i+1:j], "?"), rune(e))
			}
		default:
			b.WriteByte(s[j])
		}
	}
	return "", 0, q.Malformed(i, "unexpected token: '''")
}
