package store

import (
	"bytes"
	"strings"
)

// ID is a record id in its 15-character, case-sensitive form. The zero ID is no record.
type ID [15]byte

const (
	suffixAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	idAlphabet     = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// ParseID reads an id of 15 or 18 characters. The suffix of the long form says which letters are
// capitals, so that an id that went through a case-insensitive store is still understood.
func ParseID(s string) (ID, bool) {
	var id ID
	if len(s) != 15 && len(s) != 18 {
		return id, false
	}
	copy(id[:], s)
	for _, c := range id {
		if strings.IndexByte(idAlphabet, c) < 0 {
			return ID{}, false
		}
	}
	if len(s) == 18 {
		for group := range 3 {
			bits := strings.IndexByte(suffixAlphabet, upper(s[15+group]))
			if bits < 0 {
				return ID{}, false
			}
			for bit := range 5 {
				c := &id[group*5+bit]
				if lower := *c | 0x20; lower >= 'a' && lower <= 'z' {
					*c = lower
					if bits>>bit&1 == 1 {
						*c = upper(lower)
					}
				} else if bits>>bit&1 == 1 {
					return ID{}, false // a digit is no capital
				}
			}
		}
	}
	return id, true
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 0x20
	}
	return c
}

// String is the 18-character form, which is what the API returns.
func (id ID) String() string {
	if id == (ID{}) {
		return ""
	}
	var b [18]byte
	copy(b[:], id[:])
	for group := range 3 {
		bits := 0
		for bit := range 5 {
			if c := id[group*5+bit]; c >= 'A' && c <= 'Z' {
				bits |= 1 << bit
			}
		}
		b[15+group] = suffixAlphabet[bits]
	}
	return string(b[:])
}

// Short is the 15-character form, which is what error messages quote.
func (id ID) Short() string { return string(id[:]) }

// Prefix is the three characters that name the object.
func (id ID) Prefix() string { return string(id[:3]) }

// makeID is the n-th id of an object. Ids rise with n: the alphabet is in byte order.
func makeID(prefix string, n int) ID {
	var id ID
	copy(id[:], prefix+"Sx0000000000")
	for i := len(id) - 1; n > 0 && i > 5; i-- {
		id[i] = idAlphabet[n%62]
		n /= 62
	}
	return id
}

// Compare orders ids as Salesforce does: byte by byte.
func (id ID) Compare(other ID) int { return bytes.Compare(id[:], other[:]) }
