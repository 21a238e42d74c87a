// Package money holds amounts as whole numbers of the smallest unit of a currency.
//
// No float comes near money: 0.1 + 0.2 is not 0.3, and nobody finds the cent. An Amount adds up exactly, refuses what would mix
// currencies or overflow, and rounds in one place by one rule, half to even. Shares of a whole are made by Split and Allocate, whose
// parts add up to the whole again:
//
//	Parse | New -> Add, Share, Split, Allocate -> String
//
// In a table it is two columns, `amount_minor bigint` and `currency text check (currency ~ '^[A-Z]{3}$')`. In JSON it is an object
// whose number every reader holds exactly, JavaScript too: that is what Max is. Not for prices of less than the smallest unit, and
// not for exchange rates, which are no money.
package money

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Max is the largest number of minor units, of either sign: the largest whole number that a JSON reader may hold as a double.
const Max = 1<<53 - 1

// What is wrong with an amount.
var (
	// ErrCurrency is the answer to two amounts of different currencies, and to a currency that is none.
	ErrCurrency = errors.New("currencies differ, or one is unknown")

	// ErrRange is the answer to an amount beyond Max.
	ErrRange = errors.New("amount out of range")

	// ErrSyntax is the answer to a text that is no amount of its currency.
	ErrSyntax = errors.New("not an amount")
)

// Amount is money. Its zero value is nothing, in no currency.
type Amount struct {
	// Minor counts the smallest units: cents, or yen.
	Minor int64 `json:"minor" minimum:"-9007199254740991" maximum:"9007199254740991" doc:"In the smallest unit of the currency" example:"1999"`

	// Currency is the code of ISO 4217.
	Currency Currency `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217" example:"EUR"`
}

// New returns an amount, or ErrCurrency or ErrRange.
func New(minor int64, currency Currency) (Amount, error) {
	a := Amount{minor, currency}
	return a, a.Valid()
}

// Valid returns what is wrong with an amount that came from elsewhere: ErrCurrency, ErrRange or nil.
func (a Amount) Valid() error {
	if _, known := currency(a.Currency); !known {
		return fmt.Errorf("%w: %q", ErrCurrency, a.Currency)
	}
	if a.Minor < -Max || a.Minor > Max {
		return ErrRange
	}
	return nil
}

// Add returns the sum, or ErrCurrency or ErrRange.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, fmt.Errorf("%w: %q and %q", ErrCurrency, a.Currency, b.Currency)
	}
	for _, one := range []Amount{a, b} { // which may come from JSON
		if err := one.Valid(); err != nil {
			return Amount{}, err
		}
	}
	return New(a.Minor+b.Minor, a.Currency) // neither is above 1<<53, so that this does not wrap
}

// Neg returns the amount with the other sign.
func (a Amount) Neg() Amount {
	return Amount{-a.Minor, a.Currency}
}

// Times returns n times the amount, or ErrRange.
func (a Amount) Times(n int64) (Amount, error) {
	return a.Share(n, 1)
}

// Share returns numerator/denominator of the amount, rounded half to even: 19/100 is the tax of 19 %. A denominator that is not
// above zero is ErrRange. The shares of a whole that must add up are made by Allocate.
func (a Amount) Share(numerator, denominator int64) (Amount, error) {
	if denominator <= 0 {
		return Amount{}, ErrRange
	}
	exact := new(big.Int).Mul(big.NewInt(a.Minor), big.NewInt(numerator))
	rounded := halfToEven(exact, big.NewInt(denominator))
	if !rounded.IsInt64() {
		return Amount{}, ErrRange
	}
	return New(rounded.Int64(), a.Currency)
}

// halfToEven divides, and rounds to the nearer whole number, of two equally near ones to the even one.
func halfToEven(n, d *big.Int) *big.Int {
	quotient, rest := new(big.Int).DivMod(n, d, new(big.Int)) // Euclid's: the rest is never negative
	nearer := rest.Lsh(rest, 1).Cmp(d)
	if nearer > 0 || nearer == 0 && quotient.Bit(0) == 1 {
		quotient.Add(quotient, big.NewInt(1))
	}
	return quotient
}

// Split returns n parts that differ by one minor unit at most and add up to the amount; the first ones are the larger. Without
// parts there are none.
func (a Amount) Split(n int) []Amount {
	parts := make([]Amount, max(n, 0))
	for i := range parts {
		share := a.Minor / int64(n-i)
		if a.Minor%int64(n-i) > 0 {
			share++
		}
		parts[i], a.Minor = Amount{share, a.Currency}, a.Minor-share
	}
	return parts
}

// Allocate returns parts in the ratio of the weights that add up to the amount. Weights that are negative, or none above zero, are
// ErrRange.
func (a Amount) Allocate(weights ...int64) ([]Amount, error) {
	left := new(big.Int)
	for _, w := range weights {
		if w < 0 {
			return nil, ErrRange
		}
		left.Add(left, big.NewInt(w))
	}
	if left.Sign() == 0 {
		return nil, ErrRange
	}
	parts := make([]Amount, len(weights))
	for i, w := range weights {
		parts[i].Currency = a.Currency
		if left.Sign() > 0 {
			parts[i].Minor = halfToEven(new(big.Int).Mul(big.NewInt(a.Minor), big.NewInt(w)), left).Int64()
		}
		a.Minor -= parts[i].Minor
		left.Sub(left, big.NewInt(w))
	}
	return parts, nil
}

// String returns the amount for people and for Parse: 19.99 EUR, -5 JPY.
func (a Amount) String() string {
	places, _ := currency(a.Currency)
	digits := strconv.FormatInt(a.Minor, 10)
	sign := ""
	if a.Minor < 0 {
		sign, digits = "-", digits[1:]
	}
	if places > 0 {
		digits = strings.Repeat("0", max(places+1-len(digits), 0)) + digits
		digits = digits[:len(digits)-places] + "." + digits[len(digits)-places:]
	}
	return strings.TrimSpace(sign + digits + " " + string(a.Currency))
}

// Parse reads what String writes. An amount without the digits of its currency's smallest unit is refused with ErrSyntax: 19.9 EUR
// may be a slip.
func Parse(text string) (Amount, error) {
	number, code, _ := strings.Cut(text, " ")
	places, known := currency(Currency(code))
	if !known {
		return Amount{}, fmt.Errorf("%w: %q", ErrCurrency, code)
	}
	whole, fraction, dotted := strings.Cut(number, ".")
	if len(fraction) != places || dotted != (places > 0) || strings.HasPrefix(whole, "+") {
		return Amount{}, fmt.Errorf("%w: %q", ErrSyntax, text)
	}
	minor, err := strconv.ParseInt(whole+fraction, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return Amount{}, ErrRange
	}
	a, invalid := New(minor, Currency(code))
	if err == nil && invalid == nil && a.String() != text {
		err = ErrSyntax // a zero too many, or a sign in the middle
	}
	if err != nil {
		return Amount{}, fmt.Errorf("%w: %q", ErrSyntax, text)
	}
	return a, invalid
}
