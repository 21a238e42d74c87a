package money

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// euros makes an amount of cents.
func euros(cents int64) Amount { return Amount{cents, "EUR"} }

func TestAnAmountIsReadAsItIsWritten(t *testing.T) {
	for text, want := range map[string]Amount{
		"19.99 EUR": {1999, "EUR"}, "0.05 EUR": {5, "EUR"}, "-0.05 EUR": {-5, "EUR"}, "-12.00 USD": {-1200, "USD"},
		"5 JPY": {5, "JPY"}, "0 JPY": {0, "JPY"}, "1.234 KWD": {1234, "KWD"}, "90071992547409.91 EUR": {Max, "EUR"},
	} {
		got, err := Parse(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("%q: got %+v, %q, %v", text, got, got, err)
		}
	}
	for text, want := range map[string]error{
		"19.9 EUR": ErrSyntax, "19 EUR": ErrSyntax, "19.999 EUR": ErrSyntax, "5.0 JPY": ErrSyntax, "+1.00 EUR": ErrSyntax, "1.-1 EUR": ErrSyntax,
		"01.00 EUR": ErrSyntax, "1_0.00 EUR": ErrSyntax, "1e2.00 EUR": ErrSyntax, " EUR": ErrSyntax, ".10 EUR": ErrSyntax, "5. JPY": ErrSyntax,
		"-0.00 EUR": ErrSyntax, "1.00": ErrCurrency, "1.00 eur": ErrCurrency, "1.00 EURO": ErrCurrency, "1.00 R U": ErrCurrency,
		"90071992547409.92 EUR": ErrRange, "99999999999999999999.00 EUR": ErrRange,
	} {
		if got, err := Parse(text); !errors.Is(err, want) {
			t.Errorf("%q: got %+v, %v, want %v", text, got, err, want)
		}
	}
}

func TestWhatCannotBeCountedIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		do   func() (Amount, error)
		want error
	}{
		"two currencies":     {func() (Amount, error) { return euros(1).Add(Amount{1, "USD"}) }, ErrCurrency},
		"no currency":        {func() (Amount, error) { return New(1, "") }, ErrCurrency},
		"a sum too large":    {func() (Amount, error) { return euros(Max).Add(euros(1)) }, ErrRange},
		"a sum too small":    {func() (Amount, error) { return euros(-Max).Add(euros(-1)) }, ErrRange},
		"what is none":       {func() (Amount, error) { return euros(math.MaxInt64).Add(euros(math.MaxInt64)) }, ErrRange},
		"what was none":      {func() (Amount, error) { return euros(math.MinInt64).Add(euros(math.MinInt64)) }, ErrRange},
		"a product beyond":   {func() (Amount, error) { return euros(Max).Times(1 << 40) }, ErrRange},
		"a share of nothing": {func() (Amount, error) { return euros(1).Share(1, 0) }, ErrRange},
	} {
		if got, err := test.do(); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	for _, weights := range [][]int64{nil, {0, 0}, {2, -1}} {
		if got, err := euros(1).Allocate(weights...); !errors.Is(err, ErrRange) {
			t.Errorf("weights %v: got %v, %v", weights, got, err)
		}
	}
}

func TestHalvesAreRoundedToTheEvenUnit(t *testing.T) {
	for cents, want := range map[int64]int64{-3: -2, -1: 0, 1: 0, 3: 2, 5: 2, 7: 4} {
		if got, err := euros(cents).Share(1, 2); err != nil || got != euros(want) {
			t.Errorf("half of %d is %v, %v, want %d", cents, got, err, want)
		}
	}
	if tax, err := euros(1999).Share(19, 100); err != nil || tax != euros(380) { // 379.81
		t.Errorf("tax %v, %v", tax, err)
	}
}

func TestPartsAddUpToTheWhole(t *testing.T) {
	if diff := cmp.Diff([]Amount{euros(34), euros(33), euros(33)}, euros(100).Split(3)); diff != "" {
		t.Error(diff)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for range 10_000 {
		whole := euros(random.Int64N(2*Max) - Max)
		weights := make([]int64, 1+random.IntN(6))
		for i := range weights {
			weights[i] = 1 + random.Int64N(1<<random.IntN(62))
		}
		allocated, err := whole.Allocate(weights...)
		if err != nil {
			t.Fatal(err)
		}
		for name, parts := range map[string][]Amount{"allocate": allocated, "split": whole.Split(len(weights))} {
			sum := euros(0)
			for _, part := range parts {
				if sum, err = sum.Add(part); err != nil {
					t.Fatalf("%s %v by %v: %v", name, whole, weights, err)
				}
			}
			if sum != whole {
				t.Fatalf("%s %v by %v: %v add up to %v", name, whole, weights, parts, sum)
			}
		}
	}
}

func TestJSONHoldsTheLargestAmountExactly(t *testing.T) {
	b, err := json.Marshal(euros(Max))
	if diff := cmp.Diff(`{"minor":9007199254740991,"currency":"EUR"}`, string(b)); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	var double struct{ Minor float64 } // as a browser reads it
	if err := json.Unmarshal(b, &double); err != nil || int64(double.Minor) != Max {
		t.Errorf("got %v, %v", double, err)
	}
}
