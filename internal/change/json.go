package change

import (
	"encoding/json"
	"unicode/utf8"
)

// MarshalJSON writes the change for a program to read. The names are stable:
//
//	{"files": [{
//	    "path":      "compose.yaml",
//	    "from":      "docker-compose.yaml",   the path before the user moved it; left out if not moved
//	    "verdict":   "conflict",              a Verdict
//	    "reason":    "both changed these lines",
//	    "notice":    true,                    left out if false
//	    "notes":     ["..."],                 decisions within the file; left out if there are none
//	    "writes":    true,                    whether the file is written or removed
//	    "exec":      true,                    the bit after the change; left out if false
//	    "conflicts": [{                       left out if there are none
//	        "start": 12, "end": 18,           lines in the file as written; left out if it was left as it is
//	        "base": "", "ours": "", "theirs": "",   left out if not text
//	        "reason": "both changed these lines"
//	    }]
//	}]}
func (c Change) MarshalJSON() ([]byte, error) {
	rows := make([]fileJSON, len(c.Files))
	for i, f := range c.Files {
		rows[i] = f.json()
	}
	return json.Marshal(struct {
		Files []fileJSON `json:"files"`
	}{rows})
}

type fileJSON struct {
	Path      string         `json:"path"`
	From      string         `json:"from,omitempty"`
	Verdict   Verdict        `json:"verdict"`
	Reason    string         `json:"reason"`
	Notice    bool           `json:"notice,omitempty"`
	Notes     []string       `json:"notes,omitempty"`
	Writes    bool           `json:"writes"`
	Exec      bool           `json:"exec,omitempty"`
	Conflicts []conflictJSON `json:"conflicts,omitempty"`
}

type conflictJSON struct {
	Start  int     `json:"start,omitempty"`
	End    int     `json:"end,omitempty"`
	Base   *string `json:"base,omitempty"`
	Ours   *string `json:"ours,omitempty"`
	Theirs *string `json:"theirs,omitempty"`
	Reason string  `json:"reason"`
}

func (f File) json() fileJSON {
	row := fileJSON{
		Path: f.Path, From: f.From, Verdict: f.Verdict, Reason: f.Reason,
		Notice: f.Notice, Notes: f.Notes, Writes: f.Writes(), Exec: f.After != nil && f.After.Exec,
	}
	for _, c := range f.Conflicts {
		row.Conflicts = append(row.Conflicts, conflictJSON{
			Start: c.Start, End: c.End, Reason: c.Reason,
			Base: asText(c.Base), Ours: asText(c.Ours), Theirs: asText(c.Theirs),
		})
	}
	return row
}

func asText(data []byte) *string {
	if binary(data) || !utf8.Valid(data) {
		return nil
	}
	s := string(data)
	return &s
}
