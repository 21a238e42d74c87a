package id

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

type orderKind struct{}

func (orderKind) Prefix() string { return "order" }

func TestIDReadsWhatItWrites(t *testing.T) {
	made := Make[orderKind]()
	read, err := Parse[orderKind](made.String())
	if err != nil || read != made {
		t.Errorf("Parse(%s) = %v, %v", made, read, err)
	}
}

// The examples are those of the specification of TypeID.
func TestIDHasTheTextOfTheSpecification(t *testing.T) {
	for uuid, want := range map[string]string{
		"00000000-0000-0000-0000-000000000001": "order_00000000000000000000000001",
		"01890a5d-ac96-774b-bcce-b302099a8057": "order_01h455vb4pex5vsknk084sn02q",
		"ffffffff-ffff-ffff-ffff-ffffffffffff": "order_7zzzzzzzzzzzzzzzzzzzzzzzzz",
	} {
		u, err := ParseUUID(uuid)
		if err != nil {
			t.Fatal(err)
		}
		if got := FromUUID[orderKind](u).String(); got != want {
			t.Errorf("text of %s is %s, want %s", uuid, got, want)
		}
	}
}

func TestIDReadsNothingElse(t *testing.T) {
	for _, bad := range []string{
		"",
		"order_",
		"01h455vb4pex5vsknk084sn02q",
		"customer_01h455vb4pex5vsknk084sn02q",
		"ORDER_01h455vb4pex5vsknk084sn02q",
		"order_01H455VB4PEX5VSKNK084SN02Q",
		"order_01h455vb4pex5vsknk084sn02",
		"order_01h455vb4pex5vsknk084sn02qq",
		"order_01h455vb4pex5vsknk084sn02l",
		"order_01h455vb4pex5vsknk084sn02\n",
		"order_8zzzzzzzzzzzzzzzzzzzzzzzzz",
		"order_00000000000000000000000000",
		"order_01890a5d-ac96-774b-bcce-b302099a8057",
	} {
		if got, err := Parse[orderKind](bad); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", bad, got)
		}
	}
}

func TestIDsSortAsTextAsTheyDoAsBytes(t *testing.T) {
	ids := make([]ID[orderKind], 1000)
	for i := range ids {
		ids[i] = Make[orderKind]()
	}
	byBytes := slices.SortedFunc(slices.Values(ids), func(a, b ID[orderKind]) int {
		return bytes.Compare(a.uuid[:], b.uuid[:])
	})
	byText := slices.SortedFunc(slices.Values(ids), func(a, b ID[orderKind]) int {
		return strings.Compare(a.String(), b.String())
	})
	if !slices.Equal(byBytes, byText) {
		t.Error("the order of the text is not the order of the bytes")
	}
}

func TestIDIsAStringInJSON(t *testing.T) {
	type body struct {
		ID ID[orderKind] `json:"id"`
	}
	const text = `{"id":"order_01h455vb4pex5vsknk084sn02q"}`
	var b body
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(b); err != nil || string(again) != text {
		t.Errorf("JSON is %s, %v, want %s", again, err, text)
	}
	if out, err := json.Marshal(body{}); err == nil {
		t.Errorf("an ID that was never set is written as %s, want an error", out)
	}
}
