package money

import "strings"

// Currency is a code of ISO 4217: EUR.
type Currency string

// The currencies of ISO 4217 that people pay with, by how many digits their smallest unit has. Most have two.
const (
	without = `BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF`
	three   = `BHD IQD JOD KWD LYD OMR TND`
	two     = `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP
		CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
		KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
		PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
		TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW`
)

// currency returns how many digits the smallest unit has, and whether there is such a currency.
func currency(c Currency) (places int, known bool) {
	if len(c) != 3 || strings.ContainsAny(string(c), " \t\n") {
		return 0, false
	}
	for places, list := range map[int]string{0: without, 2: two, 3: three} {
		if strings.Contains(list, string(c)) {
			return places, true
		}
	}
	return 0, false
}
