package id

import "encoding/base32"

// alphabet is Crockford's, in lower case: no i, l, o and u, and its order is the order of the bits, so that ids sort as
// text as they do as bytes.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// textLen is the length of 128 bits in base 32: 26 characters hold 130, of which the first two are zero.
const textLen = 26

// encoding pads the 16 bytes to 20, which are 32 whole characters, of which the last 26 are the text.
var encoding = base32.NewEncoding(alphabet).WithPadding(base32.NoPadding)

// encode writes u as 26 characters.
func encode(u UUID) string {
	var padded [20]byte
	copy(padded[4:], u[:])
	var text [32]byte
	encoding.Encode(text[:], padded[:])
	return string(text[32-textLen:])
}

// decode reads what encode wrote and nothing else.
func decode(text string) (UUID, bool) {
	if len(text) != textLen {
		return UUID{}, false
	}
	var padded [20]byte
	n, err := encoding.Decode(padded[:], []byte("000000"+text))
	if err != nil || n != len(padded) {
		return UUID{}, false // fewer bytes: the decoder skips line ends
	}
	// Six zeros are 30 bits; the first two bits of the text must be zero too, or the value is over 128 bits.
	if padded[3] != 0 {
		return UUID{}, false
	}
	return UUID(padded[4:]), true
}
